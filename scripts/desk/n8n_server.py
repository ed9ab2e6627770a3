"""A running n8n: its environment, its owner, its table of seen messages, and our templates."""

import contextlib
import http.cookiejar
import json
import os
import secrets
import time
import urllib.error
import urllib.request

from . import n8n_package, odoo_process
from .console import SetupError, say

START_LIMIT = 120
BROWSER = "exception-desk"
SEEN_TABLE = "exception_seen"
OWNER = {"email": "owner@example.com", "firstName": "Desk", "lastName": "Owner"}
# It answers health checks before its workflows listen; this is said when they do.
READY = "Editor is now accessible"
# Nothing leaves this machine except what a workflow sends.
QUIET = {
    "N8N_DIAGNOSTICS_ENABLED": "false",
    "N8N_VERSION_NOTIFICATIONS_ENABLED": "false",
    "N8N_TEMPLATES_ENABLED": "false",
    "N8N_PERSONALIZATION_ENABLED": "false",
    "N8N_HIRING_BANNER_ENABLED": "false",
    "N8N_LICENSE_AUTO_RENEW_ENABLED": "false",
    "N8N_COMMUNITY_PACKAGES_ENABLED": "false",
}
# What the templates need of n8n.
NEEDED = {
    "NODE_FUNCTION_ALLOW_BUILTIN": "crypto",
    "N8N_BLOCK_ENV_ACCESS_IN_NODE": "false",
    "N8N_RUNNERS_ENABLED": "false",
}


class N8n:
    """One n8n with its own data folder (SQLite), on the loopback address.

    ``settings`` are the EXCEPTION_* variables that the templates read (n8n/README.md).
    """

    def __init__(self, folder, port, settings):
        self.folder, self.port, self.settings = folder, port, settings
        self.log = folder / "n8n.log"
        self._notes = folder / "desk.json"
        self._jar = http.cookiejar.CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self._jar))

    @property
    def url(self):
        """Where it is served."""
        return f"http://127.0.0.1:{self.port}"

    def prepare(self):
        """Make owner and table; import and activate the templates when they are new.

        What somebody changed in n8n stays until the templates themselves change.
        """
        n8n_package.ensure()
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if "seen_table" not in self._kept():
            say("Setting up n8n: its owner and the table of messages that were handled ...")
            self._keep(password=self._kept().get("password") or secrets.token_urlsafe(12) + "1A")
            with self.started():
                self.log_in()
                self._keep(seen_table=self._make_table())
        present = n8n_package.fingerprint()
        if self._kept().get("templates") != present:
            say("Importing the templates ...")
            self.command("import:workflow", "--separate", f"--input={n8n_package.TEMPLATES}")
            self.command("update:workflow", "--all", "--active=true")
            self._keep(templates=present)

    def environment(self):
        """What n8n runs with."""
        return {
            **os.environ,
            **QUIET,
            **NEEDED,
            "N8N_USER_FOLDER": str(self.folder),
            "N8N_LISTEN_ADDRESS": "127.0.0.1",
            "N8N_PORT": str(self.port),
            "N8N_SECURE_COOKIE": "false",
            "WEBHOOK_URL": f"{self.url}/",
            "DB_SQLITE_POOL_SIZE": "2",
            "GENERIC_TIMEZONE": "UTC",
            "EXCEPTION_SEEN_TABLE": self._kept().get("seen_table", ""),
            **self.settings,
        }

    def command(self, *arguments):
        """Run one of n8n's own commands to its end; return what it printed."""
        done = odoo_process.subprocess.run(
            [str(n8n_package.PROGRAM), *arguments],
            env=self.environment(),
            capture_output=True,
            text=True,
            timeout=START_LIMIT,
        )
        if done.returncode:
            raise SetupError(f"n8n {arguments[0]} failed:\n{done.stdout[-2000:]}{done.stderr}")
        return done.stdout

    @contextlib.contextmanager
    def started(self):
        """n8n for as long as the block lasts; gives its process."""
        with self.log.open("w") as out:
            command = [str(n8n_package.PROGRAM), "start"]
            with odoo_process.started(
                command, env=self.environment(), stdout=out, stderr=out
            ) as child:
                self._wait(child)
                yield child

    def log_in(self):
        """Become the owner of this n8n, who is made when there is none yet."""
        password = self._kept()["password"]
        if self.call("GET", "/rest/settings")["userManagement"]["showSetupOnFirstLoad"]:
            self.call("POST", "/rest/owner/setup", {**OWNER, "password": password})
        else:
            email = {"emailOrLdapLoginId": OWNER["email"], "password": password}
            self.call("POST", "/rest/login", email)

    def login(self):
        """E-mail address and password of the owner, for people."""
        return OWNER["email"], self._kept()["password"]

    def cookies(self):
        """Names and values of what a browser needs to be logged in."""
        return [(cookie.name, cookie.value) for cookie in self._jar]

    def call(self, method, path, body=None):
        """Call n8n's own interface as its editor does; return the ``data`` of the answer."""
        request = urllib.request.Request(
            self.url + path,
            method=method,
            data=json.dumps(body).encode() if body is not None else None,
            headers={"Content-Type": "application/json", "browser-id": BROWSER},
        )
        try:
            with self._opener.open(request, timeout=30) as answer:
                return json.load(answer).get("data")
        except urllib.error.HTTPError as error:
            said = error.read().decode(errors="replace")[:500]
            raise SetupError(f"n8n answered {error.code} to {method} {path}: {said}") from error

    def _make_table(self):
        project = self.call("GET", "/rest/projects/personal")["id"]
        tables = f"/rest/projects/{project}/data-tables"
        columns = [{"name": "message_id", "type": "string"}]
        return self.call("POST", tables, {"name": SEEN_TABLE, "columns": columns})["id"]

    def _wait(self, child):
        """Return when n8n answers and its workflows are active."""
        deadline = time.monotonic() + START_LIMIT
        while time.monotonic() < deadline:
            if child.poll() is not None:
                end = "\n".join(self.log.read_text(errors="replace").splitlines()[-20:])
                raise SetupError(f"n8n ended before it answered:\n{end}")
            if READY in self.log.read_text(errors="replace"):
                return
            time.sleep(0.3)
        raise SetupError(f"n8n did not answer within {START_LIMIT} seconds. Its log: {self.log}")

    def _kept(self):
        return json.loads(self._notes.read_text()) if self._notes.is_file() else {}

    def _keep(self, **values):
        kept = {**self._kept(), **values}
        with open(os.open(self._notes, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
            json.dump(kept, out)
