from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL


class ExceptionCaseCustomer(models.Model):
    """What is known of a case's customer when it opens: tier, contract, what was promised."""

    _inherit = "exception.case"

    contract_value = fields.Monetary(
        "Contract value",
        currency_field="company_currency_id",
        readonly=True,
        copy=False,
        help="What the contract with the customer was worth when the case was opened.",
    )

    @api.model
    def _promise_fields(self):
        """Say where records keep what was promised to the customer; bridges add theirs.

        :return: {model: SQL of an instant over the model's table under the name ``record``}
        """
        return {}

    def _complete_customer(self):
        """Note tier, contract value and promise of the customer: one statement for all, and one
        for each kind of record."""
        if not self.ids:
            return
        self.flush_model()
        self.env["exception.partner.tier"].flush_model()
        self.env.cr.execute(
            SQL(
                """UPDATE exception_case
                      SET tier_id = COALESCE(exception_case.tier_id, tier.tier_id),
                          contract_value = tier.contract_value
                     FROM res_partner AS partner
                     JOIN exception_partner_tier AS tier
                       ON tier.partner_id = partner.commercial_partner_id
                    WHERE exception_case.id = ANY(%s)
                          AND partner.id = exception_case.partner_id
                          AND tier.company_id = exception_case.company_id""",
                list(self.ids),
            )
        )
        self._complete_promises()
        names = ["tier_id", "contract_value", "promised_at"]
        self.invalidate_recordset(names, flush=False)

    def _complete_promises(self):
        places = self._promise_fields()
        by_model = defaultdict(list)
        for case in self:
            if case.res_id and case.res_model in places:
                by_model[case.res_model].append(case.id)
        for model, ids in by_model.items():
            self.env[model].flush_model()
            self.env.cr.execute(
                SQL(
                    """UPDATE exception_case SET promised_at = %s
                         FROM %s AS record
                        WHERE exception_case.id = ANY(%s) AND record.id = exception_case.res_id
                              AND exception_case.promised_at IS NULL""",
                    places[model],
                    SQL.identifier(self.env[model]._table),
                    ids,
                )
            )

    @api.model
    def _protected_fields(self):
        return super()._protected_fields() | {"contract_value"}
