from odoo.api import call_kw

from .common import AccountExceptionCommon


class AccountHoldCommon(AccountExceptionCommon):
    """Documents that could be posted if nothing held them."""

    @classmethod
    def _hold(cls, record, step="post", **overrides):
        """Create a case that holds a record from a step."""
        return cls._create_case_on(record, **{"hold_step": step, **overrides})

    def _rpc(self, record, method, *args, user=None, **kwargs):
        """Call a method as a program does that logged in as the bookkeeper."""
        model = self.env[record._name].with_user(user or self.bookkeeper)
        return call_kw(model, method, [record.ids, *args], kwargs)

    def _detector(self, model, domain, step):
        detector = self._create_detector(model, domain=domain, holds=True, hold_step=step)
        detector.action_enable()
        return detector

    def _free(self, *models):
        """Let everything pass, as if nothing were guarded."""
        for model in models:
            cls = type(self.env[model])
            self.patch(cls, "_exception_split", lambda self, step: (self, self.browse()))
