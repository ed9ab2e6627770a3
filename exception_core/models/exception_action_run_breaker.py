from datetime import timedelta

from odoo import _, fields, models

from .exception_action_run_budget import COUNTED

HOUR = timedelta(hours=1)


class ExceptionActionRunBreaker(models.Model):
    """Which runs a stopped automation gives back to people, and what stops it."""

    _inherit = "exception.action.run"

    def _refuse_submit(self):
        return super()._refuse_submit() or self._refuse_stopped()

    def _refuse_begin(self):
        return super()._refuse_begin() or self._refuse_stopped() or self._refuse_surge()

    def _refuse_stopped(self):
        """Say that automation of the type has stopped; None if a person asked, or it has not."""
        self.ensure_one()
        if not self.automated or self.undo_of_id:
            return None
        stop = self.env["exception.automation.stop"]._open_for(self.type_id, self.company_id)
        if not stop:
            return None
        return _(
            "Automation of “%(type)s” has stopped: %(why)s", type=stop.type_id.name, why=stop.why
        )

    def _refuse_surge(self):
        """Stop automation of the type when this run would be one too many of the last hour."""
        self.ensure_one()
        kind = self.type_id
        if not self.automated or self.undo_of_id:
            return None
        amount, count = self._automated_lately(COUNTED)
        why = None
        if kind.breaker_runs and count >= kind.breaker_runs:
            why = _("%s actions were done without a person within an hour.", count)
        elif kind.breaker_amount and amount + self.company_amount > kind.breaker_amount:
            why = _(
                "Actions without a person would move %s within an hour.",
                self._money(amount + self.company_amount),
            )
        if not why:
            return None
        self.env["exception.automation.stop"]._stop(self, why)
        return self._refuse_stopped()

    def _automated_lately(self, states):
        """Return (money, number) of the type's runs without a person in the last hour."""
        domain = [
            ("type_id", "=", self.type_id.id),
            ("company_id", "=", self.company_id.id),
            ("automated", "=", True),
            ("undo_of_id", "=", False),
            ("started_at", ">", max(self._breaker_since(), fields.Datetime.now() - HOUR)),
            ("state", "in", states),
            ("id", "!=", self.id),
        ]
        amount, count = self._read_group(domain, [], ["company_amount:sum", "__count"])[0]
        return amount or 0.0, count

    def _breaker_since(self):
        """Return when automation was switched on last: what was before does not count."""
        last = self.env["exception.automation.stop"].search(
            [("type_id", "=", self.type_id.id), ("company_id", "=", self.company_id.id)], limit=1
        )
        return last.resumed_at or fields.Datetime.to_datetime("2000-01-01")

    def _ended(self):
        """Stop automation of the type when too many of its runs failed within an hour."""
        result = super()._ended()
        kind = self.type_id
        if self.automated and self.state == "failed" and kind.breaker_failures:
            _amount, count = self._automated_lately(("failed", "unknown"))
            if count + 1 >= kind.breaker_failures:
                why = _("%s actions without a person failed within an hour.", count + 1)
                self.env["exception.automation.stop"]._stop(self, why)
        return result
