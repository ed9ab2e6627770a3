"""Shipped contracts, detectors and schemas of the gateway, read from their files."""

import ast
import json

from lxml import etree

from .paths import ROOT

GATEWAY = ROOT / "addons" / "exception_gateway"
SEVERITIES = {"1": "critical", "2": "high", "3": "medium", "4": "low"}


def contracts():
    """Return the shipped contracts as dicts of texts, with their lines, in the order of files."""
    found = []
    for record in _records("exception_event_contract_*.xml", "exception.event.contract"):
        contract = _values(record)
        contract["match_ids"] = _lines(record, "match_ids")
        contract["reaction_ids"] = _lines(record, "reaction_ids")
        contract["schema"] = json.loads(contract["schema"])
        found.append(contract)
    return found


def detectors():
    """Return {xml id: values} of the detectors for events; values has the type's, too."""
    types = _types()
    found = {}
    for record in _records("*.xml", "exception.detector"):
        detector = _values(record)
        detector["type"] = types[detector["type_id"].split(".")[-1]]
        found[record.get("id")] = detector
    return found


def outgoing_schemas():
    """Return {name: schema} of what goes out."""
    folder = GATEWAY / "static" / "schemas"
    return {path.stem: json.loads(path.read_text()) for path in sorted(folder.glob("*.json"))}


def labels(file, name):
    """Return the labels of a selection from the source of its model."""
    for node in ast.parse((GATEWAY / "models" / file).read_text()).body:
        if isinstance(node, ast.Assign) and node.targets[0].id == name:
            return dict(ast.literal_eval(node.value))
    raise LookupError(f"{file} has no {name}")


def _types():
    files = [
        *(ROOT / "exception_core" / "data").glob("exception_type_*.xml"),
        *(GATEWAY / "data").glob("*.xml"),
    ]
    return {
        record.get("id"): _values(record)
        for file in files
        for record in etree.parse(str(file)).iterfind(".//record[@model='exception.type']")
    }


def _records(pattern, model):
    for file in sorted((GATEWAY / "data").glob(pattern)):
        yield from etree.parse(str(file)).iterfind(f"record[@model='{model}']")


def _values(record):
    """Return the plain values of a record: texts, what files hold, and names of others."""
    values = {"xml_id": record.get("id")}
    for field in record.iterfind("field"):
        if field.get("file"):
            values[field.get("name")] = (GATEWAY.parent / field.get("file")).read_text()
        else:
            values[field.get("name")] = field.get("ref") or (field.text or "").strip()
    return values


def _lines(record, name):
    return [_values(line) for line in record.iterfind(f"field[@name='{name}']/record")]
