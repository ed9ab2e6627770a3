"""A PostgreSQL server of our own, from the binaries that the pgserver package carries.

The binaries are driven directly, since pgserver's Python interface ties the server's life to one
Python process. One server serves run, test and bench alike: it keeps fsync on, because the
database of ``make run`` is somebody's work; waiting for the disk at each commit is what costs
time, and that is switched off (a crash may lose the last moments, never consistency).
"""

import contextlib
import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path

import psycopg2

from .console import SetupError, exclusive, say
from .paths import CHECKOUT_ID, EMBEDDED_PG, run_folder

ROLE = "odoo"
PORT = "5432"
SUPERUSER = "postgres"
LONGEST_SOCKET_FOLDER = 85  # the system allows 107 characters for the socket's whole path
SETTINGS = """
listen_addresses = ''
unix_socket_permissions = 0700
max_connections = 150
shared_buffers = 256MB
work_mem = 16MB
maintenance_work_mem = 128MB
synchronous_commit = off
wal_level = minimal
max_wal_senders = 0
max_wal_size = 4GB
checkpoint_timeout = 15min
"""


@contextlib.contextmanager
def running():
    """(host, port) of the server while the block lasts; the last user stops it."""
    users = run_folder() / "postgres-users"
    users.mkdir(exist_ok=True)
    mine = users / str(os.getpid())
    with exclusive("postgres", "Waiting for another command that starts PostgreSQL ..."):
        mine.touch()
        server = _Embedded()
        server.start()
    try:
        yield str(server.socket_folder), PORT
    finally:
        with exclusive("postgres", "Waiting for another command that stops PostgreSQL ..."):
            mine.unlink(missing_ok=True)
            if not _others(users):
                server.stop()


def stop_left_over():
    """Stop the server whoever uses it; say whether one was running."""
    shutil.rmtree(run_folder() / "postgres-users", ignore_errors=True)
    server = _Embedded()
    if not server.is_running():
        return False
    server.stop()
    return True


def _others(users):
    """Live processes that use the server; the entries of dead ones are dropped."""
    alive = []
    for entry in users.iterdir():
        if Path("/proc/self").exists() and not Path("/proc", entry.name).exists():
            entry.unlink()
        else:
            alive.append(entry.name)
    return alive


