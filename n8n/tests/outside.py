"""The outside world of the workflows: one small server for all systems, and signed senders."""

import http.client
import json
import threading
import time
import urllib.parse
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from standardwebhooks import Webhook


@dataclass(frozen=True)
class Request:
    """What arrived."""

    method: str
    path: str
    headers: dict
    body: object


class Outside:
    """Chat, mail, tickets, billing and the like; each is the first part of the path.

    ``answers[(method, path)]`` is the answer, ``(status, body)`` or a function of the request that
    returns it; else it is 200 and ``{}``.
    A system in ``down`` answers 503.
    """

    def __init__(self):
        self.requests, self.answers, self.down = [], {}, set()
        self._news = threading.Condition()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self):
        """Stop answering."""
        self._server.shutdown()
        self._server.server_close()

    def forget(self):
        """Begin anew: nothing arrived, everything answers."""
        with self._news:
            self.requests.clear()
            self.answers.clear()
            self.down.clear()

    def got(self, path, containing="", method="POST"):
        """Return what arrived at a path, as far as its content has these words."""
        with self._news:
            return [
                one
                for one in self.requests
                if one.method == method
                and one.path.split("?")[0] == path
                and containing in json.dumps(one.body)
            ]

    def wait_for(self, path, containing="", seconds=30, method="POST"):
        """Return the first request of a kind once it has arrived."""
        until = time.monotonic() + seconds
        while True:
            found = self.got(path, containing, method)
            if found:
                return found[0]
            left = until - time.monotonic()
            if left <= 0:
                what = [(one.method, one.path, one.body) for one in self.requests[-8:]]
                raise AssertionError(f"Nothing came to {path} with {containing!r}: {what}")
            with self._news:
                self._news.wait(min(left, 0.5))

    def _take(self, request):
        with self._news:
            self.requests.append(request)
            self._news.notify_all()
        if request.path.split("/")[1].split("?")[0] in self.down:
            return 503, {}
        answer = self.answers.get((request.method, request.path.split("?")[0]), (200, {}))
        return answer(request) if callable(answer) else answer

    def _handler(self):
        outside = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                try:
                    body = json.loads(raw) if raw else None
                except ValueError:
                    body = raw.decode(errors="replace")
                headers = {name.lower(): value for name, value in self.headers.items()}
                headers["raw"] = raw
                status, answer = outside._take(Request(self.command, self.path, headers, body))
                data = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            do_GET = do_POST

            def log_message(self, *args):
                """Keep the output of the tests clean."""

        return Handler


def send(url, secret, content, id=None, at=None, tamper=False):
    """Post signed as Standard Webhooks say; return the status.

    :param at: time stamp in seconds, where it is not now
    :param tamper: change the body after signing
    """
    id = id or f"msg_{uuid.uuid4().hex}"
    at = datetime.fromtimestamp(at or time.time(), tz=UTC)
    body = content if isinstance(content, str) else json.dumps(content)
    headers = {
        "Content-Type": "application/json",
        "webhook-id": id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(secret).sign(id, at, body),
    }
    return post(url, body + " " if tamper else body, headers)[0]


def post(url, body, headers=None, method="POST"):
    """Send a request as it is; return status and body."""
    parts = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=60)
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    try:
        connection.request(method, path, body.encode() if body else None, headers or {})
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()
