"""docker-compose.yml and odoo.conf: valid, private by default, and of one mind with the rest."""

import configparser
import re
from pathlib import Path

import pytest
import yaml
from compose_spec import PyCompose

ROOT = Path(__file__).resolve().parents[1]
TEXT = (ROOT / "docker-compose.yml").read_text()
SERVICES = yaml.safe_load(TEXT)["services"]


def test_file_follows_the_compose_specification():
    compose = PyCompose.from_yaml(TEXT)
    compose.validate()
    assert sorted(compose.service_names()) == ["db", "n8n", "odoo"]


def test_the_check_notices_an_error():
    with pytest.raises(Exception, match="helthcheck"):
        PyCompose.from_yaml(TEXT.replace("healthcheck:", "helthcheck:", 1))


@pytest.mark.parametrize("name", SERVICES)
def test_service_is_watched_and_reached_from_this_machine_only(name):
    service = SERVICES[name]
    assert service["healthcheck"]["test"][0] == "CMD"
    for port in service.get("ports", []):
        assert port.startswith("127.0.0.1:")


@pytest.mark.parametrize("name", SERVICES)
def test_secrets_come_from_the_environment_and_must_be_given(name):
    for variable, value in SERVICES[name]["environment"].items():
        if re.search(r"PASSWORD|KEY|SECRET|TOKEN", variable):
            assert re.fullmatch(r"\$\{[A-Z0-9_]+:\?.+\}", value)


@pytest.mark.parametrize("name", SERVICES)
def test_data_outlives_the_container(name):
    volumes = yaml.safe_load(TEXT)["volumes"]
    kept = [mount.split(":")[0] for mount in SERVICES[name]["volumes"]]
    assert set(kept) & set(volumes)


def test_odoo_reads_the_shared_configuration_and_finds_the_addons():
    conf = configparser.RawConfigParser()
    conf.read(ROOT / "odoo.conf")
    mounts = dict(mount.split(":")[:2] for mount in SERVICES["odoo"]["volumes"])
    assert mounts["./odoo.conf"] == "/etc/odoo/odoo.conf"
    assert mounts["odoo-data"] == conf.get("options", "data_dir")
    folders = conf.get("options", "addons_path").split(",")
    assert folders == [mounts["./"], f"{mounts['./']}/addons"]


def test_odoo_waits_for_the_database_and_gets_the_community_addons():
    odoo = SERVICES["odoo"]
    assert odoo["depends_on"]["db"]["condition"] == "service_healthy"
    dockerfile = odoo["build"]["dockerfile_inline"]
    assert dockerfile.startswith("FROM odoo:17\n")
    copied = re.search(r"COPY (\S+) (\S+)", dockerfile)
    assert (ROOT / odoo["build"]["context"] / copied[1]).is_file()
    assert f"--no-deps -r {copied[2]}" in dockerfile
