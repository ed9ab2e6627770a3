from dateutil.relativedelta import relativedelta

from odoo import _, api, fields, models
from odoo.tools import SQL

# The revenue of so many months makes a customer's tier.
MONTHS = 12


class ExceptionPartnerTier(models.Model):
    """What a customer is worth to one company: by rule from its revenue, or said by a person.

    There is one row for a commercial partner and a company; contacts use the one of theirs.
    People change it through ``exception.partner.tier.change`` only, with a reason.
    """

    _name = "exception.partner.tier"
    _description = "Exception Customer's Tier"
    _order = "revenue desc, id"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, index=True, ondelete="cascade")
    currency_id = fields.Many2one(related="company_id.currency_id")
    tier_id = fields.Many2one("exception.tier", index="btree_not_null", ondelete="set null")
    source = fields.Selection(
        [("rule", "By revenue"), ("manual", "By a person")], required=True, default="rule"
    )
    revenue = fields.Monetary(
        "Revenue of 12 months", help="Confirmed orders without taxes, in company currency."
    )
    contract_value = fields.Monetary(
        "Contract value",
        help="What the contract with this customer is worth in a year, in company currency.",
    )
    reason_id = fields.Many2one(
        "exception.reason", domain=[("kind", "=", "override")], ondelete="restrict"
    )
    note = fields.Text()
    user_id = fields.Many2one("res.users", "Decided by", ondelete="restrict")
    date = fields.Datetime("Since")

    _sql_constraints = [
        (
            "partner_company_uniq",
            "unique(partner_id, company_id)",
            "The customer has a tier in this company already.",
        ),
    ]

    # ------------------------------------------------------------------
    # by rule
    # ------------------------------------------------------------------

    @api.model
    def _tier_revenue_sql(self, since):
        """Return selects of (partner_id, company_id, revenue) of what was sold since an instant.

        ``partner_id`` is the commercial partner, ``revenue`` is without taxes and in company
        currency. Bridges add theirs; core knows no sales.

        :rtype: list of SQL
        """
        return []

    @api.model
    def _cron_recompute(self):
        """Give each customer the tier of its revenue; what people decided stays."""
        # sudo: of every company
        self.sudo()._recompute()

    @api.model
    def _recompute_soon(self):
        """Let the Scheduled Action look at all customers, because a threshold has changed."""
        self.env["ir.cron"]._exception_soon("exception_core.cron_partner_tier")

    @api.model
    def _recompute(self, partners=None):
        """Work out revenue and tier in one statement for all customers, or for these.

        :return: number of rows that changed
        """
        now = fields.Datetime.now()
        sales = self._tier_revenue_sql(now - relativedelta(months=MONTHS))
        if not sales:
            return 0
        self.env.flush_all()
        only = SQL("TRUE")
        if partners is not None:
            only = SQL("partner_id = ANY(%s)", partners.ids)
        self.env.cr.execute(
            SQL(
                """WITH sold AS (
                     SELECT partner_id, company_id, sum(revenue) AS revenue
                       FROM (%(sales)s) AS sale
                      WHERE partner_id IS NOT NULL AND company_id IS NOT NULL AND %(only)s
                      GROUP BY partner_id, company_id
                   ), known AS (
                     SELECT partner_id, company_id FROM exception_partner_tier
                      WHERE source = 'rule' AND %(only)s
                   ), wanted AS (
                     SELECT partner_id, company_id, COALESCE(revenue, 0) AS revenue
                       FROM sold FULL JOIN known USING (partner_id, company_id)
                   )
                   INSERT INTO exception_partner_tier AS tier
                          (partner_id, company_id, revenue, tier_id, source, date,
                           create_uid, write_uid, create_date, write_date)
                   SELECT partner_id, company_id, revenue, %(tier)s, 'rule', %(now)s,
                          %(uid)s, %(uid)s, %(now)s, %(now)s
                     FROM wanted
                   ON CONFLICT (partner_id, company_id) DO UPDATE
                      SET revenue = EXCLUDED.revenue, tier_id = EXCLUDED.tier_id,
                          date = CASE WHEN tier.tier_id IS DISTINCT FROM EXCLUDED.tier_id
                                      THEN EXCLUDED.date ELSE tier.date END,
                          write_date = EXCLUDED.write_date
                    WHERE tier.source = 'rule'
                          AND (tier.tier_id IS DISTINCT FROM EXCLUDED.tier_id
                               OR round(tier.revenue::numeric, 2)
                                  IS DISTINCT FROM round(EXCLUDED.revenue::numeric, 2))""",
                sales=SQL(" UNION ALL ").join(SQL("(%s)", select) for select in sales),
                only=only,
                tier=self._tier_by_revenue(),
                now=now,
                uid=self.env.uid,
            )
        )
        changed = self.env.cr.rowcount
        self.invalidate_model()
        return changed

    @api.model
    def _tier_by_revenue(self):
        """Return the tier's id in SQL, by ``revenue`` and ``company_id``."""
        # sudo: thresholds of every company
        companies = self.env["res.company"].sudo().search([])
        tiers = self.env["exception.tier"].sudo()
        lines = [
            SQL("WHEN company_id = %s AND revenue >= %s THEN %s", company.id, asked, tier.id)
            for company in companies
            for tier in tiers.with_company(company).search([])
            if (asked := tier.min_revenue) > 0
        ]
        return SQL("CASE %s END", SQL(" ").join(lines)) if lines else SQL("NULL::int")

    # ------------------------------------------------------------------
    # by a person
    # ------------------------------------------------------------------

    @api.model
    def _row_of(self, partner, company):
        """Return the row of a customer in a company, made if there is none yet."""
        customer = partner.commercial_partner_id
        found = self.search(
            [("partner_id", "=", customer.id), ("company_id", "=", company.id)], limit=1
        )
        return found or self.create({"partner_id": customer.id, "company_id": company.id})

    def _decide(self, tier, reason, note):
        """Put the customer into a tier whatever its revenue; open cases follow at once."""
        self.ensure_one()
        before = self.tier_id
        self.write(
            {
                "tier_id": tier.id,
                "source": "manual",
                "reason_id": reason.id,
                "note": note or False,
                "user_id": self.env.uid,
                "date": fields.Datetime.now(),
            }
        )
        self._after_decision(before, reason.name)

    def _decide_by_rule(self):
        """Go back to the tier that the revenue gives."""
        self.ensure_one()
        before = self.tier_id
        self.write(
            {
                "source": "rule",
                "tier_id": False,
                "reason_id": False,
                "note": False,
                "user_id": False,
                "date": fields.Datetime.now(),
            }
        )
        self._recompute(self.partner_id)
        self._after_decision(before, _("by its revenue again"))

    def _after_decision(self, before, why):
        none = _("no tier")
        self.partner_id._message_log(
            body=_(
                "Customer tier in %(company)s: %(before)s → %(after)s (%(why)s)",
                company=self.company_id.name,
                before=before.name or none,
                after=self.tier_id.name or none,
                why=why,
            )
        )
        cases = self.env["exception.case"].search(
            [
                ("partner_id.commercial_partner_id", "=", self.partner_id.id),
                ("company_id", "=", self.company_id.id),
                ("is_open", "=", True),
            ]
        )
        cases.write({"tier_id": self.tier_id.id})
