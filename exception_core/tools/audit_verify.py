#!/usr/bin/env python3
"""Verify an export of the audit trail, without Odoo and without the database.

    python3 audit_verify.py trail.jsonl --checkpoints checkpoints.jsonl --key <public key>

Prints OK, or the first entry that is broken, and what is wrong with it. Exit code 0: whole; 1:
broken; 2: could not be read. Needs Python 3.10 or newer and nothing else; the rules are written
down here once more on purpose, apart from the suite that writes the trail (docs/audit.md).

The export is a file of JSON lines or a CSV file, ordered by chain and number. Checkpoints tell
what the trail was at moments before, and were kept elsewhere: without them an end that was cut
off, or a trail that was written anew from the beginning, cannot be seen.
"""

# what it finds is said on the terminal
# pylint: disable=print-used

import argparse
import csv
import hashlib
import json
import sys

FORMAT = "exception-audit/1"
NOTHING = "0" * 64
ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=True)
PLAIN = (
    "chain event at user_id on_behalf_id company_id case_id case_name res_model res_id"
    " is_override is_automatic"
).split()
HIDEABLE = "who on_behalf res_name reason before after data".split()
NUMBERS = "chain sequence place user_id on_behalf_id company_id case_id res_id".split()
FLAGS = ("is_override", "is_automatic")
PROCEDURES = ("audit.redacted", "audit.archived")


class Broken(Exception):
    """The trail is not what it was; the message says where and how."""


class Unreadable(Exception):
    """What was given is no export of a trail, or no file of checkpoints."""


def canonical(value):
    """Write a value as JSON in exactly one way."""
    return ENCODER.encode(value)


