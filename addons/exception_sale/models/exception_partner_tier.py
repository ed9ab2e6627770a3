from odoo import api, models
from odoo.tools import SQL


class ExceptionPartnerTier(models.Model):
    """Confirmed sales orders make a customer's tier."""

    _inherit = "exception.partner.tier"

    @api.model
    def _tier_revenue_sql(self, since):
        """Add confirmed orders, untaxed, at the rate that each order was made with."""
        return [
            *super()._tier_revenue_sql(since),
            SQL(
                """SELECT customer.commercial_partner_id AS partner_id, sale.company_id,
                          sale.amount_untaxed / COALESCE(NULLIF(sale.currency_rate, 0), 1)
                              AS revenue
                     FROM sale_order AS sale
                     JOIN res_partner AS customer ON customer.id = sale.partner_id
                    WHERE sale.state = 'sale' AND sale.date_order >= %s""",
                since,
            ),
        ]
