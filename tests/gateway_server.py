"""The desk as it is served: HTTP workers in processes of their own, on a database of the test's."""

import http.client
import os
import tempfile
from pathlib import Path

from processes import server_options

from desk.paths import run_folder
from faults.server import HTTP, Server


class GatewayServer(Server):
    """Two HTTP workers, no jobs and no cron, and a client that says everything as it is told."""

    def __init__(self, dbname, **server):
        """Start it; ``server`` names another PostgreSQL server than the test's."""
        self._folder = tempfile.TemporaryDirectory(prefix="gateway-", dir=run_folder())
        super().__init__(
            server_options(dbname, **server),
            dict(os.environ),
            Path(self._folder.name) / "odoo.log",
            crons=0,
            runner=False,
            load="base,web,exception_gateway",
        )
        try:
            self.start()
        except AssertionError:
            self.close()
            raise

    def close(self):
        """Stop the server and its workers."""
        self.stop()
        self._folder.cleanup()

    def workers(self):
        """Return the processes that serve HTTP."""
        return self.alive(HTTP)

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