def sha256(text):
    """Return the hash of a text as hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


class Trail:
    """What is known while the entries pass by, chain after chain: ``feed`` each, then ``end``."""

    def __init__(self, checkpoints=(), whole=True):
        """``whole``: all chains are given, so that one that is missing is missed."""
        self.whole = whole
        self.entries = self.chains = self.waiting = 0
        self.places, self.archived, self.archives = [], [], {}
        self.seen_at = {}
        for checkpoint in checkpoints:
            for chain, sequence, head in checkpoint["heads"]:
                self.seen_at.setdefault(chain, {})[sequence] = (head, checkpoint["number"])
        self.chain = None

    def feed(self, entry):
        """Check the next entry."""
        if entry["chain"] != self.chain:
            self._end_chain()
            if self.chain is not None and entry["chain"] < self.chain:
                raise Unreadable("The export must be ordered by chain and number.")
            self._begin_chain(entry)
        if entry["sequence"] is None:
            self.waiting += 1
            _check_content(entry)
            return
        self._check_link(entry)
        self.entries += 1
        self.places.append(entry["place"])
        self._note_procedures(entry)
        self.sequence, self.hash = entry["sequence"], entry["hash"]

    def _begin_chain(self, entry):
        self.chain, self.chains = entry["chain"], self.chains + 1
        self.sequence, self.hash = 0, NOTHING
        self.hidden, self.announced = {}, {}
        self.begins, self.archive = (0, NOTHING), None
        if (entry["sequence"] or 1) > 1:
            # whether the entries before it were archived, a later entry of the chain must say
            self.sequence, self.hash = entry["sequence"] - 1, entry["previous"]
            self.begins = (self.sequence, self.hash)

    def _check_link(self, entry):
        where = f"Entry {entry['sequence']} of {_name(entry)}"
        expected = self.sequence + 1
        if entry["sequence"] < expected:
            raise Broken(f"{where} is there twice.")
        if entry["sequence"] > expected:
            raise Broken(f"Entry {expected} of {_name(entry)} is missing.")
        _check_content(entry)
        if entry["previous"] != self.hash:
            raise Broken(f"{where} does not follow the one before it: one of the two was changed.")
        content = [entry[key] for key in ("chain", "sequence", "place", "previous", "digest")]
        if sha256(canonical(content)) != entry["hash"]:
            raise Broken(f"{where} was changed: its hash is not that of its content.")
        seen, number = self.seen_at.get(self.chain, {}).pop(expected, (entry["hash"], None))
        if seen != entry["hash"]:
            raise Broken(f"{where} was another one at checkpoint {number}: it was written anew.")

    def _note_procedures(self, entry):
        if entry["redacted"]:
            self.hidden[entry["sequence"]] = set(json.loads(entry["redacted"]))
        if entry["event"] in PROCEDURES and entry["data"] is None:
            where = f"Entry {entry['sequence']} of {_name(entry)}"
            raise Broken(f"{where} does not say any more what was blacked out or archived.")
        if entry["event"] == "audit.redacted":
            data = json.loads(entry["data"])
            self.announced.setdefault(data["sequence"], set()).update(data["columns"])
        if entry["event"] == "audit.archived" and self.chain:
            self.archive = json.loads(entry["data"] or "{}")
            self.archived += self.archive.get("places", [])
            self.archives[self.archive.get("file")] = self.archive.get("sha256")

    def _end_chain(self):
        if self.chain is None:
            return
        name = f"chain {self.chain}"
        for sequence, columns in self.hidden.items():
            if columns - self.announced.get(sequence, set()):
                raise Broken(
                    f"Entry {sequence} of {name} was blacked out, and no entry says who did it."
                )
        archive = self.archive or {"until": 0, "hash": NOTHING}
        if self.begins != (archive["until"], archive["hash"]):
            raise Broken(f"Entry {self.begins[0]} of {name} is missing, and was not archived.")
        for sequence, (_head, number) in self.seen_at.pop(self.chain, {}).items():
            if sequence > archive["until"]:
                raise Broken(
                    f"Entry {max(self.sequence + 1, 1)} of {name} is missing: checkpoint {number}"
                    f" has seen entry {sequence}. The end was cut off."
                )

    def files(self):
        """Return (name, hash) of the archives that stand for entries that are not given."""
        return sorted((str(name), it) for name, it in self.archives.items())

    def end(self):
        """Check what only the whole shows."""
        self._end_chain()
        if not self.whole:
            return
        for chain, seen in sorted(self.seen_at.items()):
            sequence, (_head, number) = max(seen.items())
            raise Broken(
                f"Entry 1 of chain {chain} is missing, and the whole chain with it: checkpoint"
                f" {number} has seen its entry {sequence}."
            )
        places = sorted(
            self.places + [n for first, last in self.archived for n in range(first, last + 1)]
        )
        for expected, place in enumerate(places, 1):
            if place > expected:
                raise Broken(
                    f"Entry {expected} of the whole trail is missing: its chain was removed."
                )
            if place < expected:
                raise Broken(f"Entry {place} of the whole trail is there twice.")


def _name(entry):
    return f"chain {entry['chain']} ({entry['case_name'] or 'configuration'})"


def _check_content(entry):
    salts = json.loads(entry["salts"] or "{}")
    values = json.loads(entry["redacted"] or "{}")
    for column in HIDEABLE:
        text = entry[column]
        if text is not None and column not in values:
            values[column] = sha256(f"{salts.get(column)}:{column}:{text}")
        elif text is not None:
            values = {}
            break
    plain = {column: entry[column] for column in PLAIN}
    if sha256(canonical({**plain, "values": values})) != entry["digest"]:
        number = entry["sequence"] or "(not chained yet)"
        raise Broken(f"Entry {number} of {_name(entry)} was changed: its content is another one.")


# ----------------------------------------------------------------------
# checkpoints
# ----------------------------------------------------------------------


def check_checkpoints(checkpoints, key=None, log=None):
    """Check that checkpoints follow each other and are signed; return what is worth knowing.

    :param str key: the public key that they must be signed with, as hexadecimal digits
    :param str log: the trail that they must be of
    """
    notes, before = [], None
    for checkpoint in checkpoints:
        where = f"Checkpoint {checkpoint['number']}"
        content = {k: v for k, v in checkpoint.items() if k not in ("hash", "signature")}
        if sha256(canonical(content)) != checkpoint["hash"]:
            raise Broken(f"{where} was changed.")
        if before and (before["number"] + 1, before["hash"]) != (
            checkpoint["number"],
            checkpoint["previous"],
        ):
            raise Broken(f"{where} does not follow checkpoint {before['number']}.")
        if log and checkpoint["log"] != log:
            raise Broken(f"{where} is of another trail.")
        before = checkpoint
        if key and checkpoint["key"] != key:
            raise Broken(f"{where} is signed with another key, or not at all.")
        if checkpoint["key"] and not signed(
            checkpoint["key"], checkpoint["hash"].encode(), checkpoint["signature"]
        ):
            raise Broken(f"{where} has a false signature.")
    if checkpoints and checkpoints[0]["number"] != 1:
        notes.append(f"The checkpoints begin with number {checkpoints[0]['number']}.")
    if any(not checkpoint["key"] for checkpoint in checkpoints):
        notes.append("There are checkpoints without a signature: anybody can have made them.")
    elif checkpoints and not key:
        keys = sorted({checkpoint["key"] for checkpoint in checkpoints})
        notes.append(f"Signed with {', '.join(keys)}. Compare it with the key you wrote down.")
    return notes


# Ed25519 as in RFC 8032, for checking signatures only: nothing here is secret.
P = 2**255 - 19
Q = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)


def _add(a, b):
    m, n = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    s, t = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = n - m, t - s, t + s, n + m
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def _times(number, point):
    result = (0, 1, 1, 0)
    while number:
        if number & 1:
            result = _add(result, point)
        point, number = _add(point, point), number >> 1
    return result


def _point(data):
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if y >= P or (x * x - square) % P or (not x and sign):
        return None
    x = P - x if x & 1 != sign else x
    return (x, y, 1, x * y % P)


def signed(key, message, signature):
    """Tell whether an Ed25519 signature is good; key and signature are hexadecimal digits."""
    try:
        key, signature = bytes.fromhex(key), bytes.fromhex(signature)
    except (TypeError, ValueError):
        return False
    if len(key) != 32 or len(signature) != 64:
        return False
    a, r = _point(key), _point(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if not a or not r or s >= Q:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % Q
    base = _point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))
    left, right = _times(s, base), _add(r, _times(h, a))
    return not (
        (left[0] * right[2] - right[0] * left[2]) % P
        or (left[1] * right[2] - right[1] * left[2]) % P
    )


# ----------------------------------------------------------------------
# files
# ----------------------------------------------------------------------


def read_lines(path):
    """Yield the JSON objects of a file, one a line."""
    with open(path, encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            try:
                if line.strip():
                    yield json.loads(line)
            except ValueError as error:
                raise Unreadable(f"{path}, line {number}: {error}") from error


def read_csv(path):
    """Yield the entries of a CSV file as JSON would have them."""
    csv.field_size_limit(10_000_000)
    with open(path, encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            # an apostrophe keeps spreadsheets from taking a text for a formula
            entry = {name: (value or "").removeprefix("'") or None for name, value in row.items()}
            for name in NUMBERS:
                entry[name] = int(entry[name]) if entry.get(name) else None
            yield {**entry, **{name: entry.get(name) in ("true", "t", "True") for name in FLAGS}}


def main(arguments=None):
    """Verify the files that are named, and say what was found."""
    parser = argparse.ArgumentParser(description="Verify an export of the audit trail.")
    parser.add_argument("export", help="JSON lines, or CSV when the name ends with .csv")
    parser.add_argument("--checkpoints", action="append", default=[], help="file of checkpoints")
    parser.add_argument("--key", help="public key that the checkpoints must be signed with")
    parser.add_argument("--part", action="store_true", help="the export has some chains only")
    options = parser.parse_args(arguments)
    try:
        trail, notes = _verify(options)
    except Broken as found:
        print(f"BROKEN: {found}")
        return 1
    except (Unreadable, OSError, KeyError, TypeError, ValueError) as error:
        print(f"Cannot be read: {error!r}" if isinstance(error, KeyError) else f"{error}")
        return 2
    print(f"OK: {trail.entries} entries in {trail.chains} chains.")
    if trail.waiting:
        notes.append(f"{trail.waiting} entries were not chained yet.")
    for note in notes:
        print(note)
    return 0


def _verify(options):
    found = [each for path in options.checkpoints for each in read_lines(path)]
    checkpoints = sorted(found, key=lambda each: each["number"])
    whole, log, said = not options.part, None, None
    if options.export.endswith(".csv"):
        entries = read_csv(options.export)
    else:
        entries = read_lines(options.export)
        header = next(entries, {})
        if header.get("format") != FORMAT:
            raise Unreadable(f"{options.export} is no export of an audit trail ({FORMAT}).")
        whole, log, said = whole and header["whole"], header["log"], header.get("entries")
    notes = check_checkpoints(checkpoints, options.key, log)
    trail = Trail(checkpoints, whole)
    for entry in entries:
        trail.feed(entry)
    trail.end()
    given = trail.entries + trail.waiting
    if said is not None and said != given:
        raise Broken(f"The file has {given} entries, and says that it has {said}.")
    notes += [f"Verify the archive {name} as well (SHA-256 {it})." for name, it in trail.files()]
    if not checkpoints:
        notes.append("Without checkpoints an end that was cut off cannot be seen.")
    if not whole:
        notes.append("Only some chains were given: a chain that was removed cannot be seen.")
    return trail, notes


if __name__ == "__main__":
    sys.exit(main())
