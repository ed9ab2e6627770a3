"""Write orders, payments and transfers by SQL, as Odoo itself would have left them.

Real-time detection plays no part here: plain SQL saves nothing through the ORM. Every stored
computed field is given the value that Odoo computes (tests compare them).
"""

from collections import defaultdict
from zoneinfo import ZoneInfo

from .olist_masters import TIME_ZONE
from .olist_transfers import TransferRows, order_name
from .sql_rows import insert_rows, take_ids
from .zone import to_utc

CONFIRMED, CANCELLED = "sale", "cancel"
# In the order in which they refer to each other.
TABLES = (
    "procurement_group",
    "sale_order",
    "sale_order_line",
    "sale_order_tag_rel",
    "payment_transaction",
    "sale_order_transaction_rel",
    "stock_picking",
    "stock_move",
    "stock_move_move_rel",
    "stock_move_line",
)


class Documents(TransferRows):
    """Collects the rows of all orders, then inserts table by table."""

    def __init__(self, env, shop, data):
        self.cr, self.shop, self.data = env.cr, shop, data
        self.zone = ZoneInfo(TIME_ZONE)
        self.rows = defaultdict(list)
        self.stamps = {"create_uid": env.uid, "write_uid": env.uid}
        self.ids = {}

    def write(self):
        """Insert everything."""
        orders = list(self.data.orders.values())
        counts = {
            "sale_order": len(orders),
            "sale_order_line": sum(len(o.items) + 1 for o in orders),
            "payment_transaction": sum(len(o.payments) or 1 for o in orders),
            "procurement_group": len(orders),
            "stock_picking": 2 * len(orders),
            "stock_move": 2 * sum(len(o.items) for o in orders),
        }
        self.ids = {table: iter(take_ids(self.cr, table, n)) for table, n in counts.items()}
        for number, order in enumerate(orders, 1):
            self._order(number, order)
        for table in TABLES:
            stamps = None if table.endswith("_rel") else self.stamps
            insert_rows(self.cr, table, self.rows[table], stamps)
        # an order and its group name each other, so one of both comes second
        self.cr.execute(
            """UPDATE procurement_group g SET sale_id = o.id
                 FROM sale_order o WHERE o.procurement_group_id = g.id"""
        )
        self._advance_sequences(len(orders))

    def _utc(self, local):
        if local is None:
            return None
        instant, exists = to_utc(local, self.zone)
        if not exists:
            self.data.notes["times that the clocks skip: taken as the first instant after"] += 1
        return instant

    # ------------------------------------------------------------------
    # the order
    # ------------------------------------------------------------------

    def _order(self, number, order):
        shop = self.shop
        order_id = next(self.ids["sale_order"])
        bought, promised = self._utc(order.bought), self._utc(order.promised)
        person = self.data.customers[order.customer]["customer_unique_id"]
        lines, total = self._lines(order_id, order)
        transfers = self._transfers(order_id, number, order, lines)
        state = CANCELLED if order.status == "canceled" else CONFIRMED
        self.rows["sale_order"].append(
            {
                "id": order_id,
                "name": order_name(number),
                "client_order_ref": order.key,
                "origin": "Olist",
                "state": state,
                "company_id": shop.company,
                "partner_id": shop.partners[person],
                "partner_invoice_id": shop.partners[person],
                "partner_shipping_id": shop.addresses[order.customer],
                "currency_id": shop.currency,
                "currency_rate": 1,
                "amount_untaxed": total,
                "amount_tax": 0,
                "amount_total": total,
                "invoice_status": "to invoice" if state == CONFIRMED and lines else "no",
                "amount_to_invoice": total,
                "require_signature": False,
                "require_payment": True,
                "prepayment_percent": 1.0,
                "locked": False,
                "date_order": bought,
                "create_date": bought,
                "commitment_date": promised,
                "carrier_id": shop.carrier,
                "warehouse_id": shop.warehouse,
                "picking_policy": "direct",
                **transfers,
            }
        )
        for line in lines:
            line["state"] = state
            if state == CANCELLED:
                line.update(qty_to_invoice=0, untaxed_amount_to_invoice=0, invoice_status="no")
        self._payments(order_id, order, total, shop.partners[person])
        if order.status == "unavailable":
            self.rows["sale_order_tag_rel"].append({"order_id": order_id, "tag_id": shop.tag})

    def _lines(self, order_id, order):
        """Add a line for each product and price, and one for the freight. Returns them, total."""
        pieces = defaultdict(list)
        for item in order.items:
            pieces[item["product"], item["price"]].append(item)
        lines = []
        for (product, price), items in pieces.items():
            name = self._line_name(product, items)
            lines.append(self._line(order_id, order, self.shop.products[product], price, name))
            self._set_quantity(lines[-1], len(items))
        freight = sum(item["freight"] for item in order.items)
        if freight:
            lines.append(self._line(order_id, order, self.shop.freight, freight, "Freight"))
            self._set_quantity(lines[-1], 1)
            lines[-1].update(is_delivery=True, qty_delivered_method="manual")
        for sequence, line in enumerate(lines, 10):
            line["sequence"] = sequence
        self.rows["sale_order_line"] += lines
        return lines, sum(line["price_total"] for line in lines)

    def _line_name(self, product, items):
        sellers = ", ".join(sorted({item["seller"][:8] for item in items if item["seller"]}))
        name = f"[{product[:8]}]"
        return f"{name} sold by {sellers}" if sellers else name

    def _line(self, order_id, order, product_id, price, name):
        person = self.data.customers[order.customer]["customer_unique_id"]
        return {
            "id": next(self.ids["sale_order_line"]),
            "order_id": order_id,
            "sequence": 10,
            "company_id": self.shop.company,
            "currency_id": self.shop.currency,
            "order_partner_id": self.shop.partners[person],
            "product_id": product_id,
            "product_uom": self.shop.unit,
            "name": name,
            "price_unit": price,
            "price_reduce_taxexcl": price,
            "price_reduce_taxinc": price,
            "discount": 0,
            "price_tax": 0,
            "qty_delivered": 0,
            "qty_delivered_method": "stock_move",
            "is_delivery": False,
            "is_downpayment": False,
            "is_expense": False,
            "customer_lead": 0,
            "qty_invoiced": 0,
            "untaxed_amount_invoiced": 0,
        }

    def _set_quantity(self, line, quantity):
        amount = line["price_unit"] * quantity
        line.update(
            product_uom_qty=quantity,
            price_subtotal=amount,
            price_total=amount,
            qty_to_invoice=quantity,
            untaxed_amount_to_invoice=amount,
            invoice_status="to invoice",
        )

    # ------------------------------------------------------------------
    # payments
    # ------------------------------------------------------------------

    def _payments(self, order_id, order, total, partner_id):
        """Approved: done at that time. Payment rows without an approval: authorised only."""
        if order.approved:
            rows = order.payments or [{"sequence": "0", "type": None, "amount": total}]
        else:
            rows = order.payments
        moment = self._utc(order.approved or order.bought)
        for index, row in enumerate(rows, 1):
            payment_id = next(self.ids["payment_transaction"])
            self.rows["payment_transaction"].append(
                {
                    "id": payment_id,
                    "reference": f"{order.key}-{index}",
                    "provider_id": self.shop.provider,
                    "payment_method_id": self.shop.methods[row["type"]],
                    "company_id": self.shop.company,
                    "currency_id": self.shop.currency,
                    "partner_id": partner_id,
                    "amount": row["amount"],
                    "operation": "online_redirect",
                    "state": "done" if order.approved else "authorized",
                    "last_state_change": moment,
                    "create_date": moment,
                    "is_post_processed": True,
                }
            )
            link = {"transaction_id": payment_id, "sale_order_id": order_id}
            self.rows["sale_order_transaction_rel"].append(link)

    def _advance_sequences(self, count):
        """Let the next order that a person makes come after the loaded ones."""
        self.cr.execute(
            "SELECT id FROM ir_sequence WHERE code = 'sale.order' AND implementation = 'standard'"
        )
        for (sequence_id,) in self.cr.fetchall():
            name = f"ir_sequence_{sequence_id:03}"
            self.cr.execute("SELECT setval(%s::regclass, %s)", (name, count))
