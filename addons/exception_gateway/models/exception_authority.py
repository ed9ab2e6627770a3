from odoo import _, api, fields, models
from odoo.tools import SQL

KINDS_OF_DATA = [
    ("price", "Prices"),
    ("stock", "Stock"),
    ("order", "Order status"),
    ("payment", "Payments"),
    ("shipment", "Shipments"),
    ("customer", "Customers"),
]


class ExceptionAuthority(models.Model):
    """Which system is right about a kind of data of a company.

    What an event of another system says is never written there: where it differs, a case opens.
    Where nothing is said, Odoo is right.
    """

    _name = "exception.authority"
    _description = "Authority"
    _inherit = "exception.versioned"
    _order = "data_kind, company_id"
    _rec_name = "data_kind"

    data_kind = fields.Selection(KINDS_OF_DATA, "About", required=True)
    company_id = fields.Many2one("res.company", help="Empty: every company without its own line.")
    system_id = fields.Many2one(
        "exception.system", "Is right", ondelete="restrict", help="Empty: Odoo."
    )
    note = fields.Char("Why", help="Example: the warehouse counts, we only sell.")

    def init(self):
        """Two systems cannot both be right; no company counts as one, too."""
        self.env.cr.execute(
            SQL(
                "CREATE UNIQUE INDEX IF NOT EXISTS exception_authority_kind_uniq"
                " ON exception_authority (data_kind, COALESCE(company_id, 0))"
            )
        )

    def _version_title(self):
        labels = dict(self._fields["data_kind"]._description_selection(self.env))
        return _("Authority about: %s", labels.get(self.data_kind, ""))

    @api.model
    def _who_is_right(self):
        """Return {(kind of data, company id or False): system id or False for Odoo}."""
        # sudo: which system is right does not depend on who asks
        lines = self.sudo().search([])
        return {(line.data_kind, line.company_id.id): line.system_id.id for line in lines}

    @api.model
    def _may_write(self, known, data_kind, company, system):
        """Tell whether what this system says counts.

        :param dict known: what ``_who_is_right`` returns
        """
        right = known.get((data_kind, company.id), known.get((data_kind, False), False))
        return bool(right) and right == system.id
