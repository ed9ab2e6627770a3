"""A sender in a process of its own: it signs, sends, and sends again until it is answered.

Reads a JSON object from standard input (url, secret, messages, connections, patience), writes one
to standard output: what was answered, how often, and how long it took.
"""

import base64
import hashlib
import hmac
import http.client
import json
import queue
import sys
import threading
import time
from collections import Counter
from urllib.parse import urlsplit

# A sender gives up a message at last; a fault test fails then.
PAUSES = (0.02, 0.05, 0.1, 0.2, 0.5, 1)


class Line(threading.Thread):
    """One connection that is kept open, and sends what is next."""

    def __init__(self, job, waiting):
        super().__init__(daemon=True)
        self.job, self.waiting = job, waiting
        self.address = urlsplit(job["url"])
        self.secret = base64.b64decode(job["secret"].removeprefix("whsec_"))
        self.connection = None
        self.answers, self.seconds, self.acknowledged = Counter(), [], []

    def run(self):
        """Send until nothing is left."""
        while True:
            try:
                message = self.waiting.get_nowait()
            except queue.Empty:
                return
            self._deliver(message)

    def _deliver(self, message):
        body = json.dumps(message).encode()
        until = time.monotonic() + self.job["patience"]
        for attempt in range(1_000_000):
            begun = time.perf_counter()
            status = self._post(message["id"], body)
            self.answers[status] += 1
            if status in (200, 202):
                self.seconds.append(time.perf_counter() - begun)
                self.acknowledged.append(message["id"])
                return
            if time.monotonic() > until:
                return
            time.sleep(PAUSES[min(attempt, len(PAUSES) - 1)])

    def _post(self, ident, body):
        stamp = str(int(time.time()))
        signed = f"{ident}.{stamp}.".encode() + body
        signature = base64.b64encode(hmac.new(self.secret, signed, hashlib.sha256).digest())
        headers = {
            "Content-Type": "application/json",
            "webhook-id": ident,
            "webhook-timestamp": stamp,
            "webhook-signature": f"v1,{signature.decode()}",
        }
        try:
            if self.connection is None:
                self.connection = http.client.HTTPConnection(self.address.netloc, timeout=30)
            self.connection.request("POST", self.address.path, body, headers)
            answer = self.connection.getresponse()
            answer.read()
            if answer.will_close:
                self._hang_up()
            return answer.status
        except (OSError, http.client.HTTPException):
            self._hang_up()
            return 0

    def _hang_up(self):
        if self.connection:
            self.connection.close()
        self.connection = None


def main():
    """Send all messages of the job, and tell."""
    job = json.load(sys.stdin)
    waiting = queue.Queue()
    for message in job["messages"]:
        waiting.put(message)
    lines = [Line(job, waiting) for _number in range(job["connections"])]
    begun = time.monotonic()
    for line in lines:
        line.start()
    for line in lines:
        line.join()
    answers = sum((line.answers for line in lines), Counter())
    json.dump(
        {
            "took": time.monotonic() - begun,
            "answers": {str(status): count for status, count in answers.items()},
            "seconds": sorted(second for line in lines for second in line.seconds),
            "acknowledged": [ident for line in lines for ident in line.acknowledged],
        },
        sys.stdout,
    )


if __name__ == "__main__":
    main()
