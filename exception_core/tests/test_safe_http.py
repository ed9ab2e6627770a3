"""Calling addresses that people wrote into forms: real sockets, hostile servers."""

import gzip
import socket
import ssl
import threading
import time
from contextlib import contextmanager
from unittest.mock import patch

from odoo.tests import BaseCase

from ..tools import safe_http
from .hostile_server import Server, answering, certificate, looked_up, whole_request

PUBLIC = "93.184.216.34"


class TestSafeHttp(BaseCase):
    """One exchange with servers that mean no good."""

    @contextmanager
    def _server(self, serve):
        server = Server(serve)
        try:
            yield server
        finally:
            server.close()

    def _ask(self, server, path="/", **options):
        options = {"allow_private": True, "allow_http": True, "timeout": 2, **options}
        url = f"http://127.0.0.1:{server.port}{path}"
        return safe_http.exchange("POST", url, b'{"a": 1}', {"X-Own": "1"}, **options)

    def test_an_answer(self):
        with self._server(answering(202, "X-Said: yes\r\n", b"thank you")) as server:
            answer = self._ask(server, "/path?x=1")
        self.assertEqual((answer.status, answer.text), (202, "thank you"))
        self.assertEqual(answer.headers["x-said"], "yes")
        request = server.requests[0].decode()
        self.assertTrue(request.startswith("POST /path?x=1 HTTP/1.1\r\n"))
        self.assertIn(f"Host: 127.0.0.1:{server.port}\r\n", request)
        self.assertIn("X-Own: 1\r\n", request)
        self.assertTrue(request.endswith('\r\n\r\n{"a": 1}'))

    def test_private_addresses_are_refused_before_anything_is_sent(self):
        with self._server(answering()) as server:
            with self.assertRaises(safe_http.Refused):
                self._ask(server, allow_private=False)
            self.assertFalse(server.requests)

    def test_a_name_is_looked_up_once_and_the_connection_goes_there(self):
        """A name that leads to a public address first and to a private one next."""
        answers = [looked_up(PUBLIC), looked_up("127.0.0.1")]
        connected = []

        def connect(sock, address):
            connected.append(address)
            raise OSError("no way")

        with (
            patch.object(socket, "getaddrinfo", side_effect=lambda *a, **k: answers.pop(0)),
            patch.object(socket.socket, "connect", connect),
            self.assertRaises(safe_http.NotSent),
        ):
            safe_http.exchange("POST", "https://rebind.example.com/")
        self.assertEqual([address[0] for address in connected], [PUBLIC])
        self.assertEqual(len(answers), 1)

    def test_one_bad_address_among_good_ones(self):
        for bad in ("127.0.0.1", "169.254.169.254", "::ffff:10.0.0.1"):
            with (
                patch.object(socket, "getaddrinfo", return_value=looked_up(PUBLIC, bad)),
                patch.object(socket.socket, "connect") as connect,
                self.assertRaises(safe_http.Refused),
            ):
                safe_http.exchange("POST", "https://mixed.example.com/")
            connect.assert_not_called()

    def test_redirects_are_not_followed(self):
        with self._server(answering(302, "Location: http://127.0.0.1:1/\r\n", b"")) as server:
            self.assertEqual(self._ask(server).status, 302)
            self.assertEqual(len(server.requests), 1)

    def test_a_server_that_is_down(self):
        with socket.create_server(("127.0.0.1", 0)) as unused:
            url = f"http://127.0.0.1:{unused.getsockname()[1]}/"
        with self.assertRaises(safe_http.NotSent):
            safe_http.exchange("POST", url, allow_private=True, allow_http=True)

    def test_a_server_that_hangs(self):
        self._takes_no_longer(lambda connection: time.sleep(5))

    def test_a_server_that_drips(self):
        def drip(connection):
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\n")
            for _number in range(60):
                connection.sendall(b"x")
                time.sleep(0.1)

        self._takes_no_longer(drip)

    def test_a_server_that_drips_headers(self):
        def drip(connection):
            connection.sendall(b"HTTP/1.1 200 OK\r\n")
            for number in range(60):
                connection.sendall(f"X-{number}: y\r\n".encode())
                time.sleep(0.1)

        self._takes_no_longer(drip)

    def test_a_server_that_always_wants_more(self):
        def drip(connection):
            for _number in range(60):
                connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
                time.sleep(0.05)

        self._takes_no_longer(drip)

    def _takes_no_longer(self, serve):
        with self._server(serve) as server:
            began = time.monotonic()
            with self.assertRaises(safe_http.Broken):
                self._ask(server, timeout=1)
            self.assertLess(time.monotonic() - began, 2)

    def test_a_resolver_that_hangs(self):
        release = threading.Event()
        self.addCleanup(release.set)
        with (
            patch.object(socket, "getaddrinfo", side_effect=lambda *a, **k: release.wait(10)),
            self.assertRaises(safe_http.NotSent),
        ):
            began = time.monotonic()
            safe_http.exchange("POST", "https://slow.example.com/", timeout=0.5)
        self.assertLess(time.monotonic() - began, 2)

    def test_a_reset(self):
        def reset(connection):
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")

        with self._server(reset) as server, self.assertRaises(safe_http.Broken):
            self._ask(server)

    def test_nonsense(self):
        for nonsense in (b"hello\r\n\r\n", b"", b"HTTP/1.1 abc\r\n\r\n", b"\0" * 70000):
            with (
                self._server(lambda connection, it=nonsense: connection.sendall(it)) as server,
                self.assertRaises(safe_http.Broken),
            ):
                self._ask(server)

    def test_nonsense_is_repeated_as_text_that_can_be_stored(self):
        with (
            self._server(lambda connection: connection.sendall(b"\0\x01evil\r\n\r\n")) as server,
            self.assertRaises(safe_http.Broken) as caught,
        ):
            self._ask(server)
        self.assertTrue(str(caught.exception).isprintable())
        self.assertIn("evil", str(caught.exception))

    def test_of_a_huge_answer_the_beginning_is_read(self):
        sent = []

        def pour(connection):
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n")
            for _number in range(1000):
                connection.sendall(b"x" * 1_000_000)
                sent.append(1)

        with self._server(pour) as server:
            answer = self._ask(server)
        self.assertEqual(len(answer.text), 2048)
        self.assertLess(len(sent), 20)

    def test_endless_chunks(self):
        def pour(connection):
            connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            for _number in range(10_000):
                connection.sendall(b"400\r\n" + b"y" * 1024 + b"\r\n")

        with self._server(pour) as server:
            self.assertEqual(len(self._ask(server).text), 2048)

    def test_a_bomb_is_not_unpacked(self):
        bomb = gzip.compress(b"\0" * 10_000_000)
        headers = "Content-Encoding: gzip\r\n"
        with self._server(answering(200, headers, bomb)) as server:
            self.assertEqual(self._ask(server).text, "(compressed, not kept)")

    def test_bytes_that_are_no_text(self):
        with self._server(answering(200, "", b"a\0\xff\xfeb")) as server:
            self.assertEqual(self._ask(server).text, "a\ufffd\ufffdb")

    def test_a_header_that_none_can_be_is_not_quoted(self):
        with (
            self._server(answering()) as server,
            self.assertRaisesRegex(safe_http.Refused, "character") as caught,
        ):
            url = f"http://127.0.0.1:{server.port}/"
            secret = {"Authorization": "Bearer sk_live_1\nX: y"}
            safe_http.exchange("GET", url, headers=secret, allow_private=True, allow_http=True)
        self.assertNotIn("sk_live", repr(caught.exception))

    def test_headers_that_are_none(self):
        with self._server(answering()) as server:
            url = f"http://127.0.0.1:{server.port}/"
            options = {"allow_private": True, "allow_http": True}
            with self.assertRaises(safe_http.Refused):
                safe_http.exchange("POST", url, b"", {"X": "a\r\nY: b"}, **options)
            # what the sender says itself is not said for it
            safe_http.exchange(
                "POST", url, b"abc", {"host": "evil", "content-length": "0"}, **options
            )
        request = server.requests[-1].decode()
        self.assertEqual(request.lower().count("host:"), 1)
        self.assertNotIn("evil", request)
        self.assertTrue(request.endswith("abc"))


