"""n8n in a folder of its own: installed by npm, never a part of this repository."""

import hashlib
import json
import os
import shutil
import subprocess

from .console import SetupError, exclusive, say
from .paths import ROOT

VERSION = "1.123.81"
HOME = ROOT / ".n8n"
PROGRAM = HOME / "node_modules" / "n8n" / "bin" / "n8n"
TEMPLATES = ROOT / "n8n"
# n8n asks for 20.19 to 24; below, its own check refuses to start
OLDEST_NODE = (20, 19)
LIMIT = 20 * 60
PACKAGE = {
    "name": "exception-desk-n8n",
    "private": True,
    "dependencies": {"n8n": VERSION},
    # releases that are on no registry any more, or that do not build with Node.js 20
    "overrides": {
        "xlsx": "0.18.5",
        "isolated-vm": "5.0.4",
        "@langchain/langgraph-checkpoint": "1.0.0",
    },
}


def ensure():
    """Install n8n if this version is not there; returns nothing."""
    node_version()
    marker = HOME / ".installed"
    wanted = json.dumps(PACKAGE, indent=2) + "\n"
    if _is(marker, wanted):
        return
    with exclusive("n8n", "Waiting for another command that installs n8n ..."):
        if not _is(marker, wanted):
            _install(wanted)
            marker.write_text(wanted)


def fingerprint():
    """Hash of all templates."""
    digest = hashlib.sha256()
    for path in sorted(TEMPLATES.glob("*.json")):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def node_version():
    """The version of Node.js as a text.

    :raise SetupError: when there is none that n8n runs on
    """
    node = shutil.which("node")
    if not node or not shutil.which("npm"):
        raise SetupError("n8n needs Node.js 20.19 or newer with npm. Install it and try again.")
    text = subprocess.run([node, "--version"], capture_output=True, text=True).stdout.strip()
    numbers = tuple(int(part) for part in text.lstrip("v").split(".")[:2])
    if numbers < OLDEST_NODE:
        raise SetupError(f"n8n {VERSION} needs Node.js 20.19 or newer; {node} is {text}.")
    return text.lstrip("v")


def _is(marker, wanted):
    return PROGRAM.exists() and marker.is_file() and marker.read_text() == wanted


def _install(wanted):
    HOME.mkdir(mode=0o700, exist_ok=True)
    (HOME / "package.json").write_text(wanted)
    log = HOME / "npm.log"
    say(f"Installing n8n {VERSION} in {HOME} (once: 1.4 GB, three to ten minutes) ...")
    command = ["npm", "install", "--omit=optional", "--legacy-peer-deps", "--no-audit", "--no-fund"]
    with log.open("w") as out:
        try:
            code = subprocess.run(
                command,
                cwd=HOME,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                timeout=LIMIT,
                env={**os.environ, "CI": "true"},
            ).returncode
        except subprocess.TimeoutExpired:
            code = f"no end after {LIMIT // 60} minutes"
    if code:
        end = "\n".join(log.read_text(errors="replace").splitlines()[-15:])
        raise SetupError(f"n8n could not be installed ({code}):\n{end}\nThe whole log is in {log}")
