"""Which Odoo is taken, and what is said about a wrong one."""

import pytest

from desk import odoo_source
from desk.console import SetupError


def make_odoo(folder, version_info):
    """A source tree as far as finding it goes."""
    (folder / "odoo" / "addons").mkdir(parents=True)
    release = folder / "odoo" / "release.py"
    release.write_text(f"RELEASE_LEVELS = []\nversion_info = {version_info}\n")
    return folder


@pytest.mark.parametrize(
    ("version_info", "series"),
    [
        ("(17, 0, 0, FINAL, 0, '')", (17, 0)),
        ("(18, 0, 0, FINAL, 0, '')", (18, 0)),
        ("('saas~17', 4, 0, FINAL, 0, '')", (17, 4)),
    ],
)
def test_series_is_read_from_the_release_file(tmp_path, version_info, series):
    assert odoo_source.series_of(make_odoo(tmp_path, version_info)) == series


def test_wrong_series_in_odoo_home_is_an_error_that_says_what_to_do(tmp_path):
    home = make_odoo(tmp_path, "(16, 0, 0, FINAL, 0, '')")
    with pytest.raises(SetupError, match=r"holds Odoo 16\.0.*\n.*Point ODOO_HOME"):
        odoo_source.find({"ODOO_HOME": str(home)})


def test_odoo_home_without_odoo_is_an_error(tmp_path):
    with pytest.raises(SetupError, match="holds no Odoo"):
        odoo_source.find({"ODOO_HOME": str(tmp_path)})


def test_wrong_series_in_a_well_known_place_is_passed_over(tmp_path, capsys):
    wrong = make_odoo(tmp_path / "wrong", "(18, 0, 0, FINAL, 0, '')")
    right = make_odoo(tmp_path / "right", "(17, 0, 0, FINAL, 0, '')")
    assert odoo_source.find({}, well_known=(wrong, right)).home == right
    assert "it is Odoo 18.0" in capsys.readouterr().out


def test_both_layouts_give_their_addons_paths(tmp_path):
    source = odoo_source.OdooSource(make_odoo(tmp_path, "(17, 0, 0, FINAL, 0, '')"))
    assert source.addons_paths == [tmp_path / "odoo" / "addons"]
    (tmp_path / "addons").mkdir()
    assert source.addons_paths == [tmp_path / "odoo" / "addons", tmp_path / "addons"]
