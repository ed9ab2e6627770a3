from contextlib import contextmanager

from odoo.api import call_kw
from odoo.exceptions import UserError


class HoldTools:
    """What tests of guarded documents share; put it before ``ExceptionCommon``."""

    @classmethod
    def _hold(cls, record, step, **overrides):
        """Create a case that holds a record from a step."""
        values = {"res_model": record._name, "res_id": record.id, "hold_step": step}
        return cls._create_case(**{**values, **overrides})

    def _lift(self, case, **options):
        """Lift a hold as a manager."""
        reason = self.env.ref("exception_core.reason_override_manager_decision")
        return case.with_user(self.user_manager).lift_hold(reason.id, **options)

    def _holding_detector(self, model, domain, step, **overrides):
        """Create and enable a detector that holds what it finds from a step."""
        values = {"domain": domain, "holds": True, "hold_step": step}
        detector = self._create_detector(model, **{**values, **overrides})
        detector.action_enable()
        return detector

    def _rpc(self, user, record, method, *args, **kwargs):
        """Call a method as a program does that is logged in as this user."""
        return call_kw(record.with_user(user), method, [record.ids, *args], kwargs)

    def _press(self, record, method, context=None):
        """Press a button as the web client does; the test is an HttpCase and logged in.

        :return: what the web client is told to do next
        """
        return self.make_jsonrpc_request(
            "/web/dataset/call_button",
            {
                "model": record._name,
                "method": method,
                "args": [record.ids],
                "kwargs": {"context": context or {}},
            },
        )

    def _shown(self, action):
        """Return what the lines of a dialog that stopped somebody say."""
        self.assertEqual(action["res_model"], "exception.hold.dialog")
        # sudo: dialogs are for who sees them
        dialog = self.env[action["res_model"]].sudo().browse(action["res_id"])
        return dialog.line_ids.mapped("why")

    @contextmanager
    def _assert_refused(self, words):
        """Assert that what happens inside is refused with these words, and leaves nothing."""
        with self.assertRaises(UserError) as caught:
            yield
        self.assertIn(words, str(caught.exception))

    def _assert_told(self, answer, *cases, done=None):
        """Assert that an answer names the cases that hold, and what went on."""
        hold = answer["params"]["exception_hold"]
        told = {case_id for row in hold["held"] for case_id in row["case_ids"]}
        self.assertEqual(told, {case.id for case in cases})
        if done is not None:
            self.assertEqual(hold["done"], done.ids)

    def _free(self, *models):
        """Let everything pass, as if nothing held these models' records: to compare with."""
        for model in models:
            cls = type(self.env[model])
            self.patch(cls, "_exception_split", lambda self, step: (self, self.browse()))

    def _count_statements(self, call):
        """Return how many statements a call takes on cold caches, with what it flushes."""
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        call()
        self.env.flush_all()
        return self.cr.sql_log_count - before
