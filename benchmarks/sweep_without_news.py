"""Promise: a sweep that finds nothing new costs at most twice the bare select, at 1 M orders.

Every hit has its open case while it is measured. The bound is the detector's own condition and
nothing else: ``SELECT id … WHERE <the same>``, its rows fetched.
"""

from odoo import fields
from odoo.tools import SQL

from . import shop
from .measure import interleaved, keep_plan, median
from .result import Result

QUOTATION = {
    "code": "bench_quotation_waits",
    "name": "Quotation waits for an answer",
    "domain": "[('state', '=', 'sent'), ('date_order', '<', days_ago(max_days))]",
    "amount_field": "amount_total",
    "partner_field": "partner_id",
    "date_field": "date_order",
}
QUERIES = ("undelivered_past_promise", "order_without_lines")
LIMIT = 2


def run(desk, sizes):
    """Measure at each size; return the results, those of the largest size with the promise."""
    by_size = {}
    now = fields.Datetime.now()
    for orders in sizes.rows:
        shop.fill(desk, orders)
        for code in (_own_detector(desk), *QUERIES):
            by_size.setdefault(code, {})[orders] = _measure(desk, code, orders, now, sizes)
    results = []
    for code, measured in by_size.items():
        results += _results(code, measured, sizes)
    return results


def _own_detector(desk):
    with desk.env() as env:
        if not env["exception.detector"].search([("code", "=", QUOTATION["code"])]):
            detector = env["exception.detector"].create(
                {
                    **QUOTATION,
                    "model_id": env["ir.model"]._get("sale.order").id,
                    "type_id": env["exception.type"].search([], limit=1).id,
                    "parameter_ids": [
                        fields.Command.create(
                            {"name": "max_days", "label": "Days", "value": "30", "maximum": 365}
                        )
                    ],
                    "fact_ids": [
                        fields.Command.create(
                            {
                                "key": "total",
                                "name": "Total",
                                "path": "amount_total",
                                "kind": "amount",
                            }
                        )
                    ],
                }
            )
            detector.action_enable()
    return QUOTATION["code"]


def _detector(env, code):
    return env["exception.detector"].search([("code", "=", code)])


def _sweep(desk, code, now):
    with desk.env() as env:
        run = _detector(env, code)._sweep(now=now, commit=True)
        return run.state, run.opened, run.cleared, run.hits


def _bare(detector, now):
    """Return the select of the ids, with the condition that the detector compiles to."""
    if detector.source == "domain":
        params = detector._parameter_sets()[0][0]
        query = detector.env[detector.model]._where_calc(detector._evaluate_domain(now, params))
        return query.select()
    source, _columns = detector._hit_source(now)
    return SQL("SELECT hit.res_id FROM (%s) AS hit", source)


def _measure(desk, code, orders, now, sizes):
    """Return the medians of the sweep, its statement and the bare select, and the hits."""
    _sweep(desk, code, now)  # opens the cases
    desk.vacuum("exception_case")
    state, opened, cleared, hits = _sweep(desk, code, now)
    if (state, opened, cleared) != ("done", 0, 0):
        raise SystemExit(f"{code}: the sweep was to find nothing new: {state} {opened} {cleared}")
    with desk.env() as env:
        detector = _detector(env, code)._as_engine()
        bare = _bare(detector, now)
        difference = detector._difference(detector._keyed(now), detector._known(now))

        def fetch(select):
            env.cr.execute(select)
            return env.cr.fetchall()

        times = interleaved(
            {
                "sweep": lambda: _sweep(desk, code, now),
                "statement": lambda: fetch(difference),
                "bare": lambda: fetch(bare),
            },
            sizes.repetitions,
        )
        if sizes.keep_plans:
            keep_plan(env.cr, f"sweep_{code}_{orders}_bare", bare)
            keep_plan(env.cr, f"sweep_{code}_{orders}_difference", difference)
    return {name: median(values) for name, values in times.items()} | {"hits": hits}


def _told(hits):
    return f"{hits:,} hits, all with open cases" if hits else "no hits, so no open cases"


def _results(code, measured, sizes):
    results = []
    largest = max(measured)
    for orders, figures in measured.items():
        promised = orders == largest and sizes.official
        results.append(
            Result(
                name=f"Sweep without news, {orders:,} orders, {code}",
                measured=figures["sweep"],
                bound=figures["bare"],
                unit="ms",
                promise=f"≤ {LIMIT} × the bare select" if promised else "",
                kept=figures["sweep"] <= LIMIT * figures["bare"] if promised else None,
                note=f"{_told(figures['hits'])}; its statement alone {figures['statement']:.1f} ms",
            )
        )
    smallest = min(measured)
    if largest > smallest:
        growth, bare = (
            measured[largest][what] / measured[smallest][what] for what in ("sweep", "bare")
        )
        stored = code == QUOTATION["code"]
        results.append(
            Result(
                name=f"Growth of that sweep, {smallest:,} → {largest:,} orders, {code}",
                measured=growth,
                bound=largest / smallest,
                unit="×",
                promise="≤ linear (stored fields)" if stored else "",
                kept=growth <= largest / smallest if stored else None,
                note=f"the bare select grows {bare:.1f} ×",
            )
        )
    return results
