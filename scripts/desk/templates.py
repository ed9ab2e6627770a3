"""Cached template databases, so that a fresh database takes seconds.

Two tiers: a base with only what the suite needs from Odoo and the community, and on top of it the
suite. Their names carry a hash of what they depend on, so a change of an addon rebuilds the second
tier only. Both exist with and without demo data.
"""

import contextlib
import hashlib
import os

from . import addons, database
from .console import SetupError, exclusive, say
from .paths import CHECKOUT_ID
from .python_env import fingerprint

PREFIX = f"desk_{CHECKOUT_ID}"
# What the tests drive besides what the suite needs: the shop, the till, and a provider that pays in
# test mode.
TRIED_WITH = ("payment_demo", "pos_sale", "website_sale")


def base_key(source, ours, demo):
    """Hash of what the first tier depends on."""
    packages = (fingerprint("odoo.txt"), fingerprint("addons.txt"))
    parts = (source.identity, *packages, *_base_modules(ours, demo), str(demo))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]


def _base_modules(ours, demo):
    """What Odoo and the community give: people get what the suite needs, tests a little more."""
    needed = addons.foreign_dependencies(ours)
    return needed if demo else sorted({*needed, *TRIED_WITH})


def suite_key(source, ours, names, demo):
    """Hash of what the second tier depends on."""
    parts = (base_key(source, ours, demo), *sorted(names), str(addons.keys(names, ours)))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]


def ensure(desk, names=None, demo=False):
    """Name of a template with these addons of the repository (default: all), built if need be."""
    ours = addons.find()
    names = names or sorted(ours)
    kind = "demo" if demo else "plain"
    base = f"{PREFIX}_base_{kind}_{base_key(desk.source, ours, demo)}"
    suite = f"{PREFIX}_suite_{kind}_{suite_key(desk.source, ours, names, demo)}"
    with exclusive("templates", "Waiting for another command that prepares a database ..."):
        if not _is_ready(desk, suite):
            if not _is_ready(desk, base):
                _build_base(desk, base, _base_modules(ours, demo), demo)
            _build_suite(desk, base, suite, names, demo)
        _prune(desk, f"{PREFIX}_base_{kind}_", keep=1)
        _prune(desk, f"{PREFIX}_suite_{kind}_", keep=2)
    return suite


@contextlib.contextmanager
def temporary_clone(desk, purpose, names=None):
    """A database cloned from the template without demo data, dropped after the block."""
    with clone_of(desk.server, ensure(desk, names), purpose) as name:
        yield name


@contextlib.contextmanager
def clone_of(server, template, purpose):
    """A database cloned from this one for this process, dropped after the block."""
    _drop_orphans(server, purpose)
    name = f"{PREFIX}_{purpose}_{os.getpid()}"
    database.clone(server, template, name)
    try:
        yield name
    finally:
        database.drop(server, name)


def _is_ready(desk, name):
    """Whether the template is there and whole; half a one is dropped."""
    found = database.condition(desk.server, name)
    if found is database.Condition.READY:
        return True
    if found is not database.Condition.ABSENT:
        say(f"Dropping {name}: {found.value}.")
        database.drop(desk.server, name)
    return False


def _build_base(desk, base, modules, demo):
    say(f"Installing what the suite builds on {_told(demo)} (once, takes a few minutes) ...")
    database.create(desk.server, base)
    desk.install(base, install=modules or ["base"], demo=demo)
    database.set_marker(desk.server, base, state="ready", age=_next_age(desk))


def _build_suite(desk, base, suite, names, demo):
    say(f"Installing the suite {_told(demo)}: {', '.join(names)} ...")
    database.clone(desk.server, base, suite)
    desk.install(suite, install=names, demo=demo)
    failures = database.demo_failures(desk.server, suite) if demo else []
    ours = addons.find()
    broken = [f"{module}: {error}" for module, error in failures if module in ours]
    if broken:
        raise SetupError("Demo data could not be loaded:\n" + "\n".join(broken))
    database.set_marker(desk.server, suite, state="ready", age=_next_age(desk))


def _told(demo):
    return "with demo data" if demo else "without demo data"


def _next_age(desk):
    """A number that grows: younger templates outlive older ones."""
    markers = (database.marker(desk.server, name) for name in _all(desk.server, PREFIX))
    return 1 + max((marker.get("age", 0) for marker in markers), default=0)


def _all(server, prefix):
    return [name for name in database.names(server) if name.startswith(prefix)]


def _prune(desk, prefix, keep):
    """Drop all but the youngest templates of a kind."""
    names = _all(desk.server, prefix)
    ages = {name: database.marker(desk.server, name).get("age", 0) for name in names}
    for name in sorted(ages, key=ages.get, reverse=True)[keep:]:
        database.drop(desk.server, name)


def _drop_orphans(server, purpose):
    """Drop clones whose process did not live to drop them."""
    for name in _all(server, f"{PREFIX}_{purpose}_"):
        try:
            os.kill(int(name.rsplit("_", 1)[1]), 0)
        except ProcessLookupError:
            database.drop(server, name)
        except PermissionError:
            continue
