from odoo import api, fields, models
from odoo.tools import sql

from odoo.addons.exception_core.models.exception_rule_judge import _fact_values

MISMATCH = "payment_mismatch"


class ExceptionCasePayment(models.Model):
    """What playbooks ask of a payment that does not fit its order.

    Stored, since only stored fields are conditions. The tolerance is that of the moment at which
    the difference was found; the action that writes off asks again.
    """

    _inherit = "exception.case"

    payment_tolerated = fields.Boolean(
        "Difference within the tolerance",
        compute="_compute_payment_facts",
        store=True,
        precompute=True,
        help="What was paid differs by no more than is settled without asking (Settings).",
    )
    payment_over = fields.Boolean(
        "Paid too much",
        compute="_compute_payment_facts",
        store=True,
        precompute=True,
        help="Else the customer has paid too little.",
    )

    def _auto_init(self):
        """Add the columns beforehand: cases of before are not computed, one by one, for them."""
        for name in ("payment_tolerated", "payment_over"):
            if not sql.column_exists(self.env.cr, self._table, name):
                sql.create_column(self.env.cr, self._table, name, "bool")
        return super()._auto_init()

    @api.depends("type_id", "facts", "company_amount")
    def _compute_payment_facts(self):
        for case in self:
            mismatch = case.type_id.code == MISMATCH
            # sudo: a limit of the settings, compared and not shown
            limit = mismatch and case.company_id.sudo().exception_settle_tolerance
            case.payment_tolerated = mismatch and abs(case.company_amount) <= limit
            case.payment_over = mismatch and case._payment_difference() > 0

    def _payment_difference(self):
        """Return the difference that the detector saw: above 0 was paid too much."""
        self.ensure_one()
        return float(_fact_values(self.facts).get("difference") or 0)

    @api.model
    def _protected_fields(self):
        return super()._protected_fields() | {"payment_tolerated", "payment_over"}
