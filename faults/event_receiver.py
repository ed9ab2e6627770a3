"""The outside world of fault tests of events: one server, and a path for each bad habit."""

import json
import socket
import struct
import threading
import time
from collections import Counter, defaultdict
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from standardwebhooks.webhooks import Webhook, WebhookVerificationError


class EventReceiver:
    """Notes which message arrived where, in which order, and whether its signature is good.

    The first part of the path says how it answers: ``/ok``, ``/500``, ``/hang``, ``/reset``,
    ``/redirect``, ``/drip``, ``/huge``; ``pause`` is how long ``/ok`` takes.
    """

    def __init__(self):
        self.arrived = defaultdict(list)
        self.at_work, self.most_at_work = Counter(), Counter()
        self.forged = 0
        self.pause = 0.0
        self.secrets = {}
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self):
        """Stop answering."""
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()

    def url(self, path):
        """Return the address of a path."""
        return f"http://127.0.0.1:{self.port}/{path}"

    def ids(self, path):
        """Return the ids of the messages that arrived there, in order, repeated ones too."""
        return [payload["id"] for payload in self.arrived[path]]

    def by_case(self, path):
        """Return {case id: ids of its messages in the order of their first arrival}."""
        found = defaultdict(list)
        for payload in self.arrived[path]:
            ids = found[payload["data"]["case"]["id"]]
            if payload["id"] not in ids:
                ids.append(payload["id"])
        return found

    def _take(self, path, body, headers):
        with self._lock:
            try:
                Webhook(self.secrets[path]).verify(body, headers)
            except (KeyError, WebhookVerificationError):
                self.forged += 1
            self.arrived[path].append(json.loads(body))

    @contextmanager
    def _at_work(self, path):
        with self._lock:
            self.at_work[path] += 1
            self.most_at_work[path] = max(self.most_at_work[path], self.at_work[path])
        yield
        with self._lock:
            self.at_work[path] -= 1

    def _handler(self):
        return type("Handler", (_Handler,), {"receiver": self})


class _Handler(BaseHTTPRequestHandler):
    """One connection; a method for each path."""

    receiver = None

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        path = self.path.strip("/")
        self.receiver._take(path, body, dict(self.headers))
        with suppress(OSError):
            # whoever asked may be gone
            getattr(self, f"_{path.split('/')[0]}")()

    def do_GET(self):
        # nobody is sent here but by following a redirect
        self.receiver.arrived["followed"].append({"id": self.path})
        self._answer(200)

    def _ok(self):
        with self.receiver._at_work(self.path.strip("/")):
            time.sleep(self.receiver.pause)
        # who has the answer may send the next one before this thread goes on
        self._answer(200)

    def _500(self):
        self._answer(500, b"out of order")

    def _hang(self):
        self.receiver._closing.wait(30)

    def _reset(self):
        linger = struct.pack("ii", 1, 0)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.connection.close()

    def _redirect(self):
        self.send_response(302)
        self.send_header("Location", self.receiver.url("private"))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _drip(self):
        self.send_response(200)
        self.send_header("Content-Length", "10000")
        self.end_headers()
        while not self.receiver._closing.wait(0.2):
            self.wfile.write(b".")

    def _huge(self):
        self.send_response(200)
        self.send_header("Content-Length", str(10**10))
        self.end_headers()
        while not self.receiver._closing.is_set():
            self.wfile.write(b"x" * 10**6)

    def _answer(self, status, body=b""):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        """Keep the log of the tests clean."""
