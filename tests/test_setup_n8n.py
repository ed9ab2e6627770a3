"""n8n/: every template was tested as it stands, and holds nothing that does not belong there."""

import hashlib
import json
import re
from pathlib import Path

import pytest

from desk import n8n_connect, n8n_package

FOLDER = n8n_package.TEMPLATES
RESULT = json.loads((FOLDER / "tests" / "results.json").read_text())
TEMPLATES = sorted(FOLDER.glob("*.json"))
# In Code nodes: what a template sets itself stands above this line.
MARK = re.compile(r"^// --- the same in every template: (\S+)\n", re.MULTILINE)
SHARED = {"Verify": "verify", "Sign": "sign", "Judge the answer": "judge"}


def nodes(path):
    return json.loads(path.read_text())["nodes"]


def texts(value):
    """All texts of a JSON value."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from texts(one)
    elif isinstance(value, str):
        yield value


def hashed(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_there_are_six_and_their_errors():
    assert len(TEMPLATES) == 7


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
class TestTemplate:
    """What holds for each of them."""

    def test_it_was_tested_as_it_is(self, path):
        assert RESULT["templates"].get(path.name) == hashed(path), (
            f"{path.name} has changed since it was tested: make test-n8n"
        )

    def test_it_holds_no_credentials(self, path):
        assert all("credentials" not in node for node in nodes(path))
        for text in texts(json.loads(path.read_text())):
            assert not re.search(r"whsec_[A-Za-z0-9+/]{8}|Bearer [A-Za-z0-9]|BEGIN .*KEY|eyJ", text)

    def test_it_names_no_host(self, path):
        for text in texts(nodes(path)):
            assert not re.search(r"https?://[A-Za-z0-9]|localhost|127\.0\.0\.1|registry", text)

    def test_its_nodes_come_with_n8n(self, path):
        kinds = {node["type"] for node in nodes(path)}
        assert all(kind.startswith("n8n-nodes-base.") for kind in kinds), kinds
        assert not kinds & {"n8n-nodes-base.executeCommand", "n8n-nodes-base.ssh"}

    def test_what_is_shared_is_the_same(self, path):
        for node in nodes(path):
            name = next((one for one in SHARED if node["name"].startswith(one)), None)
            if not name or not node["type"].endswith(".code"):
                continue
            code = node["parameters"]["jsCode"]
            if found := MARK.search(code):
                code = code[found.end() :]
            assert code == (FOLDER / "code" / f"{SHARED[name]}.js").read_text(), node["name"]

    def test_every_door_is_verified_before_anything_else(self, path):
        workflow = json.loads(path.read_text())
        for node in workflow["nodes"]:
            if not node["type"].endswith(".webhook") or not node["parameters"]["path"]:
                continue
            (after,) = workflow["connections"][node["name"]]["main"][0]
            code = next(one for one in workflow["nodes"] if one["name"] == after["node"])
            assert "timingSafeEqual" in code["parameters"]["jsCode"], node["name"]

    def test_nothing_is_answered_200_because_it_failed(self, path):
        """n8n answers 200 when a workflow fails before its response: each node has a way out."""
        workflow = json.loads(path.read_text())
        known = {node["name"]: node for node in workflow["nodes"]}
        todo = [node["name"] for node in workflow["nodes"] if node["type"].endswith(".webhook")]
        seen = set()
        while todo:
            name = todo.pop()
            kind = known[name]["type"].rsplit(".", 1)[1]
            if name in seen or kind == "respondToWebhook":
                continue
            seen.add(name)
            if kind not in ("webhook", "noOp"):
                assert known[name].get("onError", "").startswith("continue"), name
            for branch in workflow["connections"].get(name, {"main": []})["main"]:
                todo += [link["node"] for link in branch]

    def test_it_has_a_page_and_a_picture(self, path):
        page = path.with_suffix(".md").read_text()
        assert f"({path.stem}.png)" in page
        assert path.with_suffix(".png").read_bytes().startswith(b"\x89PNG")
        assert f"({path.stem}.md)" in (FOLDER / "README.md").read_text()

    def test_its_errors_are_told(self, path):
        settings = json.loads(path.read_text())["settings"]
        if path.stem != "errors-and-upkeep":
            assert settings["errorWorkflow"] == "ExceptionUpkeep1"

    def test_its_variables_are_documented(self, path):
        page = (FOLDER / "README.md").read_text()
        for name in set(re.findall(r"\$env\.(\w+)", path.read_text())):
            assert name in page, name


def test_the_result_says_what_was_asserted_and_with_what():
    assert RESULT["n8n"] == n8n_package.VERSION
    assert {"date", "node", "odoo", "asserted"} <= RESULT.keys()
    asserted = [name for names in RESULT["asserted"].values() for name in names]
    for path in TEMPLATES:
        if path.stem != "errors-and-upkeep":
            mine = " ".join(RESULT["asserted"][path.stem])
            assert "a bad signature is refused" in mine
    assert any("desk that was down for a minute" in name for name in asserted)
    for name in RESULT["asserted"]:
        assert (FOLDER / "tests" / f"test_{name.replace('-', '_')}.py").is_file()


def test_the_same_paths_are_joined_and_listened_to():
    heard = {
        node["parameters"]["path"].removeprefix("exception-desk/")
        for path in TEMPLATES
        for node in nodes(path)
        if node["type"].endswith(".webhook")
    }
    assert n8n_connect.SUBSCRIPTIONS.keys() <= heard


def test_compose_runs_the_version_that_was_tested():
    compose = (Path(FOLDER).parent / "docker-compose.yml").read_text()
    assert f"n8nio/n8n:{n8n_package.VERSION}" in compose
    for name in ("NODE_FUNCTION_ALLOW_BUILTIN", "N8N_BLOCK_ENV_ACCESS_IN_NODE"):
        assert name in compose
