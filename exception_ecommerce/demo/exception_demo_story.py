from datetime import timedelta

from odoo import Command, api, fields, models

from . import people
from .orders import ORDERS, THRESHOLDS

MODULE = "exception_ecommerce"
QUIET = {"tracking_disable": True, "mail_create_nolog": True, "mail_create_nosubscribe": True}
# Detectors have been on for a fortnight: what is older was found on the first day.
FIRST_DAY = 13.4
# Nobody has desks.
IN_STOCK = ("table", "chair", "lamp", "sofa", "shelf", "rug", "basket", "mirror", "vase")


class ExceptionDemoStory(models.AbstractModel):
    """Demo data: a furniture shop's last three weeks.

    Orders, payments and transfers are real records in every state; the detectors sweep them, and
    people work the cases that were found. Only the moments are told, because a database that was
    made a minute ago has no past. What became of promises is in ``exception_demo_promises``.
    """

    _name = "exception.demo.story"
    _description = "Exception Demo Story"

    @api.model
    def _tell(self):
        """Make the records, sweep, and work the cases. Called once, by the demo data."""
        story = self.with_context(**QUIET)
        now = fields.Datetime.now()
        story._let_people_in()
        story._stock_up()
        orders = {row["code"]: story._make_order(row, now) for row in ORDERS}
        story._make_transit(now)
        story._rank_customers()
        story._sweep(now)
        story._date_back(now)
        story._work(orders)
        story._decide(orders)
        story._put_right(orders, now)
        story._report(now)
        self.env["exception.case"]._refresh_bundles()
        story._keep_promises(now)
        story._find_problems()

    # ------------------------------------------------------------------
    # records
    # ------------------------------------------------------------------

    def _let_people_in(self):
        """Let the people of the demo open the orders and transfers of their cases."""
        apps = self.env.ref("sales_team.group_sale_salesman_all_leads")
        apps += self.env.ref("stock.group_stock_user")
        agents = self.env.ref("exception_core.group_user").users.filtered("active")
        agents.write({"groups_id": [Command.link(group.id) for group in apps]})

    def _stock_up(self):
        stock = self.env.ref("stock.warehouse0").lot_stock_id
        for name in IN_STOCK:
            product = self.env.ref(f"{MODULE}.product_{name}")
            self.env["stock.quant"]._update_available_quantity(product, stock, 200)

    def _make_order(self, row, now):
        """Create an order as a shop would, and take it as far as the row says."""
        ordered = now - timedelta(days=row["ordered"])
        order = self.env["sale.order"].create(
            {
                "partner_id": self.env.ref(f"{MODULE}.partner_{row['customer']}").id,
                "warehouse_id": self.env.ref("stock.warehouse0").id,
                "user_id": self.env.ref("base.user_admin").id,
                "client_order_ref": row["reference"],
                # what holds judges the order by when it was made
                "date_order": ordered,
                "require_payment": False,
                "require_signature": False,
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.env.ref(f"{MODULE}.product_{product}").id,
                            "product_uom_qty": quantity,
                        }
                    )
                    for product, quantity in row["basket"].items()
                ],
            }
        )
        if row["basket"]:
            order.commitment_date = ordered + timedelta(days=row["promise"])
        # as its button does; while addons are being installed no button is guarded yet
        order._exception_take("confirm", type(order).action_confirm, (), {})
        order.date_order = ordered
        if row["share"] and order.amount_total:
            self._pay(order, order.amount_total * row["share"], ordered + timedelta(hours=1))
        # an order that is held stays a quotation and has no transfer
        order.picking_ids.scheduled_date = ordered + timedelta(days=row["ship_by"])
        self._go_on(order, row, now)
        return order

    def _go_on(self, order, row, now):
        if row["shipped"] is not None:
            self._ship(order.picking_ids, now - timedelta(days=row["shipped"]), row["pieces"])
        if row["cancelled"]:
            order._action_cancel()
        if row["unavailable"]:
            order.tag_ids = self.env.ref(f"{MODULE}.tag_unavailable")

    def _pay(self, order, amount, when):
        number = self.env["payment.transaction"].search_count([("reference", "=like", "WEB-%")])
        return self.env["payment.transaction"].create(
            {
                "reference": f"WEB-{number + 1:05d}",
                "provider_id": self.env.ref("payment.payment_provider_demo").id,
                "payment_method_id": self.env.ref("payment.payment_method_card").id,
                "amount": order.currency_id.round(amount),
                "currency_id": order.currency_id.id,
                "partner_id": order.partner_id.id,
                "operation": "online_redirect",
                "state": "done",
                "last_state_change": when,
                "sale_order_ids": [Command.set(order.ids)],
            }
        )

    def _ship(self, picking, when, pieces=None):
        """Complete a transfer; with ``pieces``, so many of it, the rest as a backorder."""
        if pieces:
            move = picking.move_ids
            quants = self.env["stock.quant"]
            quants._update_available_quantity(move.product_id, move.location_id, pieces)
            picking.action_assign()
        self._lift(picking._exception_holds("validate"))
        for move in picking.move_ids:
            move.write({"quantity": pieces or move.product_uom_qty, "picked": True})
        picking._action_done()
        picking.date_done = when
        picking.move_ids.date = when

    def _lift(self, cases, note="Weighed at the dock: 0.6 kg each."):
        """Let a manager lift what holds, with a reason."""
        if cases:
            manager = self.env.ref("exception_core.user_manager")
            reason = self.env.ref("exception_core.reason_override_manager_decision")
            cases.with_user(manager).lift_hold(reason.id, note)

    def _make_transit(self, now):
        """Goods left for the other house and have not been booked in."""
        warehouse = self.env.ref("stock.warehouse0")
        places = {
            "location_id": self.env.company.internal_transit_location_id.id,
            "location_dest_id": warehouse.lot_stock_id.id,
        }
        product = self.env.ref(f"{MODULE}.product_chair")
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": warehouse.in_type_id.id,
                "origin": "Showroom return",
                "move_ids": [
                    Command.create(
                        {
                            "name": product.name,
                            "product_id": product.id,
                            "product_uom_qty": 8,
                            **places,
                        }
                    )
                ],
                **places,
            }
        )
        picking.action_confirm()
        picking.scheduled_date = now - timedelta(days=2.2)

    # ------------------------------------------------------------------
    # cases
    # ------------------------------------------------------------------

    def _sweep(self, now):
        for detector in self.env["exception.detector"].search([("state", "=", "enabled")]):
            detector._sweep(now)

    def _date_back(self, now):
        """Tell when the cases would have been found: when the condition began to hold."""
        cases = self.env["exception.case"].search([("detector_id", "!=", False)])
        first = now - timedelta(days=FIRST_DAY)
        for case in cases:
            days = THRESHOLDS.get(case.detector_id.code, 0)
            began = case.occurred_at + timedelta(days=days, minutes=7 + case.id % 40)
            case.detected_at = max(first, min(began, now - timedelta(minutes=3 + case.id % 9)))
            if case.user_id:
                # given by the method of its team, within the minute
                case.assigned_at = case.detected_at + timedelta(minutes=1)
        cases._make_clocks()

    def _case(self, row, orders):
        """Return the case of a row, in the hands of who works it."""
        order = orders[row["order"]]
        case = self.env["exception.case"].search(
            [
                ("detector_id", "=", self.env.ref(f"{MODULE}.detector_{row['detector']}").id),
                ("res_model", "in", ("sale.order", "stock.picking")),
                ("res_name", "in", [order.name, *order.picking_ids.mapped("name")]),
            ],
            limit=1,
        )
        user = self.env.ref(f"exception_core.user_{row['who']}")
        if case.user_id != user:
            case.user_id = False
        case.with_user(user).assign_to_me()
        taken = case.detected_at + timedelta(hours=row["taken"])
        case.write({"assigned_at": taken, "first_response_at": taken})
        return case.with_user(user)

    def _reason(self, code):
        return self.env["exception.reason"].search([("code", "=", code)], limit=1).id

    def _work(self, orders):
        """Let people work: taken, waiting, resolved, and no problem at all."""
        for row in people.TAKEN:
            self._case(row, orders)
        for row in people.WAITING:
            until = fields.Datetime.now() + timedelta(days=row["days"])
            self._case(row, orders).wait(row["waiting_for"], until, row["note"])
        for row in people.RESOLVED:
            case = self._case(row, orders)
            reasons = self._reason(row["cause"]), self._reason(row["resolution"])
            result = case.resolve(*reasons, row["note"], cover_bundle=row["bundle"])
            self._ended(case.browse(result["done"] + result["covered"]), row)
        for row in people.FALSE_ALARMS:
            case = self._case(row, orders)
            case.mark_false_alarm(self._reason(row["reason"]), row["note"])
            self._ended(case, row)
        for row in people.ACCEPTED:
            case = self._case(row, orders)
            # who accepts it has no right to let held goods go
            self._lift(case, row["note"])
            until = fields.Date.today() + timedelta(days=row["days"])
            case.accept_risk(until, self._reason(row["reason"]), row["note"])
            self._ended(case, row)

    def _ended(self, cases, row):
        for case in cases.sudo():
            case.resolved_at = case.detected_at + timedelta(hours=row["ended"])

    def _put_right(self, orders, now):
        """Mend two orders in their own apps: the next sweep finds it and closes the cases."""
        lamp_order = orders["money_3"]
        self._pay(lamp_order, lamp_order.amount_total / 2, now - timedelta(days=5.5))
        orders["twice_2_again"].transaction_ids.state = "cancel"
        orders["twice_2_again"]._action_cancel()
        self._sweep(now)
        cleared = self.env["exception.case"].search([("outcome", "=", "cleared")])
        for case in cleared:
            case.resolved_at = min(now, case.detected_at + timedelta(hours=19))
