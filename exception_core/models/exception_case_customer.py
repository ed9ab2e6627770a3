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
        """Note tier, contract value and promise of the customer: one write for each kind of
        record."""
        by_model = defaultdict(list)
        places = self._promise_fields()
        for case in self:
            place = case.res_model if case.res_id and case.res_model in places else None
            by_model[place].append(case.id)
        self.flush_model()
        self.env["exception.partner.tier"].flush_model()
        for model, ids in by_model.items():
            if model:
                self.env[model].flush_model()
            self._write_customer(ids, model, places.get(model))
        names = ["tier_id", "contract_value", "promised_at"]
        self.invalidate_recordset(names, flush=False)

    def _write_customer(self, ids, model, promise):
        """Write what is known of these cases, whose records are of one model, if it is new."""
        record = SQL()
        if model:
            table = SQL.identifier(self.env[model]._table)
            record = SQL("LEFT JOIN %s AS record ON record.id = c.res_id", table)
        self.env.cr.execute(
            SQL(
                """UPDATE exception_case
                      SET tier_id = known.tier_id, contract_value = known.contract_value,
                          promised_at = known.promised_at
                     FROM (SELECT c.id, COALESCE(c.tier_id, tier.tier_id) AS tier_id,
                                  COALESCE(tier.contract_value, c.contract_value)
                                      AS contract_value,
                                  COALESCE(c.promised_at, %s) AS promised_at
                             FROM exception_case AS c
                        LEFT JOIN res_partner AS partner ON partner.id = c.partner_id
                        LEFT JOIN exception_partner_tier AS tier
                                  ON tier.partner_id = partner.commercial_partner_id
                                     AND tier.company_id = c.company_id
                               %s
                            WHERE c.id = ANY(%s)) AS known
                    WHERE exception_case.id = known.id
                          AND (known.tier_id, known.contract_value, known.promised_at)
                              IS DISTINCT FROM (exception_case.tier_id,
                                                exception_case.contract_value,
                                                exception_case.promised_at)""",
                promise or SQL("NULL::timestamp"),
                record,
                ids,
            )
        )

    @api.model
    def _protected_fields(self):
        return super()._protected_fields() | {"contract_value"}
