"""Compare two states of a configured record, without the ORM.

A state is plain data as ``exception.versioned.base`` makes it::

    {"fields": {name: value}, "lines": {name: [{"id", "name", "key", "fields", "lines"}, …]}}

A value is plain, or one of ``{"ref": [id, name]}``, ``{"refs": [[id, name], …]}``,
``{"words": {language: text}}``, ``{"companies": {id: value}}``, ``{"hidden": digest}``.
"""

import json
from typing import Any, NamedTuple


class Change(NamedTuple):
    """One thing that differs."""

    path: tuple  # names of line fields and of lines by turns, e.g. ("parameter_ids", "Days")
    field: str | None  # the field that differs; None: the whole line
    before: Any  # a value, or a line; None: there was none
    after: Any


def same(before, after):
    """Tell whether two values are equal; names of records do not count."""
    return _bare(before) == _bare(after)


def _bare(value):
    if isinstance(value, dict):
        if "ref" in value:
            return value["ref"][0]
        if "refs" in value:
            return sorted(ref[0] for ref in value["refs"])
    return value


def compare(before, after, path=()):
    """Return the list of :class:`Change` between two states.

    A field that one of them does not know (an addon came or went) is no change.
    """
    changes = []
    for name, value in after["fields"].items():
        if name in before["fields"] and not same(before["fields"][name], value):
            changes.append(Change(path, name, before["fields"][name], value))
    for name, lines in after["lines"].items():
        if name in before["lines"]:
            changes += _compare_lines(before["lines"][name], lines, (*path, name))
    return changes


def _compare_lines(before, after, path):
    changes = []
    for old, new in match_lines(before, after):
        if old and new:
            changes += compare(old, new, (*path, new["name"]))
        else:
            changes.append(Change(path, None, old, new))
    return changes


def match_lines(before, after):
    """Pair the lines of two states: (old or None, new or None).

    By id; what is left by equal content, then by key: a line that was deleted and made anew is
    the same line to whoever reads the difference.
    """
    pairs, old_left, new_left = [], list(before), list(after)
    for mark in (lambda line: line["id"], content, lambda line: line.get("key")):
        known = {}
        for line in old_left:
            known.setdefault(mark(line), line)
        for line in list(new_left):
            old = known.pop(mark(line), None) if mark(line) else None
            if old:
                pairs.append((old, line))
                old_left.remove(old)
                new_left.remove(line)
    return [*pairs, *((old, None) for old in old_left), *((None, new) for new in new_left)]


def content(line):
    """Return what a line says, as text that is equal for lines that say the same."""
    bare = {
        "fields": {name: _bare(value) for name, value in line["fields"].items()},
        "lines": {
            name: sorted(content(part) for part in parts) for name, parts in line["lines"].items()
        },
    }
    return json.dumps(bare, sort_keys=True, default=str)
