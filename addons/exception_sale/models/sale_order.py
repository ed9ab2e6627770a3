from dataclasses import replace

from odoo import _, api, models
from odoo.exceptions import UserError

from odoo.addons.exception_core.tools.guarded_step import GuardedStep


class SaleOrder(models.Model):
    """Sales orders show their open exceptions, and wait to be confirmed while one holds them."""

    _name = "sale.order"
    _inherit = ["sale.order", "exception.record.mixin", "exception.hold.mixin"]

    @api.model
    def _exception_steps(self):
        steps = {
            **super()._exception_steps(),
            "confirm": GuardedStep(
                methods=("action_confirm",),
                field="state",
                before=("draft", "sent"),
                after=("sale",),
            ),
        }
        if "picking_ids" in self._fields:
            # an order can be held from having its goods reserved or sent: its transfers ask
            steps.update(reserve=GuardedStep(), validate=GuardedStep())
            # and confirming reserves
            steps["confirm"] = replace(steps["confirm"], along=("reserve",))
        return steps

    @api.model
    def _exception_material_paths(self):
        """Who buys what for how much, and where it goes."""
        address = ("street", "street2", "zip", "city", "state_id", "country_id")
        return [
            *super()._exception_material_paths(),
            "partner_id",
            "partner_invoice_id",
            *(f"partner_invoice_id.{name}" for name in address),
            "partner_shipping_id",
            *(f"partner_shipping_id.{name}" for name in address),
            "company_id",
            "currency_id",
            "pricelist_id",
            "payment_term_id",
            "fiscal_position_id",
            "amount_total",
            "order_line.product_id",
            "order_line.name",
            "order_line.product_uom",
            "order_line.product_uom_qty",
            "order_line.price_unit",
            "order_line.discount",
            "order_line.tax_id",
        ]

    def _send_order_confirmation_mail(self):
        """Tell customers that their order is confirmed, if it is: payment and portal ask for it
        whatever happened to the order."""
        confirmed = self.filtered(lambda order: order.state == "sale")
        return super(SaleOrder, confirmed)._send_order_confirmation_mail()

    # ------------------------------------------------------------------
    # held although the customer has done their part
    # ------------------------------------------------------------------

    def _exception_awaits(self, step):
        """Let paid and signed orders confirm by themselves as soon as nothing holds them."""
        if step != "confirm":
            return super()._exception_awaits(step)
        # sudo: payments are not for salespeople; only whether there is one is told
        orders = self.sudo()
        paid = orders.filtered(lambda order: order._exception_paid()).sudo(False)
        signed = (orders - paid.sudo()).filtered(
            lambda order: order.signature and not order._has_to_be_paid()
        )
        words = {
            _("The customer has paid; the payment is kept, the order stays a quotation."): paid,
            _("The customer has signed; the order stays a quotation."): signed.sudo(False),
        }
        return {text: found for text, found in words.items() if found}

    def _exception_paid(self):
        """Tell whether the customer has paid what confirms the order."""
        self.ensure_one()
        paid = self.transaction_ids.filtered(lambda tx: tx.state in ("authorized", "done"))
        return bool(paid) and self._is_confirmation_amount_reached()

    def _exception_resume(self, step):
        """Go on as the payment would have: confirm, tell the customer, and invoice if set so."""
        if step != "confirm":
            return super()._exception_resume(step)
        result = self.with_context(send_email=True)._exception_do(step)
        confirmed = self.filtered(lambda order: order.state == "sale")
        if confirmed:
            confirmed._exception_tell_confirmed()
            done = confirmed.transaction_ids.filtered(lambda tx: tx.state == "done")
            done._exception_invoice_late()
        return result

    def _exception_tell_confirmed(self):
        """Send the usual mail; what keeps it from being made keeps no order from going on."""
        for order in self:
            try:
                with self.env.cr.savepoint():
                    order._send_order_confirmation_mail()
            except UserError as error:
                order.message_post(
                    body=_(
                        "The mail that confirms the order could not be made, so send it by hand: "
                        "%s",
                        error,
                    )
                )
