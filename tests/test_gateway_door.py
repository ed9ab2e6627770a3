"""The door on real HTTP: hostile requests, and PostgreSQL that stops and comes back."""

import json
import socket
import time
from contextlib import suppress

from gateway_faults import GatewayFaultCase
from gateway_server import GatewayServer

from odoo.tests import get_db_name, tagged
from odoo.tools import SQL

from desk.own_postgres import OwnPostgres

MIB = 1024 * 1024


class DoorCase(GatewayFaultCase):
    """Signs messages to the test's endpoint."""

    def sign(self, body):
        """Return the headers of a message, as its sender would post it."""
        with self.committed() as env:
            from odoo.addons.exception_gateway.schemes import registry

            endpoint = env["exception.event.endpoint"].browse(self.endpoint_ids)
            scheme = registry.get(endpoint.scheme)
            message = scheme.sign(body, self.secret, endpoint._settings(), time.time())
            return dict(message.headers)

    def path(self):
        """Return the address of the endpoint."""
        return f"/exception/v1/events/{self.tokens[0]}"


@tagged("post_install", "-at_install")
class TestGatewayDoor(DoorCase):
    """Whatever is sent: never 500, nothing forged is stored, and the workers stay as they are."""

    def setUp(self):
        super().setUp()
        self.server = GatewayServer(get_db_name())
        self.addCleanup(self.server.close)

    def _post(self, body, headers, path=None):
        return self.server.request("POST", path or self.path(), body, headers)[0]

    def test_hostile_requests(self):
        body = b'{"n": 1}'
        signed = self.sign(body)
        kind = ("Content-Type", "application/json")
        proof = ("X-Signature", signed["x-signature"])
        for words, expected, headers in (
            ("twice the same proof", 401, [kind, proof, proof]),
            ("a wrong one first", 401, [kind, ("X-Signature", "0" * 64), proof]),
            ("a wrong one last", 401, [kind, proof, ("X-Signature", "0" * 64)]),
            ("empty", 401, [kind, ("X-Signature", "")]),
            ("spaces", 401, [kind, ("X-Signature", "   ")]),
            ("not ASCII", 401, [kind, ("X-Signature", "é" * 64)]),
            ("very long", 401, [kind, ("X-Signature", "0" * 60_000)]),
            ("another name", 401, [kind, ("X_Signature_", signed["x-signature"])]),
            ("two types", 415, [kind, ("Content-Type", "text/plain"), proof]),
            ("length is no number", 400, [kind, proof, ("Content-Length", "8x")]),
            ("length below zero", 400, [kind, proof, ("Content-Length", "-8")]),
            ("length too large for a number", 400, [kind, proof, ("Content-Length", "9" * 40)]),
            ("two ways of saying the length", 411, [kind, proof, ("Transfer-Encoding", "chunked")]),
            ("unknown coding", 411, [kind, proof, ("Transfer-Encoding", "gzip, chunked")]),
            ("compressed", 415, [kind, proof, ("Content-Encoding", "gzip")]),
            ("cookie of nobody", 202, [kind, proof, ("Cookie", "session_id=" + "a" * 84)]),
            ("odd language", 200, [kind, proof, ("Accept-Language", "%s\xff;q=x")]),
        ):
            with self.subTest(words):
                self.assertEqual(self._post(body, headers), expected)
        self.assertEqual(self.states(), {"received": 1})

    def test_hostile_addresses(self):
        signed = self.sign(b"{}")
        for address in (
            "%00",
            "%ff%fe",
            "'%20OR%201=1--",
            "..%2f..%2fweb",
            "a" * 10_000,
            "%E2%98%83",
            "?x=1",
            "",
            "x/y",
            "%0d%0aX:1",
        ):
            with self.subTest(address[:30]):
                found = self._post(b"{}", signed, f"/exception/v1/events/{address}")
                # where no route matches, Odoo answers, some addons by a redirection
                self.assertIn(found, (301, 303, 404, 405))

    def test_large_and_broken_bodies(self):
        large = b'"' + b"x" * (10 * MIB) + b'"'
        self.assertEqual(self._post(large, self.sign(large)), 413)
        before = sum(one.memory_info().rss for one in self.server.workers())
        for _time in range(8):
            self._post(large, {"Content-Type": "application/json"})
        after = sum(one.memory_info().rss for one in self.server.workers())
        self.assertLess(after - before, 80 * MIB)
        for body in (b"[" * MIB, b'{"a":' * 100_000, b"\xff\x00" * 1000, b"9" * 100_000, b"null"):
            with self.subTest(body[:10]):
                self.assertEqual(self._post(body[: MIB - 1], self.sign(body[: MIB - 1])), 202)
        # the rest never comes
        with socket.create_connection(("127.0.0.1", self.server.port), timeout=60) as line:
            line.sendall(
                f"POST {self.path()} HTTP/1.1\r\nHost: localhost\r\n"
                "Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{".encode()
            )
            line.shutdown(socket.SHUT_WR)
            self.assertIn(b" 408 ", line.recv(1000).split(b"\r\n")[0])
        # nothing comes any more, and the line stays open
        with socket.create_connection(("127.0.0.1", self.server.port), timeout=60) as line:
            line.sendall(
                f"POST {self.path()} HTTP/1.1\r\nHost: localhost\r\n"
                "Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{".encode()
            )
            self.assertIn(line.recv(1000).split(b"\r\n")[0][9:12], (b"408", b""))
        self.assertEqual(self._post(b'{"n": 2}', self.sign(b'{"n": 2}')), 202)

    def test_what_is_answered_survives_the_worker(self):
        accepted = []
        for number in range(60):
            body = json.dumps({"n": number}).encode()
            if number % 20 == 10:
                self.server.workers()[0].kill()
            with suppress(OSError):
                if self._post(body, self.sign(body)) == 202:
                    accepted.append(body)
        self.assertGreater(len(accepted), 40)
        self.assertGreaterEqual(self.states()["received"], len(accepted))
        for body in accepted:
            self.assertEqual(self._post(body, self.sign(body)), 200)


