"""make run: a database with the suite and demo data, served until Ctrl-C."""

import re
import time
import urllib.error
import urllib.request

from . import (
    addons,
    audit_key,
    config,
    database,
    gateway_key,
    logins,
    odoo_process,
    odoo_source,
    ports,
    postgres,
    templates,
)
from .console import SetupError, say
from .database import Condition
from .odoo_process import Desk
from .paths import run_folder

DEFAULT_DATABASE = "exception_desk"
DEFAULT_PORT = "8069"
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,62}")
START_LIMIT = 180


def main(environ):
    """Serve the database DB on PORT with MODULES; FRESH=1 makes the database anew."""
    port, name = _port(environ), database_name(environ)
    ports.check_free(port)
    source = odoo_source.find(environ)
    say(f"Odoo 17: {source.home}")
    with postgres.available(environ) as server:
        desk = Desk(source, server)
        prepare(desk, name, environ.get("MODULES"), fresh=environ.get("FRESH") in ("1", "yes"))
        return _serve(desk, name, port)


def prepare(desk, name, modules=None, fresh=False):
    """See to it that the database is there, whole, and of the present code."""
    found = database.condition(desk.server, name)
    if found is Condition.FOREIGN_BROKEN and not fresh:
        raise SetupError(
            f"The database {name} cannot be served: {found.value}.\n"
            f"Choose another name (make run DB=...), or let it be replaced: "
            f"make run DB={name} FRESH=1"
        )
    if found is Condition.FOREIGN and not fresh:
        say(f"Serving {name} as it is: {found.value}.")
        return
    if fresh or found in (Condition.EMPTY, Condition.BUILDING):
        if found is not Condition.ABSENT:
            say(f"Dropping {name}: {'FRESH=1' if fresh else found.value}.")
            database.drop(desk.server, name)
        found = Condition.ABSENT
    if found is Condition.ABSENT:
        build(desk, name, modules)
    else:
        _bring_up_to_date(desk, name, modules)


def build(desk, name, modules, demo=True):
    """Make the database from the template of these modules."""
    ours = addons.find()
    names = addons.chosen(modules, ours)
    if not names:
        raise SetupError("There is no installable addon in this repository; set MODULES=.")
    template = templates.ensure(desk, names, demo)
    say(f"Making the database {name} ...")
    database.clone(desk.server, template, name)
    keys = addons.keys(names, ours)
    _mark_ready(desk, name, modules=modules or "", keys=keys, demo=demo)


def _bring_up_to_date(desk, name, modules):
    """Install addons that are missing and update those whose code changed."""
    marker = database.marker(desk.server, name)
    wish = modules or marker["modules"]
    ours = addons.find()
    names = addons.chosen(wish, ours)
    installed = database.installed_modules(desk.server, name)
    keys = addons.keys(installed.union(names), ours)
    missing = [each for each in names if each not in installed]
    changed = [
        each for each in installed.intersection(keys) if keys[each] != marker["keys"].get(each)
    ]
    if marker["state"] == "updating":
        say("An earlier update was interrupted: all addons of the suite are updated.")
        changed = installed.intersection(keys)
    if missing or changed:
        changed = sorted(changed)
        say(f"Updating {name}: {', '.join((*missing, *changed))} ...")
        database.set_marker(desk.server, name, **{**marker, "state": "updating"})
        desk.install(name, install=missing, update=changed, demo=marker["demo"])
    _mark_ready(desk, name, modules=wish, keys=keys, demo=marker["demo"])


def _mark_ready(desk, name, **values):
    """``modules`` is the wish (empty: all addons), ``keys`` the code it was installed from."""
    database.set_marker(desk.server, name, state="ready", **values)


def _serve(desk, name, port):
    """Start Odoo, tell where it is when it answers, and stay until it or the user ends."""
    audit = audit_key.options()
    conf = config.derive(
        "run",
        desk.source,
        desk.server,
        name,
        http_port=port,
        exception_core=audit,
        exception_gateway=gateway_key.options(),
    )
    url = f"http://127.0.0.1:{port}"
    database.set_address(desk.server, name, url)
    log = run_folder() / "odoo.log"
    say(f"Starting Odoo on port {port} (log: {log}) ...")
    with log.open("w") as out:
        command = odoo_process.odoo_command("-c", conf)
        with odoo_process.started(
            command, env=desk.environment(conf), stdout=out, stderr=out
        ) as child:
            wait_until_it_answers(child, f"{url}/web/login", log)
            say(f"\n{url} serves the database {name}.")
            for line in logins.table(database.logins(desk.server, name)):
                say(line)
            say("Ctrl-C stops it.")
            try:
                return child.wait()
            except KeyboardInterrupt:
                say("\nStopping ...")
                return 0


def wait_until_it_answers(child, url, log):
    """Return once the login page is served; that loads the database's registry, too."""
    deadline = time.monotonic() + START_LIMIT
    while time.monotonic() < deadline:
        if child.poll() is not None:
            end = "\n".join(log.read_text(errors="replace").splitlines()[-20:])
            raise SetupError(f"Odoo ended before it answered:\n{end}")
        try:
            with urllib.request.urlopen(url, timeout=START_LIMIT) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise SetupError(f"Odoo did not answer within {START_LIMIT} seconds. Its log: {log}")


def _port(environ):
    text = environ.get("PORT") or DEFAULT_PORT
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise SetupError(f"PORT={text} is not a port number.")
    return int(text)


def database_name(environ, default=DEFAULT_DATABASE):
    """The name in DB, refused if it cannot be one."""
    name = environ.get("DB") or default
    if not NAME.fullmatch(name) or name == "postgres" or name.startswith("template"):
        raise SetupError(f"DB={name} is not a name that a database of the desk can have.")
    return name
