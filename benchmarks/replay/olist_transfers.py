"""Transfers of the orders: stock → carrier → customer, with moves and the pieces on them."""


class TransferRows:
    """The part of the documents that concerns transfers; uses ``shop``, ``rows`` and ``ids``."""

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
                "name": order_name(number),
                "move_type": "direct",
                "partner_id": address,
            }
        )
        common = {"sale_id": order_id, "group_id": group_id, "partner_id": address}
        common["origin"] = order_name(number)
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


def order_name(number):
    """Return the name of the n-th order."""
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
