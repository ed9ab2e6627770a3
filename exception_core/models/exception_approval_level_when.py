from odoo import _, models
from odoo.tools.misc import formatLang


class ExceptionApprovalLevel(models.Model):
    """When a level is asked: small predicates that say why it is not, and the words of why."""

    _inherit = "exception.approval.level"

    def _refuse_question(self, question):
        """Say why this level is not asked for a question; None when it is.

        Conditions on case and record are evaluated for a batch elsewhere.
        """
        for refuse in self._refusals():
            if reason := refuse(question):
                return reason
        return None

    def _refusals(self):
        return [
            self._refuse_amount,
            self._refuse_margin,
            self._refuse_severity,
            self._refuse_tier,
            self._refuse_contract,
            self._refuse_risk,
        ]

    def _refuse_amount(self, question):
        amount = question.amount_in(self.currency_id)
        compare = self.currency_id.compare_amounts
        if self.amount_from and compare(amount, self.amount_from) < 0:
            return _("below %s", self._money(self.amount_from))
        if self.amount_to and compare(amount, self.amount_to) > 0:
            return _("above %s", self._money(self.amount_to))
        return None

    def _refuse_margin(self, question):
        if not self.margin_loss_from and not self.margin_loss_percent:
            return None
        if not question.has_margin:
            # not known: the careful answer is to ask, and never to approve by policy
            return _("the margin is not known") if self.is_auto else None
        loss = question.margin_loss_in(self.currency_id)
        if self.margin_loss_from and loss < self.margin_loss_from:
            return _("the margin falls by less than %s", self._money(self.margin_loss_from))
        if self.margin_loss_percent and question.margin_loss_percent < self.margin_loss_percent:
            return _("the margin falls by less than %s %%", self.margin_loss_percent)
        return None

    def _refuse_severity(self, question):
        # "1" is the worst
        if self.severity_from and question.severity > self.severity_from:
            return _("less severe than %s", self._severity_words())
        return None

    def _refuse_tier(self, question):
        if self.is_auto and self.tier_ids and not question.customer_is_sure:
            return _("the customer of the case was chosen by hand")
        if self.tier_ids and question.case.tier_id not in self.tier_ids:
            return _("another customer tier")
        return None

    def _refuse_contract(self, question):
        if self.is_auto and self.contract and not question.customer_is_sure:
            return _("the customer of the case was chosen by hand")
        if self.contract == "with" and not question.case.contract_value:
            return _("a customer without a contract")
        if self.contract == "without" and question.case.contract_value:
            return _("a customer with a contract")
        return None

    def _refuse_risk(self, question):
        if self.risk_from and question.risk < self.risk_from:
            return _("risk score below %s", self.risk_from)
        return None

    # ------------------------------------------------------------------
    # in words
    # ------------------------------------------------------------------

    def _when_words(self):
        """Return the conditions as one line."""
        self.ensure_one()
        words = [
            self.amount_from and _("from %s", self._money(self.amount_from)),
            self.amount_to and _("up to %s", self._money(self.amount_to)),
            self.margin_loss_from and _("margin loss %s", self._money(self.margin_loss_from)),
            self.margin_loss_percent
            and _("margin loss %s %%", formatLang(self.env, self.margin_loss_percent, digits=0)),
            self.severity_from and _("severity at least %s", self._severity_words()),
            self.tier_ids and ", ".join(self.tier_ids.mapped("name")),
            self.contract
            and dict(self._fields["contract"]._description_selection(self.env))[self.contract],
            self.risk_from and _("risk score from %s", self.risk_from),
            self.env["exception.rule"]._domain_words("exception.case", self.domain),
            self.model and self.env["exception.rule"]._domain_words(self.model, self.record_domain),
        ]
        return " · ".join(filter(None, words)) or _("always")

    def _money(self, amount):
        return formatLang(self.env, amount, currency_obj=self.currency_id)

    def _severity_words(self):
        labels = dict(self._fields["severity_from"]._description_selection(self.env))
        return labels[self.severity_from]
