from odoo import fields, models


class SaleOrder(models.Model):
    """What an order earns, before and after what was given away on it."""

    _inherit = "sale.order"

    def _exception_margins(self, run=None):
        """Return the margin without discounts and as the order stands, in company currency.

        :param run: what is asked for; not used here, for verticals that know what it costs
        :return: (before, after), or None for an order without products
        """
        self.ensure_one()
        lines = self.order_line.filtered(lambda line: line.product_id and not line.display_type)
        if not lines:
            return None
        company = self.company_id
        before = after = cost = 0.0
        for line in lines:
            after += line.price_subtotal
            kept = 1.0 - (line.discount or 0.0) / 100.0
            before += line.price_subtotal / kept if kept else line._exception_full_price()
            product = line.product_id.with_company(company)
            quantity = line.product_uom._compute_quantity(
                line.product_uom_qty, product.uom_id, raise_if_failure=False
            )
            cost += product.standard_price * quantity
        date = (self.date_order or fields.Datetime.now()).date()
        rate = self.currency_id._get_conversion_rate(
            self.currency_id, company.currency_id, company, date
        )
        return tuple(company.currency_id.round(total * rate - cost) for total in (before, after))


class SaleOrderLine(models.Model):
    """The price of a line that was given away wholly."""

    _inherit = "sale.order.line"

    def _exception_full_price(self):
        taxes = self.tax_id.compute_all(
            self.price_unit,
            self.order_id.currency_id,
            self.product_uom_qty,
            product=self.product_id,
            partner=self.order_id.partner_shipping_id,
        )
        return taxes["total_excluded"]