class TestSafeHttps(BaseCase):
    """Encrypted, to the server whose name was asked for."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.certificate = certificate("hooks.example.com")

    def _serve_tls(self, names):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate)
        context.sni_callback = lambda sock, name, ctx: names.append(name)
        listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(listener.close)
        requests = []

        def accept():
            while True:
                try:
                    raw, _address = listener.accept()
                    with context.wrap_socket(raw, server_side=True) as connection:
                        requests.append(whole_request(connection))
                        answering(200)(connection)
                except ssl.SSLError:
                    continue
                except OSError:
                    return

        threading.Thread(target=accept, daemon=True).start()
        return listener.getsockname()[1], requests

    def _ask(self, host, port, trust=True):
        context = ssl.create_default_context(cafile=self.certificate if trust else None)
        answer = [(*looked_up("127.0.0.1")[0][:4], ("127.0.0.1", port))]
        with (
            patch.object(socket, "getaddrinfo", return_value=answer),
            patch.object(safe_http, "tls_context", return_value=context),
        ):
            return safe_http.exchange(
                "POST", f"https://{host}:{port}/x", b"{}", allow_private=True, timeout=5
            )

    def test_the_name_is_asked_for_and_checked(self):
        names = []
        port, requests = self._serve_tls(names)
        self.assertEqual(self._ask("hooks.example.com", port).status, 200)
        self.assertEqual(names, ["hooks.example.com"])
        self.assertIn(f"Host: hooks.example.com:{port}".encode(), requests[0])

    def test_another_name_and_an_unknown_authority_are_not_trusted(self):
        port, requests = self._serve_tls([])
        for host, trust in (("other.example.com", True), ("hooks.example.com", False)):
            with self.assertRaises(safe_http.NotSent):
                self._ask(host, port, trust)
        self.assertFalse(requests)
