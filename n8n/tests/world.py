"""A desk, an n8n beside it and the outside world, all of them real and talking HTTP."""

import contextlib
import time
from configparser import RawConfigParser
from pathlib import Path

from outside import Outside, send

from desk import n8n_connect, n8n_server, odoo_process, serving

SYSTEMS = ("CHAT", "MAIL", "TICKET", "BILLING", "PROVISIONING", "STOREFRONT", "CARRIER")
# Quick waits between the desk's tries, so that nobody waits for them here.
WAITS = "2s, 3s, 5s, 10s, 20s, 30s, 30s, 30s"


class World:
    """Everything that takes part. Parts are stopped and started again by tests."""

    def __init__(self, conf, folder, n8n_port):
        parser = RawConfigParser()
        parser.read(conf)
        self.conf, self.folder, self._n8n_port = conf, Path(folder), n8n_port
        self.database = parser.get("options", "db_name")
        self.url = f"http://127.0.0.1:{parser.get('options', 'http_port')}"
        self.outside = Outside()
        self._desk, self._n8n = contextlib.ExitStack(), contextlib.ExitStack()

    def begin(self):
        """Start everything, and join desk and n8n as docs/integration.md tells people to."""
        self.start_desk()
        self.rpc = n8n_connect.Rpc(self.url, self.database, "admin", "admin")
        n8n_url = f"http://127.0.0.1:{self._n8n_port}"
        self.settings = n8n_connect.connect(self.rpc, n8n_url, waits=WAITS)
        systems = {f"EXCEPTION_{one}_URL": f"{self.outside.url}/{one.lower()}" for one in SYSTEMS}
        settings = {**self.settings, **systems, "EXCEPTION_MAIL_TO": "desk@example.com"}
        self.n8n = n8n_server.N8n(self.folder, self._n8n_port, settings)
        self.n8n.prepare()
        self._n8n.enter_context(self.n8n.started())

    def close(self):
        """Stop everything."""
        self._n8n.close()
        self._desk.close()
        self.outside.close()

    def start_desk(self):
        """Serve the desk; return when it answers."""
        log = self.folder / "odoo.log"
        out = self._desk.enter_context(log.open("a"))
        command = odoo_process.odoo_command("-c", self.conf)
        child = odoo_process.started(command, stdout=out, stderr=out)
        serving.wait_until_it_answers(self._desk.enter_context(child), f"{self.url}/web/login", log)

    def stop_desk(self):
        """Stop it for real: its process ends."""
        self._desk.close()

    # ------------------------------------------------------------------
    # who speaks
    # ------------------------------------------------------------------

    def hook(self, path):
        """The address of a workflow."""
        return f"{self.n8n.url}/webhook/exception-desk/{path}"

    def partner(self, path, content, **options):
        """Send as an outside system does; return the status that it is answered."""
        secret = options.pop("secret", self.settings["EXCEPTION_PARTNER_SECRET"])
        return send(self.hook(path), secret, content, **options)

    def desk(self, path, content, **options):
        """Send as the desk does, with the secret of one of its subscriptions."""
        secrets = self.settings["EXCEPTION_SUBSCRIPTION_SECRET"].split()
        return send(self.hook(path), options.pop("secret", secrets[0]), content, **options)

    # ------------------------------------------------------------------
    # what is looked at
    # ------------------------------------------------------------------

    def cases(self, type_code, reference):
        """Cases of a type on the record of this name."""
        found = self.rpc.find(
            "exception.case",
            [("type_id.code", "=", type_code), ("res_name", "=", reference)],
            *("name", "state", "outcome", "severity", "amount", "facts", "res_model"),
        )
        facts = ({fact["key"]: fact["value"] for fact in case["facts"] or []} for case in found)
        return [{**case, "facts": of_case} for case, of_case in zip(found, facts, strict=True)]

    def events(self, message_id):
        """What the desk has received under this id."""
        return self.rpc.find("exception.event", [("dedup_key", "=", message_id)], "state", "reason")

    def case(self, type_code, reference, seconds=60, **values):
        """The one case of a type on a record, once it is there and has these values."""

        def look():
            found = self.cases(type_code, reference)
            assert len(found) < 2, found
            return next((one for one in found if values.items() <= one.items()), None)

        return self.until(look, seconds, lambda: self.cases(type_code, reference))

    def until(self, look, seconds=60, told=lambda: None):
        """Return what ``look`` finds, once it finds something."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            with contextlib.suppress(ConnectionError):
                if found := look():
                    return found
            time.sleep(0.3)
        raise AssertionError(f"Not within {seconds} seconds; there is {told()}")