class _Embedded:
    """The data folder, the account it belongs to, and the server on it."""

    def __init__(self):
        self.account = _unprivileged_account() if os.geteuid() == 0 else None
        # Only located: importing the package would set up what we do not use.
        binaries = Path(importlib.util.find_spec("pgserver").origin).parent / "pginstall"
        if self.account and not self._can_reach(binaries, EMBEDDED_PG.parent):
            # PostgreSQL refuses to run as root, and another account cannot enter the checkout
            # (a folder below /root, say): keep data and binaries where it can.
            self.home = Path("/var/lib") / f"exception-desk-{CHECKOUT_ID}"
            self.home.mkdir(mode=0o755, exist_ok=True)
            self.binaries = self._copied(binaries)
        else:
            self.home = EMBEDDED_PG
            self.home.mkdir(exist_ok=True)
            self.binaries = binaries
        self.data = self.home / "data"
        self.log = self.home / "log"
        self.socket_folder = self._prepare_socket_folder()

    def start(self):
        """Make the data folder if there is none, start the server, and see to the role."""
        if not (self.data / "PG_VERSION").exists():
            self._initialise()
        if not self.is_running():
            self._check_version()
            say(f"Starting the embedded PostgreSQL (data in {self.home}) ...")
            socket = f"-k '{self.socket_folder}' -p {PORT}"
            command = ("start", "-w", "-t", "60", "-l", str(self.log), "-o", socket)
            self._run("pg_ctl", "-D", str(self.data), *command)
        self._create_role()

    def stop(self):
        """Stop without waiting for clients to leave."""
        self._run("pg_ctl", "-D", str(self.data), "stop", "-w", "-m", "fast", check=False)

    def is_running(self):
        """Whether a server runs on our data folder."""
        if not self.data.exists():
            return False
        return self._run("pg_ctl", "-D", str(self.data), "status", check=False).returncode == 0

    def _initialise(self):
        """initdb beside the final place, so that an interrupted one is never taken for whole."""
        say("Preparing the embedded PostgreSQL ...")
        fresh = self.home / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)
        self._own(self.home)
        options = ("-U", SUPERUSER, "-E", "UTF8", "--auth-local=trust", "--auth-host=reject")
        # Upper and lower case of all letters for ILIKE, byte order for sorting, as Odoo has it.
        done = self._run(
            "initdb",
            "-D",
            str(fresh),
            *options,
            "--lc-collate=C",
            "--lc-ctype=C.UTF-8",
            check=False,
        )
        if done.returncode:
            shutil.rmtree(fresh, ignore_errors=True)
            self._run("initdb", "-D", str(fresh), *options, "--locale=C")
        with (fresh / "postgresql.conf").open("a") as conf:
            conf.write(SETTINGS)
        fresh.rename(self.data)

    def _check_version(self):
        """The data folder must be of the binaries' major version."""
        has = (self.data / "PG_VERSION").read_text().strip()
        wants = self._run("postgres", "--version").stdout.split()[-1].split(".")[0]
        if has != wants:
            raise SetupError(
                f"The embedded database in {self.home} was made by PostgreSQL {has}; the installed "
                f"one is {wants}. Remove that folder to start afresh."
            )

    def _create_role(self):
        connection = psycopg2.connect(
            host=str(self.socket_folder), port=PORT, user=SUPERUSER, dbname="postgres"
        )
        connection.autocommit = True
        with contextlib.closing(connection), connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE])
            if not cursor.fetchone():
                cursor.execute(f"CREATE ROLE {ROLE} LOGIN CREATEDB")

    def _prepare_socket_folder(self):
        folder = self.home / "socket"
        if len(str(folder)) > LONGEST_SOCKET_FOLDER:
            folder = Path(tempfile.gettempdir()) / f"exception-desk-{CHECKOUT_ID}"
        folder.mkdir(mode=0o700, exist_ok=True)
        self._own(folder)
        return folder

    def _own(self, folder):
        if self.account:
            os.chown(folder, self.account.pw_uid, self.account.pw_gid)

    def _can_reach(self, *folders):
        """Whether the account may enter these folders."""
        script = " && ".join(f'test -x "${index}"' for index in range(1, len(folders) + 1))
        command = ["/bin/sh", "-c", script, "sh", *map(str, folders)]
        return subprocess.run(command, cwd="/", **self._as_account()).returncode == 0

    def _copied(self, binaries):
        """A copy of the package's binaries, and of the libraries that its wheel keeps beside it."""
        packages = binaries.parents[1]
        target = self.home / f"packages-{binaries.stat().st_mtime_ns}"
        if not target.exists():
            for old in self.home.glob("packages-*"):
                shutil.rmtree(old)
            partial = self.home / "packages-partial"
            for folder in (binaries, *packages.glob("pgserver.libs")):
                shutil.copytree(folder, partial / folder.relative_to(packages))
            partial.rename(target)
        return target / binaries.relative_to(packages)

    def _as_account(self):
        if not self.account:
            return {}
        return {"user": self.account.pw_uid, "group": self.account.pw_gid, "extra_groups": []}

    def _run(self, program, *arguments, check=True):
        """One of PostgreSQL's programs, as the account; its output is read only when it failed."""
        with tempfile.TemporaryFile("w+") as out:
            done = subprocess.run(
                [str(self.binaries / "bin" / program), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                cwd="/",
                env={**os.environ, "LC_ALL": "C", "TZ": "UTC"},
                **self._as_account(),
            )
            out.seek(0)
            done.stdout = out.read()
        if check and done.returncode:
            detail = done.stdout.strip() or "no output"
            if self.log.exists():
                detail += "\n" + "\n".join(self.log.read_text().splitlines()[-5:])
            raise SetupError(f"The embedded PostgreSQL failed ({program}): {detail}")
        return done


def _unprivileged_account():
    """The account the server runs under when we are root, which PostgreSQL refuses."""
    for name in ("postgres", "pgserver", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise SetupError(
        "PostgreSQL does not run as root and this system has no other account to run it under.\n"
        "Make one (useradd --system pgserver), or set PGHOST, PGPORT, PGUSER and PGPASSWORD."
    )