@tagged("post_install", "-at_install")
class TestGatewayWithoutDatabase(DoorCase):
    """On a PostgreSQL of the test's own, which stops."""

    def setUp(self):
        super().setUp()
        self.postgres = OwnPostgres()
        self.addCleanup(self.postgres.close)
        self.postgres.start()
        self.postgres.copy(get_db_name())
        self.server = GatewayServer(get_db_name(), **self.postgres.options)
        self.addCleanup(self.server.close)

    def _post(self, number):
        body = json.dumps({"n": number}).encode()
        return self.server.request("POST", self.path(), body, self.sign(body))

    def _post_until_known(self, number):
        """As senders do: Odoo answers 500 for each idle connection that a crash has broken."""
        for _attempt in range(10):
            status = self._post(number)[0]
            if status < 500:
                break
        return status

    def test_the_database_goes_and_comes_back(self):
        """One test: the copy of the database takes longest."""
        self._stop_for_a_while()
        for crash in (1, 2):
            self._crash_after(range(crash * 100, crash * 100 + 30))

    def _stop_for_a_while(self):
        self.assertEqual([self._post(n)[0] for n in range(6)], [202] * 6)
        self.postgres.stop()
        for number in range(12):
            status, headers, _text = self._post(number)
            self.assertEqual((status, headers.get("Retry-After")), (503, "30"), number)
        self.postgres.start()
        statuses = [self._post(number)[0] for number in range(6, 18)]
        self.assertLessEqual(set(statuses), {202, 503})
        again = [self._post(number)[0] for number in range(18)]
        self.assertEqual(set(again[:6]), {200})
        self.assertLessEqual(set(again), {200, 202})
        query = SQL(
            "SELECT count(*) FROM exception_event WHERE endpoint_id = ANY(%s)", self.endpoint_ids
        )
        self.assertEqual(self.postgres.fetch(get_db_name(), query)[0]["count"], 18)

    def _crash_after(self, numbers):
        accepted = [number for number in numbers if self._post(number)[0] == 202]
        # at once: what is not on the disk by now is lost
        self.postgres.crash()
        self.assertGreater(len(accepted), 20)
        self.assertEqual({self._post_until_known(number) for number in accepted}, {200})
