"""One desk and one n8n for all tests of the templates, and the record of what was asserted."""

import datetime
import hashlib
import json
import os
import platform
from collections import defaultdict
from pathlib import Path

import pytest
from shop import Shop
from world import World

from desk import n8n_package

RESULTS = n8n_package.TEMPLATES / "tests" / "results.json"
_passed = defaultdict(list)


@pytest.fixture(scope="session")
def world():
    """The desk that is served, an n8n with all templates, and a server for everybody else."""
    world = World(os.environ["N8N_TEST_CONF"], os.environ["N8N_TEST_FOLDER"], _port())
    try:
        world.begin()
        yield world
    finally:
        world.close()


@pytest.fixture(scope="session")
def shop(world):
    """What a company has set up in the desk: orders, playbooks, an approver."""
    return Shop(world.rpc)


@pytest.fixture(autouse=True)
def _fresh_outside(world):
    world.outside.forget()


def _port():
    return int(os.environ["N8N_TEST_PORT"])


def pytest_runtest_logreport(report):
    """Note what was asserted, by template: each file tests the template that it names."""
    if report.when == "call" and report.passed:
        file, _, name = report.nodeid.partition("::")
        template = Path(file).stem.removeprefix("test_").replace("_", "-")
        _passed[template].append(name.removeprefix("test_").replace("_", " "))


def pytest_sessionfinish(session, exitstatus):
    """Write the result when everything was tested and everything passed."""
    whole = os.environ.get("N8N_TEST_WHOLE") and not session.config.option.keyword
    if exitstatus == 0 and whole and _passed:
        RESULTS.write_text(json.dumps(_result(), indent=2, ensure_ascii=False) + "\n")


def _result():
    import odoo.release

    templates = sorted(n8n_package.TEMPLATES.glob("*.json"))
    return {
        "date": datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "n8n": n8n_package.VERSION,
        "node": n8n_package.node_version(),
        "odoo": odoo.release.version,
        "python": platform.python_version(),
        "templates": {
            path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in templates
        },
        "asserted": {name: _passed[name] for name in sorted(_passed)},
    }
