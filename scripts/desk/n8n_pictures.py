"""Pictures of the workflows, taken of n8n's own editor by a browser without a window."""

import base64
import contextlib
import json
import shutil
import subprocess
import tempfile
import time
import urllib.request

import websocket

from . import chromium, n8n_package, n8n_server
from .console import SetupError, say

LIMIT = 60
# Shown in the editor beside the canvas; a picture needs neither.
HIDDEN = (
    "#sidebar, #header, [data-test-id='canvas-controls'], .vue-flow__minimap, "
    "[class*='trialBanner'], [class*='executionButtons'], #content > header, "
    "[class*='nodeButtonsWrapper'], [class*='logs'], footer { display: none !important }"
)
FITS = "document.querySelector(\"[data-test-id='zoom-to-fit']\")?.click()"
DRAWN = "document.querySelectorAll('.vue-flow__node').length"


def take(n8n):
    """Write a picture of each template beside it; the n8n has to run."""
    n8n.log_in()
    with _browser() as page:
        for name, value in n8n.cookies():
            page.ask("Network.setCookie", name=name, value=value, url=n8n.url)
        # the editor has to say that it is who has logged in
        known = f"localStorage.setItem('n8n-browserId', {json.dumps(n8n_server.BROWSER)})"
        page.ask("Page.addScriptToEvaluateOnNewDocument", source=known)
        for path in sorted(n8n_package.TEMPLATES.glob("*.json")):
            template = json.loads(path.read_text())
            page.ask("Page.navigate", url=f"{n8n.url}/workflow/{template['id']}")
            _until(lambda template=template: page.value(DRAWN) >= len(template["nodes"]))
            picture = path.with_suffix(".png")
            picture.write_bytes(_shot(page))
            say(f"Wrote {picture.name}")


def _shot(page):
    page.value("document.head.append(document.createElement('style'))")
    page.value(f"document.head.lastChild.textContent = {json.dumps(HIDDEN)}")
    time.sleep(1)
    page.value(FITS)
    time.sleep(2)
    return base64.b64decode(page.ask("Page.captureScreenshot", format="png")["data"])


def _until(look):
    deadline = time.monotonic() + LIMIT
    while time.monotonic() < deadline:
        if look():
            return
        time.sleep(0.3)
    raise SetupError("n8n's editor did not draw the workflow in time.")


@contextlib.contextmanager
def _browser():
    program = chromium.find()
    if not program:
        raise SetupError("Pictures need a Chromium; set CHROMIUM= to one.")
    folder = tempfile.mkdtemp(prefix="n8n-pictures-")
    command = [
        *(program, "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"),
        *("--remote-debugging-port=0", "--remote-allow-origins=*"),
        *(f"--user-data-dir={folder}", *chromium.QUIET, "about:blank"),
    ]
    child = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        line = ""
        while "DevTools listening" not in line:
            line = child.stderr.readline()
            if not line:
                raise SetupError("Chromium ended before it could be spoken to.")
        port = line.rsplit(":", 1)[1].split("/")[0]
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/json", timeout=10) as answer:
            page = next(one for one in json.load(answer) if one["type"] == "page")
        with contextlib.closing(
            websocket.create_connection(page["webSocketDebuggerUrl"], timeout=LIMIT)
        ) as socket:
            yield _Page(socket)
    finally:
        child.terminate()
        child.wait(10)
        shutil.rmtree(folder, ignore_errors=True)


class _Page:
    """A page of the browser, by its debugging protocol."""

    def __init__(self, socket):
        self._socket, self._number = socket, 0
        self.ask("Page.enable")
        self.ask("Network.enable")
        size = {"width": 1900, "height": 760, "deviceScaleFactor": 1, "mobile": False}
        self.ask("Emulation.setDeviceMetricsOverride", **size)

    def ask(self, method, **params):
        """Send a command; return its result."""
        self._number += 1
        self._socket.send(json.dumps({"id": self._number, "method": method, "params": params}))
        while True:
            said = json.loads(self._socket.recv())
            if said.get("id") == self._number:
                return said.get("result", {})

    def value(self, expression):
        """The value of an expression in the page."""
        found = self.ask("Runtime.evaluate", expression=expression, returnByValue=True)
        return found.get("result", {}).get("value") or 0
