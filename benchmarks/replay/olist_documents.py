"""Write orders, payments and transfers by SQL, as Odoo itself would have left them.

Real-time detection plays no part here: plain SQL saves nothing through the ORM. Every stored
computed field is given the value that Odoo computes (tests compare them).
"""

from collections import defaultdict
from zoneinfo import ZoneInfo

from .olist_masters import TIME_ZONE
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


class Documents:
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
                "name": _order_name(number),
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

    # ------------------------------------------------------------------
    # transfers
    # ------------------------------------------------------------------

    def _transfers(self, order_id, number, order, lines):
        """Add hand-over and delivery. Returns what they mean for the order's stored fields."""
        goods = [line for line in lines if not line["is_delivery"]]
        if not goods and not order.handed and not order.delivered:
            return {"procurement_group_id": None, "effective_date": None, "delivery_status": None}
        group_id = next(self.ids["procurement_group"])
        address = self.shop.addresses[order.customer]
        self.rows["procurement_group"].append(
            {
                "id": group_id,
                "name": _order_name(number),
                "move_type": "direct",
                "partner_id": address,
            }
        )
        common = {"sale_id": order_id, "group_id": group_id, "partner_id": address}
        common["origin"] = _order_name(number)
        states = _transfer_states(order)
        first, second = self._both_transfers(common, number, order, states)
        self._moves(first, second, goods)
        return {
            "procurement_group_id": group_id,
            "effective_date": second["date_done"],
            "delivery_status": _delivery_status(states),
        }

    def _both_transfers(self, common, number, order, states):
        """Add the transfer to the carrier, planned for the earliest limit, and to the customer."""
        shop = self.shop
        handed, delivered = self._utc(order.handed), self._utc(order.delivered)
        bought, promised = self._utc(order.bought), self._utc(order.promised)
        ship_by = self._utc(order.ship_by) or handed or promised or bought
        first = self._transfer(common, f"HAND/{number:05}", shop.hand_over, states[0])
        first.update(location_id=shop.stock, location_dest_id=shop.on_the_way)
        first.update(scheduled_date=ship_by, date_done=handed)
        second = self._transfer(common, f"DELIVER/{number:05}", shop.delivery, states[1])
        second.update(location_id=shop.on_the_way, location_dest_id=shop.customers)
        second.update(scheduled_date=promised or delivered or ship_by, date_done=delivered)
        for transfer in (first, second):
            issue = bool(promised and transfer["scheduled_date"] > promised)
            transfer.update(date=bought, date_deadline=promised, has_deadline_issue=issue)
        return first, second

    def _transfer(self, common, name, kind, state):
        transfer = {
            "id": next(self.ids["stock_picking"]),
            "name": f"WH/{name}",
            "picking_type_id": kind,
            "company_id": self.shop.company,
            "move_type": "direct",
            "state": state,
            "priority": "0",
            "carrier_id": self.shop.carrier,
            "is_locked": True,
            **common,
        }
        self.rows["stock_picking"].append(transfer)
        return transfer

    def _moves(self, first, second, goods):
        for line in goods:
            if second["state"] == "done":
                line["qty_delivered"] = line["product_uom_qty"]
            origin = self._move(first, line, "make_to_stock")
            follow = self._move(second, line, "make_to_order")
            link = {"move_orig_id": origin["id"], "move_dest_id": follow["id"]}
            self.rows["stock_move_move_rel"].append(link)

    def _move(self, transfer, line, method):
        state, quantity = transfer["state"], line["product_uom_qty"]
        there = quantity if state in ("assigned", "done") else 0
        move = {
            "id": next(self.ids["stock_move"]),
            "name": line["name"],
            "reference": transfer["name"],
            "origin": transfer["origin"],
            "state": state,
            "date": transfer["date_done"] or transfer["scheduled_date"],
            "date_deadline": transfer["date_deadline"],
            "picking_id": transfer["id"],
            "picking_type_id": transfer["picking_type_id"],
            "group_id": transfer["group_id"],
            "partner_id": transfer["partner_id"],
            "company_id": self.shop.company,
            "warehouse_id": self.shop.warehouse,
            "product_id": line["product_id"],
            "product_uom": self.shop.unit,
            "product_uom_qty": quantity,
            "product_qty": quantity,
            "quantity": there,
            "picked": state == "done",
            "location_id": transfer["location_id"],
            "location_dest_id": transfer["location_dest_id"],
            "procure_method": method,
            "sale_line_id": line["id"],
            "priority": "0",
            "scrapped": False,
            "propagate_cancel": True,
            "sequence": 10,
        }
        self.rows["stock_move"].append(move)
        if there:
            self._move_line(move)
        return move

    def _move_line(self, move):
        shared = ("picking_id", "company_id", "product_id", "location_id", "location_dest_id")
        self.rows["stock_move_line"].append(
            {
                **{name: move[name] for name in (*shared, "state", "reference", "date", "picked")},
                "move_id": move["id"],
                "product_uom_id": move["product_uom"],
                "quantity": move["quantity"],
                "quantity_product_uom": move["quantity"],
            }
        )

    def _advance_sequences(self, count):
        """Let the next order that a person makes come after the loaded ones."""
        self.cr.execute(
            "SELECT id FROM ir_sequence WHERE code = 'sale.order' AND implementation = 'standard'"
        )
        for (sequence_id,) in self.cr.fetchall():
            name = f"ir_sequence_{sequence_id:03}"
            self.cr.execute("SELECT setval(%s::regclass, %s)", (name, count))


def _order_name(number):
    return f"S{number:05}"


def _transfer_states(order):
    """Return the states of hand-over and delivery; a verdict cancels what was not done."""
    if order.status in ("canceled", "unavailable"):
        expected = ("cancel", "cancel")
    else:
        expected = ("assigned", "assigned" if order.handed else "waiting")
    return [
        "done" if moment else state
        for moment, state in zip((order.handed, order.delivered), expected, strict=True)
    ]


def _delivery_status(states):
    """Return what Odoo computes for the order from its transfers' states."""
    if set(states) == {"cancel"}:
        return None
    if set(states) <= {"done", "cancel"}:
        return "full"
    return "partial" if "done" in states else "pending"
