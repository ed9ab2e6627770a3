"""What a database depends on, and so when a cached one is made anew."""

import pytest

from desk import addons


@pytest.fixture
def repository(tmp_path):
    """Two addons, one in each addons path; the vertical builds on the bridge."""
    files = {
        "exception_shop/__manifest__.py": "{'depends': ['exception_bridge', 'website_sale']}",
        "exception_shop/models/order.py": "FIELD = 1",
        "exception_shop/data/types.xml": "<odoo/>",
        "exception_shop/tests/test_order.py": "",
        "exception_shop/static/src/queue.js": "",
        "exception_shop/i18n/de.po": "",
        "addons/exception_bridge/__manifest__.py": "{'depends': ['sale', 'queue_job']}",
        "addons/exception_unfinished/__manifest__.py": "{'installable': False}",
    }
    for name, content in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    return tmp_path


def keys(repository):
    return addons.keys(["exception_shop"], addons.find(repository))


@pytest.mark.parametrize(
    "name",
    ["__manifest__.py", "models/order.py", "data/types.xml"],
)
def test_key_changes_with_what_is_installed(repository, name):
    before = keys(repository)
    path = repository / "exception_shop" / name
    path.write_text(path.read_text() + "\n# changed" if name.endswith(".py") else "<data/>")
    after = keys(repository)
    assert after["exception_shop"] != before["exception_shop"]
    assert after["exception_bridge"] == before["exception_bridge"]


@pytest.mark.parametrize("name", ["tests/test_order.py", "static/src/queue.js", "i18n/de.po"])
def test_key_stays_with_what_is_not_installed(repository, name):
    before = keys(repository)
    (repository / "exception_shop" / name).write_text("changed")
    assert keys(repository) == before


def test_both_addons_paths_are_searched_and_unfinished_addons_left_out(repository):
    ours = addons.find(repository)
    assert sorted(ours) == ["exception_bridge", "exception_shop"]
    assert addons.foreign_dependencies(ours) == ["queue_job", "sale", "website_sale"]


def test_folder_without_addons_is_no_addons_path(repository):
    assert addons.addons_folders(repository / "exception_shop") == []
