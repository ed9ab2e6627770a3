from dataclasses import dataclass
from datetime import timedelta

from markupsafe import Markup

from odoo import _, api, fields, models
from odoo.tools.misc import formatLang

from .exception_approval_context import APPROVED

# How many are shown on each side.
SHOWN = 3
# Shares of a customer's yearly revenue: below the first an amount is small, above the second large.
SMALL, LARGE = 1.0, 10.0
# So many requests for one customer, or by one person, within so many days are remarkable.
OFTEN, OFTEN_DAYS = 3, 30
PROMISE_NEAR = timedelta(days=2)


@dataclass
class Fact:
    """One sentence for or against, and how much it says."""

    speaks_for: bool
    weight: int
    words: str


class ExceptionApprovalFacts(models.Model):
    """Three facts for and three against, found by rules: what a careful colleague would say.

    Each rule is a small method that returns a :class:`Fact` or None; addons append theirs to
    ``_fact_rules``. They are not advice and decide nothing.
    """

    _inherit = "exception.approval"

    facts_for = fields.Html("Speaks for it", compute="_compute_facts", sanitize=False)
    facts_against = fields.Html("Speaks against it", compute="_compute_facts", sanitize=False)

    @api.depends_context("uid", "lang", "tz", "allowed_company_ids")
    def _compute_facts(self):
        for approval in self:
            for name, words in zip(
                ("facts_for", "facts_against"), approval._facts_of(), strict=True
            ):
                items = Markup().join(Markup("<li>%s</li>") % one for one in words)
                approval[name] = Markup("<ul class='mb-0 ps-3'>%s</ul>") % items if words else False

    def _facts_of(self):
        """Return the sentences for and against, the weightiest first."""
        self.ensure_one()
        # sudo: the rules look at what the approver is told about, not let into
        request = self.sudo()
        facts = [fact for rule in request._fact_rules() if (fact := rule())]
        facts.sort(key=lambda fact: -fact.weight)
        return [
            [fact.words for fact in facts if fact.speaks_for == side][:SHOWN]
            for side in (True, False)
        ]

    def _fact_rules(self):
        """Return the rules: methods without arguments that return a Fact or None."""
        return [
            self._fact_changed,
            self._fact_loss,
            self._fact_cleared,
            self._fact_overdue,
            self._fact_often,
            self._fact_past,
            self._fact_requester,
            self._fact_share,
            self._fact_worth_it,
            self._fact_promise,
            self._fact_clock,
            self._fact_came_back,
            self._fact_tier,
        ]

    # ------------------------------------------------------------------
    # the request itself
    # ------------------------------------------------------------------

    def _fact_changed(self):
        if self._changes_shown():
            return Fact(False, 100, _("The document has changed since it was asked."))
        return None

    def _fact_loss(self):
        if not self.has_margin or self.margin_after == self.margin_before:
            return None
        words = {
            "before": self._money(self.margin_before, self.company_currency_id),
            "after": self._money(self.margin_after, self.company_currency_id),
        }
        if self.margin_after < 0:
            return Fact(False, 95, _("It ends at a loss: margin %(before)s → %(after)s.", **words))
        if self.margin_after < self.margin_before:
            return Fact(False, 60, _("The margin falls: %(before)s → %(after)s.", **words))
        return Fact(True, 70, _("The margin grows: %(before)s → %(after)s.", **words))

    def _fact_cleared(self):
        case = self.case_id
        if case.detector_id and not case.condition_active:
            return Fact(False, 85, _("The condition was gone at the last look."))
        return None

    def _fact_worth_it(self):
        stake = abs(self.case_id.company_amount)
        if 0 < self.company_amount < stake:
            words = {
                "cost": self._money(self.company_amount, self.company_currency_id),
                "stake": self._money(stake, self.company_currency_id),
            }
            return Fact(True, 75, _("It moves %(cost)s; %(stake)s is at stake.", **words))
        return None

    # ------------------------------------------------------------------
    # the customer
    # ------------------------------------------------------------------

    def _fact_overdue(self):
        if self.overdue_balance > 0:
            owed = self._money(self.overdue_balance, self.company_currency_id)
            return Fact(False, 80, _("The customer owes %s that is overdue.", owed))
        return None

    def _fact_often(self):
        if not self.partner_id:
            return None
        since = fields.Datetime.now() - timedelta(days=OFTEN_DAYS)
        recent = self.history_ids.filtered(lambda one: one.requested_at >= since)
        if len(recent) + 1 < OFTEN:
            return None
        return Fact(
            False,
            78,
            _(
                "The customer's request number %(count)s of this kind in %(days)s days.",
                count=len(recent) + 1,
                days=OFTEN_DAYS,
            ),
        )

    def _fact_past(self):
        such = self.history_ids
        if not such:
            return None
        rejected = such.filtered(lambda one: one.state == "rejected")
        if rejected:
            words = _(
                "%(rejected)s of %(count)s such requests for this customer were rejected.",
                rejected=len(rejected),
                count=len(such),
            )
            return Fact(False, 65, words)
        if len(such) == 1:
            return Fact(True, 55, _("The customer's one such request was approved."))
        return Fact(True, 60, _("All %s such requests for this customer were approved.", len(such)))

    def _fact_share(self):
        tier = self.env["exception.partner.tier"].search(
            [
                ("partner_id", "=", self.partner_id.commercial_partner_id.id),
                ("company_id", "=", self.company_id.id),
            ],
            limit=1,
        )
        if not tier.revenue or not self.company_amount:
            return None
        share = 100 * self.company_amount / tier.revenue
        words = _(
            "%(percent)s %% of what the customer bought in 12 months.",
            percent=formatLang(self.env, share, digits=1),
        )
        if share <= SMALL:
            return Fact(True, 50, words)
        return Fact(False, 50, words) if share >= LARGE else None

    def _fact_tier(self):
        best = self.env["exception.tier"].search([], limit=1)
        if self.tier_id and self.tier_id == best:
            return Fact(True, 45, _("A %s customer.", best.name))
        return None

    # ------------------------------------------------------------------
    # the case, and who asks
    # ------------------------------------------------------------------

    def _fact_promise(self):
        promised = self.case_id.promised_at
        if not promised:
            return None
        left = promised - fields.Datetime.now()
        if left <= timedelta():
            return Fact(True, 62, _("What was promised to the customer is overdue."))
        if left <= PROMISE_NEAR:
            return Fact(True, 58, _("The customer was promised it within two days."))
        return None

    def _fact_clock(self):
        case = self.case_id
        if case.due_state == "breached":
            return Fact(True, 40, _("The case is overdue."))
        if case.due_state == "soon":
            return Fact(True, 38, _("The case is due soon."))
        return None

    def _fact_came_back(self):
        if self.case_id.reopen_count or self.case_id.recurrence_of_id:
            return Fact(False, 55, _("It happened before: the cause may still be there."))
        return None

    def _fact_requester(self):
        since = fields.Datetime.now() - timedelta(days=OFTEN_DAYS)
        domain = [
            ("requested_by", "=", self.requested_by.id),
            ("requested_at", ">=", since),
            ("company_id", "=", self.company_id.id),
        ]
        rejected = self.search_count([*domain, ("state", "=", "rejected")])
        agreed = self.search_count([*domain, ("state", "in", APPROVED)])
        words = {
            "who": self.requested_by.name,
            "rejected": rejected,
            "count": rejected + agreed,
            "days": OFTEN_DAYS,
        }
        if rejected + agreed < OFTEN:
            return None
        if rejected * 2 >= rejected + agreed:
            return Fact(
                False,
                52,
                _(
                    "%(rejected)s of %(count)s requests of %(who)s in %(days)s days were rejected.",
                    **words,
                ),
            )
        if not rejected:
            return Fact(
                True,
                35,
                _("All %(count)s requests of %(who)s in %(days)s days were approved.", **words),
            )
        return None
