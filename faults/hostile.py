"""Scenarios in which senders are not who they say, or send what nobody can read."""

import base64
import gzip
import hashlib
import hmac
import http.client
import json
import socket
import time
import uuid
from collections import Counter

from odoo.tools import SQL

from .outcome import Outcome

# What a message that is not wanted may be answered.
POLITE = {400, 401, 405, 408, 411, 413, 415, 429}
# MiB that a worker may be larger after the last message than when it had warmed up. Python gives
# little back to the system, so some of it comes and goes; 10,000 messages that are kept would show.
GROWTH = 48
ORDINARY = b'{"type": "order.failed", "order": "hostile", "id": "%d", "at": 1}'


class Attacker:
    """Builds requests by hand, so that nothing is put right on the way."""

    def __init__(self, world, server):
        self.world, self.server = world, server
        self.path = f"/exception/v1/events/{world.token}"

    def signed(self, body, ident=None, stamp=None, secret=None):
        """Return the headers of a message; each part can be somebody else's."""
        ident = ident or f"hostile-{uuid.uuid4().hex}"
        stamp = str(int(time.time() if stamp is None else stamp))
        key = base64.b64decode((secret or self.world.secret).removeprefix("whsec_"))
        digest = hmac.new(key, f"{ident}.{stamp}.".encode() + body, hashlib.sha256).digest()
        return {
            "Content-Type": "application/json",
            "webhook-id": ident,
            "webhook-timestamp": stamp,
            "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
        }

    def forgeries(self, body):
        """Return functions that each give headers that prove nothing."""
        wrong = "whsec_" + base64.b64encode(b"somebody else's secret").decode()
        right = self.signed(body, ident="forged-0")
        return [
            lambda: self.signed(body, secret=wrong),
            lambda: self.signed(body, stamp=time.time() - 3600),
            lambda: self.signed(body, stamp=time.time() + 3600),
            lambda: {**right, "webhook-id": f"forged-{uuid.uuid4().hex}"},
            lambda: {**right, "webhook-signature": ""},
            lambda: {"Content-Type": "application/json"},
            lambda: {**right, "webhook-signature": "v1," + "A" * 44},
            lambda: {**right, "webhook-timestamp": "٣"[:1].encode().decode("latin-1")},
        ]

    def post(self, body, headers):
        """Post; return the status, 0 when there is no answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=60)
        try:
            connection.request("POST", self.path, body, headers)
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            connection.close()

    def raw(self, request):
        """Send bytes as they are; return the status, 0 when there is no answer."""
        with socket.create_connection(("127.0.0.1", self.server.port), timeout=30) as line:
            line.sendall(request)
            try:
                words = line.recv(200).split(b" ", 2)
            except OSError:
                return 0
        return int(words[1]) if len(words) > 1 else 0


def forged(world, count):
    """Forged and stale messages: none is stored, and memory does not grow."""
    server = world.serve()
    attacker = Attacker(world, server)
    body = json.dumps({"id": "forged", "type": "order.failed", "order": "forged", "at": 1}).encode()
    ways = attacker.forgeries(body)
    answers, warm = Counter(), 0
    for number in range(count):
        answers[attacker.post(body, ways[number % len(ways)]())] += 1
        if number == count // 5:
            warm = server.memory()
    grown = server.memory() - warm
    stored = world.fetch(
        SQL("SELECT count(*) AS n FROM exception_event WHERE dedup_key LIKE '%%forged-%%'")
    )[0]["n"]
    counts = {
        "sent": count,
        "forged": stored + sum(n for status, n in answers.items() if status in (200, 202)),
        "errors": sum(n for status, n in answers.items() if status not in POLITE)
        + (grown > GROWTH),
    }
    server.stop()
    notes = [f"answers {dict(answers)}", f"memory of a worker {grown:+.0f} MiB"]
    return Outcome("forged and stale", counts, notes)


def bodies(world, rounds=10):
    """Contents that nobody can read, signed rightly: a dead letter, or refused; never an error."""
    server = world.serve()
    attacker = Attacker(world, server)
    contents = _contents()
    answers, warm = Counter(), 0
    for number in range(rounds):
        for name, body in contents.items():
            headers = attacker.signed(body)
            if name == "gzip bomb":
                headers["Content-Encoding"] = "gzip"
            answers[attacker.post(body, headers)] += 1
        for kind in ("text/html", "application/x-www-form-urlencoded", "multipart/form-data", ""):
            answers[
                attacker.post(ORDINARY % 8, {**attacker.signed(ORDINARY % 8), "Content-Type": kind})
            ] += 1
        for request in _broken_requests(attacker, ORDINARY % 9):
            answers[attacker.raw(request)] += 1
        warm = warm if number else server.memory()
    grown = server.memory() - warm
    world.wait_until_done("hostile", seconds=90)
    waiting = world.fetch(
        SQL(
            "SELECT count(*) AS n FROM exception_event WHERE dedup_key LIKE '%%hostile-%%'"
            " AND state NOT IN ('dead', 'done', 'ignored')"
        )
    )[0]["n"]
    errors = sum(n for status, n in answers.items() if status >= 500 or status == 0)
    errors += grown > GROWTH
    counts = {"sent": sum(answers.values()), "errors": errors, "unfinished": waiting}
    server.stop()
    notes = [f"answers {dict(answers)}", f"memory of a worker {grown:+.0f} MiB"]
    return Outcome("contents that nobody can read", counts, notes)


def _contents():
    """Return {what is wrong with it: content}."""
    return {
        "empty": b"",
        "10 MiB": b'{"a": "' + b"x" * (10 << 20) + b'"}',
        "deep": b"[" * 100_000 + b"]" * 100_000,
        "deep objects": b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
        "invalid UTF-8": b'{"type": "order.failed", "order": "\xff\xfe", "id": "u", "at": 1}',
        "duplicate keys": b'{"type": "a", "type": "order.failed", "id": "d", "id": "e"}',
        "huge number": b'{"type": "order.failed", "order": "h", "id": "n", "at": 1e999999}',
        "long number": b'{"type": "order.failed", "id": "l", "at": ' + b"9" * 5000 + b"}",
        "NaN": b'{"type": "order.failed", "order": NaN, "id": "nan", "at": Infinity}',
        "NUL": b'{"type": "order.failed", "order": "a\\u0000b", "id": "nul", "at": 1}',
        "surrogate": b'{"type": "order.failed", "order": "\\ud800", "id": "sur", "at": 1}',
        "not JSON": b"<xml/>",
        "a number": b"42",
        "null": b"null",
        "gzip bomb": gzip.compress(b"0" * (50 << 20)),
        "plain": ORDINARY % 7,
    }


def _broken_requests(attacker, body):
    """Requests that break the rules of HTTP or of the route."""
    headers = attacker.signed(body)
    lines = [f"{name}: {value}" for name, value in headers.items()]
    length, host = f"Content-Length: {len(body)}", "Host: localhost"

    def request(method, *given):
        head = "\r\n".join((f"{method} {attacker.path} HTTP/1.1", host, *given, "", ""))
        return head.encode() + body

    return [
        # no length
        request("POST", *lines, "Connection: close"),
        # chunks
        request("POST", *lines, "Transfer-Encoding: chunked"),
        # a header that comes twice
        request("POST", *lines, lines[-1], length),
        request("POST", *lines, "webhook-id: another", length),
        # other methods
        request("GET", *lines, length),
        request("PUT", *lines, length),
        request("DELETE", *lines, length),
        # a length that is none
        request("POST", *lines, "Content-Length: -5"),
        request("POST", *lines, "Content-Length: many"),
    ]
