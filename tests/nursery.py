"""An Odoo process that forks workers: each begins at once, and may be killed at any moment."""

import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from processes import server_options

PARENT = """
import json, os, signal, sys, traceback
import odoo
from odoo import sql_db
from odoo.tools import config
config.parse_config(json.loads(sys.argv[1]))
registry = odoo.registry(config["db_name"])
# connections must not be shared with workers
sql_db.close_all()
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
print("ready", flush=True)
for line in sys.stdin:
    body, pipe = json.loads(line)
    pid = os.fork()
    if pid:
        print(pid, flush=True)
        continue
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    out = os.open(pipe, os.O_WRONLY)
    scope, answer = {"odoo": odoo, "result": None}, {}
    try:
        with registry.cursor() as cr:
            scope["env"] = odoo.api.Environment(cr, odoo.SUPERUSER_ID, {})
            exec(body, scope)
        answer["result"] = scope["result"]
    except BaseException:
        answer["error"] = traceback.format_exc()
    os.write(out, (json.dumps(answer) + chr(10)).encode())
    os._exit(0)
"""


class Nursery:
    """Forks workers from one Odoo process, so that twenty of them do not take a minute."""

    def __init__(self, dbname, **server):
        """Start the process; ``server`` names another PostgreSQL server than the test's."""
        self._folder = tempfile.TemporaryDirectory()
        self._count = 0
        self._process = subprocess.Popen(
            [sys.executable, "-c", PARENT, json.dumps(server_options(dbname, **server))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        if "ready" not in self._process.stdout.readline():
            raise AssertionError("the process did not start")

    def close(self):
        """Stop the process; its workers are done or dead."""
        self._process.stdin.close()
        self._process.wait(10)
        self._process.stdout.close()
        self._folder.cleanup()

    def start(self, body):
        """Begin a piece of Python in a worker: ``env`` is a superuser's, ``result`` is returned."""
        self._count += 1
        pipe = Path(self._folder.name, str(self._count))
        os.mkfifo(pipe)
        end = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
        self._process.stdin.write(json.dumps([body, str(pipe)]) + "\n")
        self._process.stdin.flush()
        return Worker(int(self._process.stdout.readline()), end)

    def run(self, body, timeout=60):
        """Run a piece of Python in a worker; return its ``result``."""
        return self.start(body).wait(timeout)


class Worker:
    """One forked process. Its end of the pipe is open for as long as it lives."""

    def __init__(self, pid, end):
        self.pid = pid
        self._end = end

    def kill(self, after=0.0):
        """Kill it as ``kill -9`` does, unless it is done before; tell whether it was killed."""
        answer = self.read(after)
        if answer is None:
            os.kill(self.pid, signal.SIGKILL)
            self.read(10)
        os.close(self._end)
        return answer is None

    def wait(self, timeout=60):
        """Return its ``result``."""
        answer = self.read(timeout)
        os.close(self._end)
        if not answer:
            raise AssertionError("the worker died or does not end")
        if "error" in answer:
            raise AssertionError(answer["error"])
        return answer["result"]

    def read(self, seconds):
        """Return its answer, {} when it died without one, None when it is still at work."""
        until, text = time.monotonic() + seconds, b""
        opened = False
        while True:
            left = until - time.monotonic()
            ready, _w, _x = select.select([self._end], [], [], max(min(left, 0.05), 0))
            if ready:
                part = os.read(self._end, 65536)
                text += part
                if b"\n" in text:
                    return json.loads(text)
                opened = opened or bool(part)
                if not part and not self._lives():
                    return {}
            if left <= 0:
                return None

    def _lives(self):
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        return True
