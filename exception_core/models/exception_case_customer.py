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
        names = ["tier_id", "contract_value", "promised_at"]
        self.flush_model([*names, "partner_id", "company_id", "res_id"])
        self.env["exception.partner.tier"].flush_model()
        for model, ids in by_model.items():
            if model:
                self.env[model].flush_model()
            found = self._find_customer(ids, model, places.get(model))
            cases = self.browse(row[0] for row in found)
            for place, name in enumerate(names, 1):
                cases._keep(name, [row[place] for row in found])

    @api.model
    def _find_customer(self, ids, model, promise):
        """Return (case, tier, contract value, promise) of those of these cases where it is new.

        The records of all of them are of one model.
        """
        record = SQL()
        if model:
            table = SQL.identifier(self.env[model]._table)
            record = SQL("LEFT JOIN %s AS record ON record.id = c.res_id", table)
        self.env.cr.execute(
            SQL(
                """SELECT id, tier_id, contract_value, promised_at
                     FROM (SELECT c.id, COALESCE(c.tier_id, tier.tier_id) AS tier_id,
                                  COALESCE(tier.contract_value, c.contract_value)
                                      AS contract_value,
                                  COALESCE(c.promised_at, %s) AS promised_at,
                                  (c.tier_id, c.contract_value, c.promised_at) AS before
                             FROM exception_case AS c
                        LEFT JOIN res_partner AS partner ON partner.id = c.partner_id
                        LEFT JOIN exception_partner_tier AS tier
                                  ON tier.partner_id = partner.commercial_partner_id
                                     AND tier.company_id = c.company_id
                               %s
                            WHERE c.id = ANY(%s)) AS known
                    WHERE (tier_id, contract_value, promised_at) IS DISTINCT FROM before""",
                promise or SQL("NULL::timestamp"),
                record,
                ids,
            )
        )
        return self.env.cr.fetchall()

    @api.model
    def _protected_fields(self):
        return super()._protected_fields() | {"contract_value"}
