"""A shop with as many orders as wanted, made by SQL: of a hundred orders ninety are delivered.

What is wrong with an order follows from its number, so that a shop of a million orders has ten
times the faults of one with a hundred thousand.
"""

from odoo.tools import SQL

from .desk import bulk

# Orders run back over two years; a shop with ten times as many sells ten times as much a day.
YEARS = 2
CUSTOMERS = 20_000
# number % 1000 → kind, see the CASE expressions below
UNSENT = 15  # quotations that wait
CANCELLED = 60
OPEN = 30  # confirmed, not delivered yet
LATE = 12  # of these: promised for a day that is over

CUSTOMER = """
    INSERT INTO res_partner (name, complete_name, active, type, lang, customer_rank)
    SELECT 'Customer ' || n, 'Customer ' || n, TRUE, 'contact', 'en_US', 1
      FROM generate_series(1, %(customers)s) AS n
"""
OWN_COMPANY = "UPDATE res_partner SET commercial_partner_id = id WHERE name LIKE 'Customer %'"
ORDER = """
    INSERT INTO sale_order (name, company_id, partner_id, partner_invoice_id, partner_shipping_id,
                            currency_id, currency_rate, state, date_order, create_date, write_date,
                            warehouse_id, picking_policy, invoice_status, amount_untaxed,
                            amount_tax, amount_total, commitment_date, effective_date,
                            delivery_status)
    SELECT 'B' || lpad(n::text, 8, '0'), %(company)s, customer, customer, customer, %(currency)s, 1,
           CASE WHEN part < %(unsent)s THEN 'sent' WHEN part < %(cancelled)s THEN 'cancel'
                ELSE 'sale' END,
           at, at, at, %(warehouse)s, 'direct', 'no', worth, 0, worth,
           CASE WHEN part < %(late)s THEN %(now)s - interval '1 day' * (1 + n %% 20)
                WHEN part < %(open)s THEN %(now)s + interval '1 day' * (1 + n %% 20)
                ELSE at + interval '9 day' END,
           CASE WHEN part >= %(open)s THEN at + interval '6 day' END,
           CASE WHEN part >= %(open)s THEN 'full' WHEN part >= %(cancelled)s THEN 'pending' END
      FROM (SELECT n, (n::bigint * 7919 %% 1000) AS part, 10 + n %% 490 AS worth,
                   %(customer)s + n %% %(customers)s AS customer,
                   %(now)s - interval '1 day'
                   - interval '1 second' * ((n::bigint * 104729) %% %(seconds)s) AS at
              FROM generate_series(%(first)s, %(last)s) AS n) AS made
"""
LINE = """
    INSERT INTO sale_order_line (order_id, company_id, currency_id, order_partner_id, name, state,
                                 product_id, product_uom, product_uom_qty, price_unit, discount,
                                 price_subtotal, price_total, price_tax, qty_delivered,
                                 customer_lead, invoice_status, sequence, is_delivery)
    SELECT o.id, o.company_id, o.currency_id, o.partner_id, 'Goods', o.state, %(product)s, %(unit)s,
           1, o.amount_total, 0, o.amount_total, o.amount_total, 0,
           CASE WHEN o.effective_date IS NOT NULL THEN 1 ELSE 0 END, 0, 'no', 10, FALSE
      FROM sale_order o WHERE o.id > %(after)s
"""
TRANSFER = """
    INSERT INTO stock_picking (name, origin, sale_id, company_id, partner_id, location_id,
                               location_dest_id, picking_type_id, move_type, priority, state,
                               scheduled_date, date_deadline, date, date_done, create_date,
                               is_locked)
    SELECT 'BENCH/' || o.name, o.name, o.id, o.company_id, o.partner_id, %(stock)s,
           %(customers_place)s, %(kind)s, 'direct', '0',
           CASE WHEN o.effective_date IS NULL THEN 'assigned' ELSE 'done' END,
           COALESCE(o.effective_date, o.commitment_date), o.commitment_date, o.date_order,
           o.effective_date, o.date_order, TRUE
      FROM sale_order o WHERE o.id > %(after)s AND o.state = 'sale'
"""
TABLES = ("res_partner", "sale_order", "sale_order_line", "stock_picking")


def fill(desk, orders):
    """Bring the shop to so many orders; those that are there stay."""
    with desk.env() as env:
        made = env["sale.order"].search_count([("name", "=like", "B%")])
        if made >= orders:
            return
        values = _basics(env) | {"first": made + 1, "last": orders}
        _insert(env.cr, "sale_order", ORDER, values)
        _insert(env.cr, "sale_order_line", LINE, values)
        _insert(env.cr, "stock_picking", TRANSFER, values)
    desk.vacuum(*TABLES)


def _insert(cr, table, statement, values):
    with bulk(cr, table):
        cr.execute(statement, values)


def _basics(env):
    """Return the ids and figures that the statements need."""
    warehouse = env["stock.warehouse"].search([], limit=1)
    env.cr.execute(SQL("SELECT COALESCE(max(id), 0) FROM sale_order"))
    after = env.cr.fetchone()[0]
    product = _product(env)
    return {
        "company": env.company.id,
        "currency": env.company.currency_id.id,
        "warehouse": warehouse.id,
        "stock": warehouse.lot_stock_id.id,
        "customers_place": env.ref("stock.stock_location_customers").id,
        "kind": warehouse.out_type_id.id,
        "product": product.id,
        "unit": product.uom_id.id,
        "customer": _first_customer(env),
        "customers": CUSTOMERS,
        "after": after,
        "now": env.cr.now().replace(microsecond=0),
        "seconds": YEARS * 365 * 86400,
        "unsent": UNSENT,
        "cancelled": CANCELLED,
        "open": CANCELLED + OPEN,
        "late": CANCELLED + LATE,
    }


def _product(env):
    """Return the goods that every order is about."""
    found = env["product.product"].search([("default_code", "=", "BENCH")], limit=1)
    return found or env["product.product"].create(
        {"name": "Goods", "default_code": "BENCH", "type": "consu", "weight": 1, "volume": 0.1}
    )


def _first_customer(env):
    """Return the id of the first of CUSTOMERS partners, made when they are not there."""
    find = SQL("SELECT min(id) FROM res_partner WHERE name LIKE %s", "Customer %")
    env.cr.execute(find)
    if not env.cr.fetchone()[0]:
        env.cr.execute(CUSTOMER, {"customers": CUSTOMERS})
        env.cr.execute(OWN_COMPANY)
    env.cr.execute(find)
    return env.cr.fetchone()[0]
