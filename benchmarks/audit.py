"""Promises: the audit trail costs at most 0.4 ms a case; 100,000 entries verify in under 10 s.

An entry is measured all in: made, hashed, inserted and, after the commit, chained. The bound is
what PostgreSQL needs to insert the same rows, finished, into a table with the same indexes.
Verifying is measured as an auditor does it: the verifier of one file, in a process of its own, on
an export; the bound is a process that only reads the same file as JSON.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from odoo.tools import SQL

from . import case_rows
from .measure import median, milliseconds
from .result import Result

LIMIT_APPEND = 0.4
LIMIT_VERIFY_MS = 10_000
OFFICIAL = 100_000
SINGLES = 200
VERIFIER = Path(__file__).parents[1] / "exception_core" / "tools" / "audit_verify.py"
READ = "import json, sys; [json.loads(line) for line in open(sys.argv[1], encoding='utf-8')]"


def run(desk, sizes):
    """Append to the trails of so many cases, then verify all of it."""
    cases, rounds = sizes.opened, 10
    case_rows.clear(desk)
    case_rows.fill(desk, cases, cases)
    first = _newest(desk)
    added, chained = zip(*(_append(desk) for _round in range(rounds)), strict=True)
    stored = _store_again(desk, first, cases)
    single, alone = _one_by_one(desk), _insert_one_by_one(desk)
    verified, read, entries = _verify(desk)
    case_rows.clear(desk)
    each = (median(added) + median(chained)) / cases
    official = entries >= OFFICIAL
    return [
        Result(
            name=f"Audit: one entry on each of {cases:,} cases",
            measured=each,
            bound=stored / cases,
            unit="ms a case",
            promise=f"≤ {LIMIT_APPEND} ms a case",
            kept=each <= LIMIT_APPEND if official else None,
            note="hashed and inserted in the transaction "
            f"({median(added) / cases:.3f}), chained after it ({median(chained) / cases:.3f})",
        ),
        Result(
            name="Audit: one entry, in the user's transaction",
            measured=single,
            bound=alone,
            unit="ms",
            note="the bound is one plain INSERT of a finished row",
        ),
        Result(
            name=f"Audit: verifying {entries:,} entries",
            measured=verified,
            bound=read,
            unit="ms",
            promise=f"< {LIMIT_VERIFY_MS / 1000:.0f} s for {OFFICIAL:,}" if official else "",
            kept=verified < LIMIT_VERIFY_MS if official else None,
            note="the bound is Python reading the same file as JSON",
        ),
    ]


def _newest(desk):
    with desk.env() as env:
        env.cr.execute(SQL("SELECT COALESCE(max(id), 0) FROM exception_audit_entry"))
        return env.cr.fetchone()[0]


def _append(desk):
    """Return the milliseconds that adding takes, and those that chaining takes."""
    with desk.env() as env:
        cases = env["exception.case"].search([("name", "like", case_rows.MARK)])
        cases.mapped("company_id")

        def append():
            cases._audit(
                "case.changed",
                before={"severity": "3", "state": "new"},
                after={"severity": "2", "state": "open", "user_id": [2, "Mitchell Admin"]},
                reason="Measured",
            )

        added = milliseconds(append)[0]
        # chained below, where it can be timed
        env.cr.postcommit.clear()
    with desk.env() as env:
        return added, milliseconds(env["exception.audit.entry"]._seal)[0]


def _store_again(desk, first, count):
    """Return the milliseconds that storing finished copies of a round takes; they vanish."""
    times = []
    for _repetition in range(3):
        with desk.env() as env:
            cr = env.cr
            cr.execute(SQL("CREATE TABLE bench_audit (LIKE exception_audit_entry INCLUDING ALL)"))
            copy = SQL(
                "INSERT INTO bench_audit SELECT * FROM exception_audit_entry"
                " WHERE id > %s ORDER BY id LIMIT %s",
                first,
                count,
            )
            times.append(milliseconds(lambda: cr.execute(copy))[0])  # noqa: B023
            cr.rollback()
    return median(times)


def _one_by_one(desk):
    with desk.env() as env:
        case = env["exception.case"].search([("name", "like", case_rows.MARK)], limit=1)
        times = [
            milliseconds(lambda: case._audit("hold.set", after={"step": "confirm"}))[0]
            for _repetition in range(SINGLES)
        ]
        env.cr.rollback()
    return median(times)


def _insert_one_by_one(desk):
    with desk.env() as env:
        cr = env.cr
        cr.execute(SQL("CREATE TABLE bench_audit (LIKE exception_audit_entry INCLUDING ALL)"))
        cr.execute(SQL("SELECT * FROM exception_audit_entry ORDER BY id DESC LIMIT 1"))
        row = cr.fetchone()[1:]
        columns = [column.name for column in cr.description][1:]
        names = SQL(", ").join(map(SQL.identifier, columns))
        unique = {"sequence", "place"}
        times = []
        for _repetition in range(SINGLES):
            values = [
                None if name in unique else value for name, value in zip(columns, row, strict=True)
            ]
            insert = SQL("INSERT INTO bench_audit (%s) VALUES %s", names, tuple(values))
            times.append(milliseconds(lambda: cr.execute(insert))[0])  # noqa: B023
        cr.rollback()
    return median(times)


def _verify(desk):
    """Return the milliseconds of the verifier and of reading, and how many entries there are."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "trail.jsonl"
        with desk.env() as env, path.open("w", encoding="utf-8") as out:
            entries = env["exception.audit.entry"]
            out.writelines(entries._export([]))
            count = entries.search_count([])
        verifier = [sys.executable, str(VERIFIER), str(path)]
        reader = [sys.executable, "-c", READ, str(path)]
        verified = [milliseconds(lambda: _must_run(verifier))[0] for _repetition in range(3)]
        read = [milliseconds(lambda: _must_run(reader))[0] for _repetition in range(3)]
    return median(verified), median(read), count


def _must_run(command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr)
