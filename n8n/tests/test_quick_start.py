"""docs/integration.md is tried word for word: its blocks are run as they stand there."""

import os
import re
import socket
import subprocess
import sys
import time

import pytest

from desk.paths import ROOT

PAGE = (ROOT / "docs" / "integration.md").read_text()


def block(language, containing):
    """The block of the page in this language that has these words."""
    (found,) = (
        text
        for text in re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
        if containing in text
    )
    return found


@pytest.fixture
def environment(world, shop):
    settings = world.settings
    return {
        **os.environ,
        "URL": settings["EXCEPTION_ENDPOINT_URL"],
        "SECRET": settings["EXCEPTION_ENDPOINT_SECRET"],
        "ORDER": shop.order(),
    }


@pytest.mark.parametrize(
    ("program", "language", "words"),
    [(["sh", "-e", "-c"], "sh", "openssl"), ([sys.executable, "-c"], "python", "requests.post")],
    ids=["curl", "Python"],
)
def test_an_event_comes_in(world, environment, program, language, words):
    command = [*program, block(language, words)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
    assert done.stdout.split()[-1:] == ["202"], done
    case = world.case("carrier_delay", environment["ORDER"])
    assert case["facts"]["days"] == 2


def test_an_event_goes_out(world, tmp_path, environment):
    rpc = world.rpc
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    values = {"allow_private": True, "allow_http": True, "url": f"http://127.0.0.1:{port}/"}
    one = rpc("exception.subscription", "create", {"name": "Quick start", **values})
    secret = rpc("exception.subscription", "action_activate", [one])["context"]
    printed = tmp_path / "printed"
    with printed.open("w") as out:
        receiver = subprocess.Popen(
            [sys.executable, "-c", block("python", "BaseHTTPRequestHandler")],
            env={**environment, "SECRET": secret["exception_new_secret"], "PORT": str(port)},
            stdout=out,
            stderr=subprocess.DEVNULL,
        )
    try:
        _until_it_listens(port)
        rpc("exception.subscription", "action_ping", [one])
        world.until(lambda: "test.ping " in printed.read_text(), told=printed.read_text)
        command = ["sh", "-e", "-c", block("sh", "openssl")]
        subprocess.run(command, env=environment, check=True, capture_output=True)
        world.until(lambda: "case.opened " in printed.read_text(), told=printed.read_text)
    finally:
        receiver.kill()
        receiver.wait()
        rpc("exception.subscription", "action_pause", [one])


def _until_it_listens(port):
    for _try in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError("the receiver does not listen")
