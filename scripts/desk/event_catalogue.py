"""docs/events.md: what comes in and goes out, written from the contracts and the schemas."""

import json
import re

from . import event_data
from .console import say
from .paths import ROOT

CATALOGUE = ROOT / "docs" / "events.md"
HEAD = """# Events

*Written by `make events` from the contracts and schemas; change those, not this page.*

What the gateway understands as it ships, and what it tells others. Contracts are data: copy one to
a new version under *Exceptions → Configuration → Event contracts* and change what you need; see
[contracts.md](contracts.md).
"""
# conditions that only ask what happened are written as words
WHAT = r"what == '(\w+)'"
VENDORS = [
    ("exception.", "Any system"),
    ("stripe.", "Stripe"),
    ("adyen.", "Adyen"),
    ("shopify.", "Shopify"),
    ("easypost.", "EasyPost"),
]


def main():
    """Write the catalogue; the exit code."""
    text = catalogue()
    if CATALOGUE.is_file() and CATALOGUE.read_text() == text:
        say("docs/events.md: unchanged")
        return 0
    CATALOGUE.write_text(text)
    say("docs/events.md: written")
    return 0


def catalogue():
    """Return the page."""
    contracts = event_data.contracts()
    known = event_data.detectors()
    parts = [HEAD, "## What comes in\n"]
    for prefix, title in VENDORS:
        parts.append(f"### {title}\n")
        for contract in contracts:
            if contract["code"].startswith(prefix):
                parts += _contract(contract, known)
    left = [one["code"] for one in contracts if not one["code"].startswith(_prefixes())]
    if left:
        raise LookupError(f"No chapter for {left}")
    schemas = event_data.outgoing_schemas()
    if schemas:
        parts += _outgoing(schemas)
    return "\n".join(parts)


def _prefixes():
    return tuple(prefix for prefix, _title in VENDORS)


def _contract(contract, known):
    """Return the chapter of one contract."""
    yield f"#### {contract['name']}\n"
    yield f"`{contract['code']}`: {contract['description']}\n"
    facts = [("For", _code_list(contract.get("kinds")) or "every kind")]
    if contract["match_ids"]:
        hows = event_data.labels("exception_event_match.py", "HOWS")
        ways = dict.fromkeys(_inside(hows[line["how"]]) for line in contract["match_ids"])
        facts.append(("Finds", ", ".join(ways)))
        unmatched = event_data.labels("exception_event_contract.py", "UNMATCHED")
        sentence = _inside(unmatched[contract["unmatched"]])
        if contract["unmatched"] == "park":
            hours = float(contract["park_hours"])
            sentence += f" ({hours:g} hours at most)"
        facts.append(("If there is none", sentence))
    for label, name in (("Order is kept for", "subject_path"), ("Newer by", "ordering_path")):
        if contract.get(name):
            facts.append((label, f"`{contract[name]}`"))
    if contract.get("versions"):
        facts.append(("Versions", _code_list(contract["versions"])))
    if contract["code"] != "exception.v1":
        facts.append(("Needs", _code_list(", ".join(_required(contract["schema"])))))
    for label, value in facts:
        yield f"- {label}: {value}"
    yield ""
    yield from _reactions(contract, known)
    if contract["code"] == "exception.v1":
        yield from _fields(contract["schema"])
        yield from _examples(contract["schema"])
    yield "<details><summary>How it is read</summary>\n"
    yield f"```\n{contract['mapping'].strip()}\n```\n\n</details>\n"


def _reactions(contract, known):
    kinds = {
        **event_data.labels("exception_event_reaction.py", "KINDS"),
        **event_data.labels("exception_event_follow.py", "KINDS"),
    }
    yield "| what happened | then | which |"
    yield "| --- | --- | --- |"
    for line in contract["reaction_ids"]:
        condition = line.get("condition")
        detector = known.get(line.get("detector_id"))
        which = line.get("reason", "")
        if detector:
            kind = detector["type"]
            severity = event_data.SEVERITIES[kind["default_severity"]]
            which = f"{detector['name']}: {kind['name']} (`{kind['code']}`, {severity})"
        if line.get("detector_path"):
            which = f"the one named by `{line['detector_path']}`, else {which}"
        if line["kind"] == "follow":
            which = f"learns {_code(line.get('values'))}"
        if line["kind"] == "answer":
            which = f"waiting for {_code(line.get('answer'))}"
        yield f"| {_condition(condition)} | {kinds[line['kind']]} | {which} |"
    yield ""


def _fields(schema):
    """Return the table of the fields of a schema, inner ones with a dot."""
    yield "| field | is | |"
    yield "| --- | --- | --- |"
    yield from _field_rows(schema, "")
    yield ""


def _field_rows(schema, prefix):
    required = schema.get("required", ())
    for name, part in schema.get("properties", {}).items():
        words = [_type(part)]
        if name in required:
            words.append("required")
        yield f"| `{prefix}{name}` | {', '.join(words)} | {_cell(part.get('description', ''))} |"
        if part.get("properties"):
            yield from _field_rows(part, f"{prefix}{name}.")


def _examples(schema):
    yield "The schema is published at `/exception/v1/schemas/exception.v1`. Example:\n"
    for example in schema["examples"]:
        yield f"```json\n{json.dumps(example, indent=2)}\n```\n"


def _type(part):
    if "const" in part:
        return f"`{part['const']}`"
    if "enum" in part:
        return " / ".join(f"`{one}`" for one in part["enum"])
    if "$ref" in part:
        return f"see {part['$ref'].removesuffix('.json')}"
    kinds = part.get("type", "anything")
    return " or ".join(kinds) if isinstance(kinds, list) else kinds


def _required(schema, prefix=""):
    """Return the paths that a message must have."""
    for name in schema.get("required", ()):
        part = schema["properties"].get(name, {})
        if part.get("required"):
            yield from _required(part, f"{prefix}{name}.")
        else:
            yield prefix + name


def _outgoing(schemas):
    yield "## What goes out\n"
    yield (
        "Signed by Standard Webhooks, see [subscriptions.md](subscriptions.md). The schemas are "
        "published at `/exception/v1/schemas/<name>`.\n"
    )
    for name, schema in schemas.items():
        yield f"### {name}\n"
        yield f"{schema.get('description', '')}\n"
        data = schema.get("properties", {}).get("data")
        yield from _fields(data if data and data.get("properties") else schema)


def _condition(text):
    """Return a condition for people: words where it only asks what happened, else its code."""
    if not text:
        return "anything else"
    if re.fullmatch(rf"{WHAT}( \|\| {WHAT})*", text):
        return ", ".join(f"`{word}`" for word in re.findall(WHAT, text))
    return _code(text)


def _inside(sentence):
    """Return a sentence as it stands inside another."""
    return sentence[0].lower() + sentence[1:]


def _code(text):
    return f"`{_cell(text)}`" if text else ""


def _code_list(text):
    return ", ".join(f"`{one.strip()}`" for one in (text or "").split(",") if one.strip())


def _cell(text):
    return text.replace("|", "\\|").replace("\n", " ")
