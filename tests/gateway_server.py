"""The desk as it is served: HTTP workers in processes of their own, on a database of the test's."""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import time

import psutil
from processes import server_options

from desk.odoo_process import odoo_command

START_LIMIT = 120


class GatewayServer:
    """An Odoo server with two HTTP workers, and a client that says everything as it is told."""

    def __init__(self, dbname, workers=2, load="base,web,exception_gateway", **server):
        """Start it; ``server`` names another PostgreSQL server than the test's."""
        self.port = _free_port()
        options = [
            *server_options(dbname, **server),
            f"--load={load}",
            f"--workers={workers}",
            "--http-interface=127.0.0.1",
            f"--http-port={self.port}",
            f"--gevent-port={_free_port()}",
            "--max-cron-threads=0",
            "--log-level=critical",
        ]
        self._process = subprocess.Popen(
            odoo_command(*options),
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._wait_until_it_answers()

    def _wait_until_it_answers(self):
        deadline = time.monotonic() + START_LIMIT
        while time.monotonic() < deadline and self._process.poll() is None:
            with contextlib.suppress(OSError):
                if self.request("GET", "/web/login")[0] == 200:
                    return
            time.sleep(0.2)
        self.close()
        raise AssertionError("the server did not start")

    def close(self):
        """Stop the server and its workers."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(10)

    def workers(self):
        """Return the processes that serve HTTP."""
        children = psutil.Process(self._process.pid).children()
        return [one for one in children if "gevent" not in one.cmdline()]

    def request(self, method, path, body=None, headers=None):
        """Send a request as it stands; return status, headers and text of the answer.

        ``headers`` is a dict, or a list of pairs where one comes twice.
        """
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.putrequest(method, path)
            given = list(headers.items()) if isinstance(headers, dict) else list(headers or ())
            for name, value in given:
                connection.putheader(name, value)
            if body is not None and not any(name.lower() == "content-length" for name, _v in given):
                connection.putheader("Content-Length", str(len(body)))
            connection.endheaders()
            if body:
                connection.send(body)
            answer = connection.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read().decode()
        finally:
            connection.close()


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
