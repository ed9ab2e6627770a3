"""make n8n: n8n beside the desk of make run, with the templates imported and both joined."""

import json
import os

from . import n8n_connect, n8n_package, n8n_pictures, ports
from .console import SetupError, say
from .n8n_server import N8n
from .serving import DEFAULT_DATABASE

DEFAULT_PORT = "5678"
DESK = "http://127.0.0.1:8069"
# Addresses that only you know: where the workflows send to.
OTHERS = ("CHAT", "MAIL", "TICKET", "BILLING", "PROVISIONING", "STOREFRONT", "CARRIER")


def main(environ):
    """Serve n8n on N8N_PORT beside the desk at DESK with the database DB, until Ctrl-C."""
    port = int(environ.get("N8N_PORT") or DEFAULT_PORT)
    ports.check_free(port)
    n8n_package.ensure()
    folder = n8n_package.HOME / "data"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = folder / "settings.json"
    n8n = N8n(folder, port, {})
    n8n.settings = _settings(environ, file, n8n.url)
    n8n.prepare()
    with n8n.started() as child:
        _tell(n8n, file)
        try:
            return child.wait()
        except KeyboardInterrupt:
            say("\nStopping ...")
            return 0


def pictures():
    """make n8n-pictures: take the pictures of the workflows anew."""
    n8n_package.ensure()
    (port,) = ports.free(1)
    n8n = N8n(n8n_package.HOME / "pictures", port, {})
    n8n.prepare()
    with n8n.started():
        n8n_pictures.take(n8n)


def _settings(environ, file, url):
    """What n8n needs to know; made once, by joining the desk, and kept for people to edit."""
    if not file.is_file():
        desk = environ.get("DESK") or DESK
        login, password = environ.get("LOGIN") or "admin", environ.get("PASSWORD") or "admin"
        try:
            rpc = n8n_connect.Rpc(desk, environ.get("DB") or DEFAULT_DATABASE, login, password)
        except OSError as error:
            raise SetupError(
                f"No desk answers at {desk} ({error}).\nStart one first (make run), or name yours: "
                "make n8n DESK=https://... DB=name LOGIN=... PASSWORD=..."
            ) from error
        say(f"Joining {desk}: an endpoint, subscriptions, a technical user ...")
        settings = n8n_connect.connect(rpc, url)
        _ask_second_person(desk, rpc.database)
        others = {f"EXCEPTION_{name}_URL": "" for name in OTHERS}
        _write(file, {**settings, **others, "EXCEPTION_MAIL_TO": ""})
    return json.loads(file.read_text())


def _ask_second_person(desk, database):
    """Who draws tokens is decided by two: in the demo its administrator agrees."""
    try:
        second = n8n_connect.Rpc(desk, database, "administrator", "administrator")
        n8n_connect.agree(second)
    except SetupError:
        say("A second administrator has to agree that middleware draws decision tokens: Exceptions")
        say("→ Configuration → Changes that wait. Until then approvals are not asked in the chat.")


def _write(file, settings):
    with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        json.dump(settings, out, indent=2)


def _tell(n8n, file):
    email, password = n8n.login()
    desk = n8n.settings["EXCEPTION_DESK_URL"]
    say(f"\n{n8n.url} serves n8n, joined to {desk}.")
    say(f"Log in as {email} with the password {password}")
    say(f"Where the workflows send to (chat, mail, tickets ...), and all secrets: {file}")
    say("Change it and start again. To join anew, delete it. Ctrl-C stops n8n.")
