from datetime import timedelta

from odoo import _lt, models
from odoo.tools import SQL

from odoo.addons.exception_core.tools.released import released_query

from ..tools import order_sql as sql

# Volumes are kept in m³: with fewer decimals a shoe box is stored as 0 and says nothing.
VOLUME_DIGITS = 4


def basket(order):
    """Return the multiset of products of an order as one comparable value; NULL when empty."""
    return SQL(
        """(SELECT array_agg(ROW(piece.product_id, piece.unit, piece.quantity)
                             ORDER BY piece.product_id, piece.unit)
              FROM (SELECT line.product_id, line.product_uom AS unit,
                           sum(line.product_uom_qty) AS quantity
                      FROM sale_order_line line
                     WHERE line.order_id = %s AND %s
                     GROUP BY line.product_id, line.product_uom) AS piece)""",
        SQL.identifier(order, "id"),
        sql.REAL_LINE,
    )


class ExceptionQueryOrder(models.AbstractModel):
    """Orders that cannot be worked as they are: double, empty, incomplete or unavailable."""

    _inherit = "exception.query"

    @released_query("order_duplicate", model="sale.order", title=_lt("Ordered twice"))
    def _query_order_duplicate(self, request):
        """Orders that repeat all products of the customer's order of a few hours before."""
        window = timedelta(hours=sql.parameter(request, "window_hours"))
        return SQL(
            """SELECT o.id AS res_id, o.company_id, o.partner_id,
                      o.amount_total AS amount, o.currency_id, o.date_order AS occurred_at,
                      jsonb_build_object(
                          'minutes_apart',
                          round(extract(epoch FROM o.date_order - earlier.date_order) / 60, 1),
                          'earlier_order', earlier.name,
                          'earlier_at', earlier.date_order,
                          'ordered_at', o.date_order) AS facts,
                      %(country)s AS country_id, o.warehouse_id
                 FROM sale_order o
                CROSS JOIN LATERAL (
                      SELECT e.name, e.date_order FROM sale_order e
                       WHERE e.partner_id = o.partner_id AND e.company_id = o.company_id
                         AND e.date_order BETWEEN o.date_order - %(window)s AND o.date_order
                         AND (e.date_order, e.id) < (o.date_order, o.id)
                         AND e.state = ANY(%(states)s)
                         AND %(earlier_basket)s = %(basket)s
                       ORDER BY e.date_order DESC, e.id DESC
                       LIMIT 1) AS earlier
                WHERE o.state = ANY(%(states)s) AND %(recent)s""",
            country=sql.SHIP_COUNTRY,
            window=window,
            states=sql.order_states(request),
            earlier_basket=basket("e"),
            basket=basket("o"),
            recent=sql.look_back(SQL("o.date_order"), request),
        )

    @released_query(
        "data_missing_dimensions", model="sale.order", title=_lt("Product without weight or size")
    )
    def _query_data_missing_dimensions(self, request):
        """Orders of goods whose weight or volume is not known."""
        return SQL(
            """SELECT lacking.order_id AS res_id, o.company_id, o.partner_id,
                      o.amount_total AS amount, o.currency_id, o.date_order AS occurred_at,
                      (SELECT jsonb_build_object(
                                  'products', string_agg(
                                      COALESCE(product.name->>'en_US', product.name::text), ', '
                                      ORDER BY variant.id),
                                  'weight', CASE WHEN count(*) = 1 THEN max(variant.weight) END,
                                  'volume', CASE WHEN count(*) = 1 THEN max(variant.volume) END)
                         FROM product_product variant
                         JOIN product_template product ON product.id = variant.product_tmpl_id
                        WHERE variant.id = ANY(lacking.products)) AS facts,
                      %(country)s AS country_id, o.warehouse_id, o.carrier_id,
                      lacking.products[1] AS product_id
                 FROM (SELECT line.order_id,
                              array_agg(DISTINCT line.product_id) AS products
                         FROM sale_order_line line
                         JOIN product_product variant ON variant.id = line.product_id
                         JOIN product_template product ON product.id = variant.product_tmpl_id
                        WHERE product.type <> 'service' AND %(real_line)s AND %(lacks)s
                        GROUP BY line.order_id) AS lacking
                 JOIN sale_order o ON o.id = lacking.order_id
                WHERE o.state = ANY(%(states)s) AND %(recent)s""",
            country=sql.SHIP_COUNTRY,
            real_line=sql.REAL_LINE,
            lacks=self._lacks_dimensions(),
            states=sql.order_states(request),
            recent=sql.look_back(SQL("o.date_order"), request),
        )

    def _lacks_dimensions(self):
        """Tell whether weight or volume of product ``variant`` are not known."""
        no_volume = SQL("COALESCE(variant.volume, 0) <= 0")
        return SQL(
            "(COALESCE(variant.weight, 0) <= 0 OR %s)",
            no_volume if self._keeps_volumes() else SQL("FALSE"),
        )

    def _keeps_volumes(self):
        """Tell whether volumes are kept so that they say something."""
        digits = self.env["decimal.precision"].precision_get("Volume")
        return (digits or 0) >= VOLUME_DIGITS

    @released_query("order_without_lines", model="sale.order", title=_lt("Order without products"))
    def _query_order_without_lines(self, request):
        """Confirmed orders that say nothing about what the customer is to get."""
        return SQL(
            """SELECT o.id AS res_id, o.company_id, o.partner_id,
                      o.amount_total AS amount, o.currency_id, o.date_order AS occurred_at,
                      jsonb_build_object(
                          'ordered_at', o.date_order,
                          'customer_reference', o.client_order_ref) AS facts,
                      %(country)s AS country_id, o.warehouse_id
                 FROM sale_order o
                WHERE o.state = ANY(%(states)s)
                  AND NOT EXISTS (SELECT FROM sale_order_line line
                                   WHERE line.order_id = o.id AND %(real_line)s)""",
            country=sql.SHIP_COUNTRY,
            states=sql.order_states(request),
            real_line=sql.REAL_LINE,
        )

    @released_query("order_unavailable", model="sale.order", title=_lt("Order unavailable"))
    def _query_order_unavailable(self, request):
        """Confirmed orders that nobody is going to deliver; see :func:`order_sql.unavailable`."""
        return SQL(
            """SELECT o.id AS res_id, o.company_id, o.partner_id,
                      o.amount_total AS amount, o.currency_id, o.date_order AS occurred_at,
                      jsonb_build_object(
                          'ordered_at', o.date_order,
                          'promised_at', o.commitment_date) AS facts,
                      %(country)s AS country_id, o.warehouse_id
                 FROM sale_order o
                WHERE o.state = 'sale'
                  AND (o.effective_date IS NULL OR o.delivery_status IS DISTINCT FROM 'full')
                  AND %(unavailable)s""",
            country=sql.SHIP_COUNTRY,
            unavailable=sql.unavailable(request),
        )
