"""Conditions on orders and transfers that several detectors share, as SQL.

Each fragment speaks of fixed aliases: ``o`` is the order (sale_order). They read standard tables
only, and only correlated sub-selects with an index behind them, so that a restriction of the
order's id is pushed down to an index look-up.
"""

from datetime import timedelta

from odoo.tools import SQL

# What a parameter is worth on a detector that lacks it: queries may be chosen for own detectors.
DEFAULTS = {
    "tolerance_days": 0,
    "tolerance_hours": 0.0,
    "tolerance": 0.05,
    "max_days": 5.0,
    "window_hours": 24.0,
    "look_back_days": 0,
    "include_cancelled": 0,
    "unavailable_tags": "",
}

OPEN_TRANSFER = SQL("('draft', 'waiting', 'confirmed', 'assigned')")

# The time zone in which an order's days are counted, for a lateral join as ``zone``. OFFSET 0 here
# and below keeps PostgreSQL from planning it as one large join, which takes longer than to run it.
ZONE = SQL(
    """SELECT COALESCE(NULLIF(dock.tz, ''), NULLIF(office.tz, ''),
                       NULLIF(calendar.tz, ''), 'UTC') AS name
         FROM res_company company
         JOIN res_partner office ON office.id = company.partner_id
         LEFT JOIN resource_calendar calendar ON calendar.id = company.resource_calendar_id
         LEFT JOIN stock_warehouse warehouse ON warehouse.id = o.warehouse_id
         LEFT JOIN res_partner dock ON dock.id = warehouse.partner_id
        WHERE company.id = o.company_id
       OFFSET 0"""
)

# Where the goods of the order go, for the dimension "country".
SHIP_COUNTRY = SQL(
    "(SELECT ship.country_id FROM res_partner ship WHERE ship.id = o.partner_shipping_id)"
)

# A line that says what the customer gets: no section, note, freight or down payment.
REAL_LINE = SQL(
    """line.display_type IS NULL AND line.is_delivery IS NOT TRUE
       AND line.is_downpayment IS NOT TRUE"""
)

# An order that owes goods: one of them on a line, or (an import that lost them) no line at all.
# What has lines and only services on them is never delivered. OFFSET 0 keeps PostgreSQL from
# reading the lines of all orders ever for the few that are looked at (1.2 s → 0.25 s at 1 M).
OWES_GOODS = SQL(
    """(EXISTS (SELECT FROM sale_order_line line
                  JOIN product_product variant ON variant.id = line.product_id
                  JOIN product_template product ON product.id = variant.product_tmpl_id
                 WHERE line.order_id = o.id AND product.type <> 'service' AND %(real)s OFFSET 0)
        OR NOT EXISTS (SELECT FROM sale_order_line line
                        WHERE line.order_id = o.id AND %(real)s OFFSET 0))""",
    real=REAL_LINE,
)


def parameter(request, name):
    """Return the value of a detector's parameter."""
    return request.params.get(name, DEFAULTS[name])


def local_day(instant):
    """Return the calendar day of a UTC timestamp in the order's time zone."""
    return SQL("((%s AT TIME ZONE 'UTC') AT TIME ZONE zone.name)::date", instant)


def leaves_house(source, destination):
    """Tell whether a transfer hands the goods over to the carrier (or the customer).

    Goods are out of the house when they go to a customer, or to a transit location that stands
    for the carrier. The transit locations between a company's own warehouses do not.
    """
    return SQL(
        """%(src)s.usage NOT IN ('transit', 'customer')
           AND (%(dest)s.usage = 'customer'
                OR (%(dest)s.usage = 'transit' AND %(dest)s.id <> (
                        SELECT COALESCE(own.internal_transit_location_id, 0)
                          FROM res_company own WHERE own.id = %(dest)s.company_id)))""",
        src=SQL.identifier(source),
        dest=SQL.identifier(destination),
    )


def customer_transfer(condition):
    """Tell whether the order has a transfer ``t`` to a customer that meets a condition."""
    return SQL(
        """EXISTS (SELECT FROM stock_picking t
                     JOIN stock_location t_dest ON t_dest.id = t.location_dest_id
                    WHERE t.sale_id = o.id AND t_dest.usage = 'customer' AND (%s))""",
        condition,
    )


def handed_over():
    """Tell whether any goods of the order have left the house."""
    return SQL(
        """EXISTS (SELECT FROM stock_picking t
                     JOIN stock_location t_src ON t_src.id = t.location_id
                     JOIN stock_location t_dest ON t_dest.id = t.location_dest_id
                    WHERE t.sale_id = o.id AND t.state = 'done' AND %s)""",
        leaves_house("t_src", "t_dest"),
    )


def tag_names(text):
    """Split a parameter of comma separated tag names; case and outer blanks do not count."""
    return [name.strip().lower() for name in (text or "").split(",") if name.strip()]


def unavailable(request):
    """Tell whether nobody is going to deliver the order although it is confirmed.

    Either a tag on the order says so (its name in any language; a sales channel or a person set
    it), or every transfer to the customer was cancelled and none replaces it.
    """
    names = tag_names(parameter(request, "unavailable_tags"))
    tagged = SQL(
        """EXISTS (SELECT FROM sale_order_tag_rel tagged
                    WHERE tagged.order_id = o.id
                      AND tagged.tag_id = ANY(ARRAY(
                              SELECT tag.id FROM crm_tag tag, jsonb_each_text(tag.name) AS said
                               WHERE lower(said.value) = ANY(%s))))""",
        names,
    )
    given_up = SQL(
        """(SELECT bool_and(t.state = 'cancel') FROM stock_picking t
              JOIN stock_location t_dest ON t_dest.id = t.location_dest_id
             WHERE t.sale_id = o.id AND t_dest.usage = 'customer') IS TRUE"""
    )
    return SQL("(%s OR %s)", tagged if names else SQL("FALSE"), given_up)


def order_states(request):
    """Return the states of orders that count: confirmed, and cancelled if the parameter says so.

    Quotations count as the orders they are about to become, when a hold asks before they are
    confirmed, or before their goods are reserved, which confirming does.
    """
    states = ["sale", "cancel"] if parameter(request, "include_cancelled") else ["sale"]
    return [*states, "draft", "sent"] if request.step else states


def look_back(column, request):
    """Leave out what lies further back than the parameter says; 0 leaves out nothing."""
    days = parameter(request, "look_back_days")
    if not days:
        return SQL("TRUE")
    return SQL("%s >= %s", column, request.now - timedelta(days=days))
