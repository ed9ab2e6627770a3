"""Promise: confirming a clean order costs at most 16 statements and 8 ms over plain Odoo.

With all real-time detectors that the suite ships and the guards of all documents. On and off are
the same process: off is without the patches of the collecting rules and without guarded steps,
which is Odoo as it is without this suite.
"""

import random
from contextlib import ExitStack
from unittest.mock import patch

from odoo import fields

from . import shop
from .measure import median, milliseconds
from .result import Result

LEAST = {"sale.order": 8, "stock.picking": 4}
STATEMENTS, MILLISECONDS = 16, 8


def run(desk, sizes):
    """Measure confirming and saving in interleaved pairs."""
    shop.fill(desk, min(sizes.rows))
    with desk.env() as env:
        _check_detectors(env)
        user_id = env.ref("base.user_admin").id
        orders = _orders(env, 4 * sizes.pairs + 2)
    try:
        saved = orders[:2]
        save = _pairs(desk, sizes.pairs, lambda: _save(desk, user_id, saved[0]))
        unconfirmed = iter(orders[2:])
        confirm = _pairs(desk, sizes.pairs, lambda: _confirm(desk, user_id, next(unconfirmed)))
    finally:
        _switch(desk, True)
    return [
        *_results("Confirm of a clean order", confirm, promised=True),
        *_results("Save of a quantity on a draft order", save, promised=False),
    ]


def _check_detectors(env):
    for model, least in LEAST.items():
        found = len(env["exception.detector"]._realtime_ids(model))
        if found < least:
            raise SystemExit(f"Only {found} real-time detectors on {model}; {least} were promised.")


def _orders(env, count):
    """Create draft orders, each of another customer, so that none repeats another."""
    goods = {"type": "consu", "weight": 1, "volume": 0.1, "list_price": 9}
    products = env["product.product"].create([{**goods, "name": f"Goods {n}"} for n in range(3)])
    customers = env["res.partner"].create([{"name": f"Buyer {n}"} for n in range(count)])
    lines = [
        fields.Command.create({"product_id": product.id, "product_uom_qty": 2})
        for product in products
    ]
    orders = env["sale.order"].create(
        [{"partner_id": customer.id, "order_line": lines} for customer in customers]
    )
    return orders.ids


def _switch(desk, enabled):
    """Take the patches of all Automation Rules off, or put them on, in this process."""
    with desk.env() as env:
        rules = env["base.automation"]
        rules._unregister_hook()
        if enabled:
            rules._register_hook()


def _pairs(desk, pairs, act):
    """Run an act on and off in turns; return on/off → list of (milliseconds, statements).

    Each time once unmeasured before: switching changes the classes of models, and whatever runs
    first after it pays for what Python and the caches forgot.
    """
    figures = {True: [], False: []}
    for _number in range(pairs):
        for enabled in random.sample((True, False), 2):
            _switch(desk, enabled)
            with ExitStack() as stack:
                if not enabled:
                    _drop_guards(desk, stack)
                act()
                figures[enabled].append(act())
    return figures


def _drop_guards(desk, stack):
    """Let documents take their steps unasked while the stack is open."""
    with desk.env() as env:
        for model in env.registry.values():
            if hasattr(model, "_exception_steps"):
                stack.enter_context(patch.object(model, "_exception_steps", lambda self: {}))


def _request(desk, user_id, act):
    """Do what a request does: a transaction with cold caches, an act, flush and commit."""
    with desk.env(user_id) as env:
        before = env.cr.sql_log_count

        def commit():
            act(env)
            env.cr.commit()

        duration, _none = milliseconds(commit)
        return duration, env.cr.sql_log_count - before


def _confirm(desk, user_id, order_id):
    return _request(desk, user_id, lambda env: env["sale.order"].browse(order_id).action_confirm())


def _save(desk, user_id, order_id):
    quantity = random.randint(3, 1000)

    def write(env):
        order = env["sale.order"].browse(order_id)
        line = order.order_line[:1]
        order.write({"order_line": [(1, line.id, {"product_uom_qty": quantity})]})

    return _request(desk, user_id, write)


def _results(name, figures, promised):
    on, off = figures[True], figures[False]
    over = [a[0] - b[0] for a, b in zip(on, off, strict=True)]
    extra = median([a[1] for a in on]) - median([b[1] for b in off])
    pairs = f"median difference of {len(over)} interleaved pairs: "
    return [
        Result(
            name=f"{name}, SQL statements",
            measured=median([count for _ms, count in on]),
            bound=median([count for _ms, count in off]),
            unit="statements",
            promise=f"≤ {STATEMENTS} more" if promised else "",
            kept=extra <= STATEMENTS if promised else None,
            note=f"{extra:g} more than plain Odoo",
        ),
        Result(
            name=f"{name}, time",
            measured=median([ms for ms, _count in on]),
            bound=median([ms for ms, _count in off]),
            unit="ms",
            promise=f"≤ {MILLISECONDS} ms more" if promised else "",
            kept=median(over) <= MILLISECONDS if promised else None,
            note=f"{pairs}{median(over):.1f} ms more than plain Odoo",
        ),
    ]
