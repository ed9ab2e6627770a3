"""A served desk: Odoo with HTTP workers, a cron worker and queue_job's runner, to be killed."""

import contextlib
import os
import random
import re
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

import psutil

from desk import left_over
from desk.odoo_process import odoo_command
from desk.paths import ROOT

ALIVE = re.compile(r"Worker (\w+) \((\d+)\) alive")
HTTP, CRON, RUNNER = "WorkerHTTP", "WorkerCron", "WorkerJobRunner"
START_LIMIT = 120
# The bare route of the benchmarks is served as well, so that rates can be compared.
LOAD = "base,web,queue_job,exception_gateway,bench_bare_route"


class Server:
    """Odoo's master process and its workers, by kind."""

    def __init__(self, options, environ, log, workers=2, crons=1, runner=True, load=LOAD):
        """Prepare; ``options`` say which database and addons, as on Odoo's command line."""
        self.port = _free_port()
        self.log = Path(log)
        self._command = odoo_command(
            *options,
            f"--load={load}",
            f"--http-port={self.port}",
            f"--gevent-port={_free_port()}",
            "--http-interface=127.0.0.1",
            f"--workers={workers}",
            f"--max-cron-threads={crons}",
            "--log-handler=odoo.service.server:INFO",
        )
        self._environ = {
            **environ,
            # capacity 0: no runner at all
            "ODOO_QUEUE_JOB_CHANNELS": f"root:{int(runner)}",
            "ODOO_QUEUE_JOB_HOST": "127.0.0.1",
            "ODOO_QUEUE_JOB_PORT": str(self.port),
        }
        self._process = self._note = None

    @property
    def url(self):
        """Where it is served."""
        return f"http://127.0.0.1:{self.port}"

    def start(self):
        """Start it, and return once it answers."""
        with self.log.open("a") as out:
            self._process = subprocess.Popen(
                self._command,
                env=self._environ,
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
        self._note = left_over.note(self._process.pid)
        until = time.monotonic() + START_LIMIT
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > until:
                raise AssertionError(f"Odoo does not answer:\n{self.log.read_text()[-3000:]}")
            time.sleep(0.2)
        return self

    def _answers(self):
        try:
            with urllib.request.urlopen(f"{self.url}/web/login", timeout=30) as answer:
                return answer.status == 200
        except (urllib.error.URLError, OSError):
            return False

    def stop(self):
        """Kill all of it at once, as when the machine is switched off."""
        if self._process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._note.unlink(missing_ok=True)
        self._process = None

    def alive(self, kind):
        """Return the processes of the workers of a kind."""
        children = {child.pid: child for child in psutil.Process(self._process.pid).children()}
        found = {int(pid) for name, pid in ALIVE.findall(self.log.read_text()) if name == kind}
        return [children[pid] for pid in sorted(found & children.keys())]

    def kill(self, kind):
        """kill -9 one worker of a kind; the master starts another. Return how many were killed."""
        workers = self.alive(kind)
        if workers:
            random.choice(workers).kill()
        return len(workers[:1])

    def memory(self):
        """Return the largest resident memory of the HTTP workers, in MiB."""
        sizes = [0]
        for worker in self.alive(HTTP):
            with contextlib.suppress(psutil.NoSuchProcess):
                sizes.append(worker.memory_info().rss / 2**20)
        return max(sizes)


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
