from datetime import datetime, time

import pytz

from odoo import _, fields, models
from odoo.tools.misc import format_amount

# What uses up a budget: done, or it may have been.
COUNTED = ("running", "unknown", "done")


class ExceptionActionRunBudget(models.Model):
    """Limits of what is done without people agreeing: a run, a day, a number.

    What is used up is added up from the runs themselves, under a lock for each action while a run
    begins: a counter would be a row that all of them fight for.
    """

    _inherit = "exception.action.run"

    agreed = fields.Boolean(
        "People agreed", readonly=True, help="Limits do not count for what people agreed to."
    )

    def _refuse_submit(self):
        return super()._refuse_submit() or (
            None if self._needs_approval() else self._refuse_limits()
        )

    def _refuse_begin(self):
        return super()._refuse_begin() or self._refuse_limits()

    def _approved(self, approval):
        # a policy that agrees by itself lifts no limit; only people do
        people = bool(approval.sudo().step_ids.decision_ids)
        self.sudo().filtered(lambda run: run.state == "approval")._store({"agreed": people})
        return super()._approved(approval)

    def _refuse_limits(self):
        """Say which limit the run would break; None if none."""
        self.ensure_one()
        if self.agreed or self.undo_of_id:
            return None
        return self._refuse_limit_run() or self._refuse_limit_day()

    def _refuse_limit_run(self):
        limit = self.action_id.limit_run
        if not limit or self.company_amount <= limit:
            return None
        return _(
            "%(amount)s is above what one run of “%(action)s” may move (%(limit)s). People have "
            "to agree to it, or do it by hand.",
            action=self.action_id.name,
            amount=self._money(self.company_amount),
            limit=self._money(limit),
        )

    def _refuse_limit_day(self):
        action = self.action_id
        if not action.limit_day and not action.limit_count:
            return None
        amount, count = self._used_since(self._day_began())
        if action.limit_day and amount + self.company_amount > action.limit_day:
            return _(
                "“%(action)s” may move %(limit)s a day without people agreeing; %(used)s are used "
                "up, and this is %(amount)s. Do it tomorrow, or by hand.",
                action=action.name,
                limit=self._money(action.limit_day),
                used=self._money(amount),
                amount=self._money(self.company_amount),
            )
        if action.limit_count and count >= action.limit_count:
            return _(
                "“%(action)s” may be done %(limit)s times a day without people agreeing, and was. "
                "Do it tomorrow, or by hand.",
                action=action.name,
                limit=action.limit_count,
            )
        return None

    def _used_since(self, since):
        """Return (money, number) of the runs of the action since then, except this one."""
        domain = [
            ("action_id", "=", self.action_id.id),
            ("company_id", "=", self.company_id.id),
            ("started_at", ">=", since),
            ("state", "in", COUNTED),
            ("agreed", "=", False),
            ("undo_of_id", "=", False),
            ("id", "!=", self.id),
        ]
        # sudo: a limit counts every run, also of cases that the user cannot read
        groups = self.sudo()._read_group(domain, [], ["company_amount:sum", "__count"])
        amount, count = groups[0]
        return amount or 0.0, count

    def _day_began(self):
        """Return when the company's day began, as UTC."""
        zone = pytz.timezone(self.company_id.partner_id.tz or "UTC")
        now = pytz.utc.localize(fields.Datetime.now()).astimezone(zone)
        midnight = zone.localize(datetime.combine(now.date(), time.min))
        return midnight.astimezone(pytz.utc).replace(tzinfo=None)

    def _money(self, amount):
        return format_amount(self.env, amount, self.company_id.currency_id)
