from odoo import api, models

from odoo.addons.exception_core.tools.guarded_step import GuardedStep


class SaleOrder(models.Model):
    """Sales orders show their open exceptions, and wait to be confirmed while one holds them."""

    _name = "sale.order"
    _inherit = ["sale.order", "exception.record.mixin", "exception.hold.mixin"]

    @api.model
    def _exception_steps(self):
        return {
            **super()._exception_steps(),
            "confirm": GuardedStep(
                methods=("action_confirm",),
                field="state",
                before=("draft", "sent"),
                after=("sale",),
            ),
        }

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
