"""Promise: opening cases in a batch takes at most 3 ms a case, all in, at 10,000 cases.

All in: hits read with their facts, names, money, customers' tiers, ten triage rules, two clocks a
case, the score, a team that gives each case to whom has least, bundles, the run, the commits. The
bound is what PostgreSQL needs to store the same rows with the same indexes.
"""

from odoo import fields
from odoo.tools import SQL

from . import busy_desk, shop
from .measure import median, milliseconds
from .result import Result

CODE = "bench_cancelled"
KIND = "exception_core.type_delivered_late"
LIMIT = 3


def run(desk, sizes):
    """Open the cases by one sweep, then store copies of them."""
    shop.fill(desk, min(sizes.rows))
    wanted = sizes.opened
    with desk.env() as env:
        busy_desk.make(env, env.ref(KIND))
        detector = _detector(env, wanted)
    duration, run = milliseconds(lambda: _sweep(desk, detector.id))
    if run["state"] != "done" or run["opened"] != wanted:
        raise SystemExit(f"The sweep was to open {wanted} cases: {run}")
    _check_decided(desk, detector.id)
    bound = _store_again(desk, detector.id)
    each = duration / wanted
    return [
        Result(
            name=f"Opening {wanted:,} cases",
            measured=each,
            bound=bound / wanted,
            unit="ms a case",
            promise=f"≤ {LIMIT} ms a case",
            kept=each <= LIMIT,
            note="the bound is INSERT … SELECT of the same rows into a table with the same indexes",
        )
    ]


def _detector(env, wanted):
    """Create a detector that hits so many orders."""
    env.cr.execute(
        SQL("SELECT id FROM sale_order WHERE name LIKE %s ORDER BY id LIMIT %s", "B%", wanted)
    )
    last = env.cr.fetchall()[-1][0]
    detector = env["exception.detector"].create(
        {
            "code": CODE,
            "name": "Any order",
            "model_id": env["ir.model"]._get("sale.order").id,
            "type_id": env.ref(KIND).id,
            "domain": f"[('name', '=like', 'B%'), ('id', '<=', {last})]",
            "amount_field": "amount_total",
            "partner_field": "partner_id",
            "date_field": "date_order",
            "fact_ids": [
                fields.Command.create({"key": path, "name": path, "path": path, "kind": kind})
                for path, kind in (("amount_total", "amount"), ("date_order", "datetime"))
            ],
        }
    )
    detector.action_enable()
    return detector


def _sweep(desk, detector_id):
    with desk.env() as env:
        run = env["exception.detector"].browse(detector_id)._sweep(commit=True)
        return {name: run[name] for name in ("state", "opened", "error")}


def _check_decided(desk, detector_id):
    """Refuse a figure for cases that were not decided on to the end."""
    with desk.env() as env:
        cases = env["exception.case"].search([("detector_id", "=", detector_id)])
        clocks = env["exception.sla.clock"].search_count([("case_id", "in", cases.ids)])
        decided = {
            "two clocks": clocks == 2 * len(cases),
            "a score": all(cases.mapped("score")),
            "an owner": not cases.filtered(lambda case: not case.user_id),
            "rules": not cases.filtered(lambda case: not case.rule_ids),
        }
        missing = [name for name, there in decided.items() if not there]
        if missing:
            raise SystemExit(f"Cases were opened without {', '.join(missing)}.")


def _store_again(desk, detector_id):
    """Return the milliseconds that storing the rows of these cases takes; the copies vanish."""
    times = []
    for _repetition in range(3):
        with desk.env() as env:
            cr = env.cr
            cr.execute(SQL("CREATE TABLE bench_case (LIKE exception_case INCLUDING ALL)"))
            copy = SQL(
                "INSERT INTO bench_case SELECT * FROM exception_case WHERE detector_id = %s",
                detector_id,
            )
            times.append(milliseconds(lambda: cr.execute(copy))[0])  # noqa: B023
            cr.rollback()
    return median(times)
