"""The outside world of fault tests: a small HTTP server that counts what it was asked to do."""

import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Receiver:
    """Counts the calls for each idempotency key, and carries each key out once.

    ``slow(key)`` says how long an answer takes *after* the call was carried out, ``status`` what
    it is.
    """

    def __init__(self, port=0):
        self.calls = Counter()
        self.slow = lambda key: 0
        self.status = 200
        self.at_work = self.most_at_work = 0
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", port), self._handler())
        self._server.daemon_threads = True
        self.port = self._server.server_port
        self.url = f"http://127.0.0.1:{self.port}/do"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self):
        """Stop answering."""
        self._server.shutdown()
        self._server.server_close()

    def act(self, key):
        """Carry a call out; return how long its answer takes."""
        with self._lock:
            self.calls[key] += 1
            self.at_work += 1
            self.most_at_work = max(self.most_at_work, self.at_work)
        return self.slow(key)

    def leave(self):
        """Note that an answer is about to go."""
        with self._lock:
            self.at_work -= 1

    def _handler(self):
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                self.rfile.read(int(self.headers.get("Content-Length") or 0))
                seconds = receiver.act(self.headers["Idempotency-Key"])
                time.sleep(seconds)
                # first: who has the answer may call again before this thread goes on
                receiver.leave()
                self._answer(receiver.status)

            def do_GET(self):
                key = self.path.rsplit("/", 1)[-1]
                self._answer(200 if receiver.calls[key] else 404)

            def _answer(self, status):
                try:
                    self.send_response(status)
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                except OSError:
                    # whoever asked is gone
                    return

            def log_message(self, *args):
                """Keep the log of the tests clean."""

        return Handler
