from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..tools.action_errors import ActionNotSent, ActionUnknown
from .action_common import ActionCommon


@tagged("post_install", "-at_install")
class TestActionFailure(ActionCommon):
    """What a failure means, and what people decide about it."""

    def _calling(self, outside, ask=None, **overrides):
        """Return an action that calls this function for its outside world."""
        run_class = self.env.registry["exception.action.run"]
        self.startPatcher(patch.object(run_class, "_call_webhook", outside))
        values = {"is_external": True, "retry_pattern": "60, 300", **overrides}
        if ask:
            self.startPatcher(patch.object(run_class, "_ask_webhook", ask))
            values["reconcile_action_id"] = self.env.ref(
                "exception_core.server_action_webhook_ask"
            ).id
        return self._create_action("run._call_webhook()", **values)

    def _later(self, **delta):
        return freeze_time(fields.Datetime.now() + timedelta(**delta))

    def _executed(self, action):
        run = self._run(action)
        self.assertEqual(run.state, "queued", "an outside call waits for its job")
        run._execute()
        return run

    def test_a_call_that_was_not_sent_is_tried_again(self):
        calls = []

        def outside(run):
            calls.append(run.token)
            if len(calls) < 3:
                raise ActionNotSent("nobody there")

        run = self._executed(self._calling(outside))
        self.assertEqual((run.state, run.attempts, run.error), ("queued", 1, "nobody there"))
        run._execute()
        self.assertEqual(len(calls), 1, "not before its time")
        with self._later(seconds=90):
            run._execute()
            self.assertGreater(run.next_try_at, fields.Datetime.now() + timedelta(seconds=290))
        with self._later(seconds=600):
            run._execute()
        self.assertEqual((run.state, run.attempts), ("done", 3))
        self.assertEqual(len(set(calls)), 1, "one idempotency key for all attempts")

    def test_after_the_call_every_failure_is_of_unknown_outcome(self):
        calls = []

        def outside(run):
            calls.append(run.token)
            run._sent()
            raise UserError("too late to refuse")  # pylint: disable=translation-required

        run = self._executed(self._calling(outside))
        self.assertEqual((run.state, run.error), ("unknown", "too late to refuse"))
        run._execute()
        self.assertEqual(len(calls), 1)

    def test_in_the_end_people_decide(self):
        def outside(run):
            raise ActionNotSent("nobody there")

        run = self._executed(self._calling(outside))
        with self._later(hours=1):
            run._execute()
        with self._later(hours=2):
            run._execute()
        self.assertEqual((run.state, run.attempts), ("failed", 3))
        self.assertIn("nobody there", run.error)
        self.assertTrue(self.case.activity_ids, "somebody is asked to decide")
        with self._later(hours=3):
            run.with_user(self.user_agent).retry()
            self.assertEqual(run.state, "queued")
            run._execute()
            self.assertEqual(run.state, "queued", "the pattern begins anew")

    def test_a_time_out_is_unknown_and_not_repeated(self):
        calls = []

        def outside(run):
            calls.append(1)
            raise ActionUnknown("No answer came within 20 seconds.")

        run = self._executed(self._calling(outside))
        self.assertEqual(run.state, "unknown")
        with self._later(days=1):
            run._execute()
        self.assertEqual((run.state, len(calls)), ("unknown", 1))
        agent = run.with_user(self.user_agent)
        with self.assertRaises(UserError):
            agent.retry()
        with self.assertRaises(UserError):
            agent.abandon("no time")
        agent.say_outcome(True, "It is on the statement of the bank")
        self.assertEqual((run.state, len(calls)), ("done", 1))
        self.assertFalse(self.case.activity_ids.filtered("automated"))

    def test_asked_back_it_was_done(self):
        def outside(run):
            raise ActionUnknown("time-out")

        def ask(run):
            run._found(True, "booked at 10:04")

        run = self._executed(self._calling(outside, ask))
        run._execute()
        self.assertEqual(run.state, "unknown", "the call may still be under way")
        with self._later(minutes=5):
            run._execute()
        self.assertEqual((run.state, run.result), ("done", "booked at 10:04"))

    def test_asked_back_it_was_not_done(self):
        calls = []

        def outside(run):
            calls.append(run.token)
            if len(calls) == 1:
                raise ActionUnknown("time-out")

        def ask(run):
            run._found(False)

        run = self._executed(self._calling(outside, ask))
        with self._later(minutes=5):
            run._execute()
            self.assertEqual(run.state, "queued")
        with self._later(minutes=30):
            run._execute()
        self.assertEqual((run.state, len(calls), len(set(calls))), ("done", 2, 1))

    def test_no_answer_is_no_answer(self):
        def outside(run):
            raise ActionUnknown("time-out")

        def ask(run):
            raise ActionUnknown("nobody answers")

        run = self._executed(self._calling(outside, ask))
        for hours in range(1, 6):
            with self._later(hours=hours):
                run._execute()
        self.assertEqual((run.state, run.asked_back), ("unknown", 3))
        self.assertEqual(run.error, "nobody answers")

    @mute_logger("odoo.addons.exception_core.models.exception_action_run_execute")
    def test_whatever_goes_wrong_outside_is_unknown(self):
        def outside(run):
            return 1 / 0

        self.assertEqual(self._executed(self._calling(outside)).state, "unknown")

    def test_one_at_a_time_on_a_record(self):
        def outside(run):
            raise ActionUnknown("time-out")

        first = self._executed(self._calling(outside))
        other = self._create_action("record.check_access_rule('read')", model="res.partner")
        waiting = self._run(other, user=self.env.ref("base.user_admin"))
        self.assertEqual((waiting.state, waiting.waits_for_id), ("queued", first))
        self.assertIn(first.display_name, waiting.why)
        assign = self.env.ref("exception_core.action_assign")
        moved = self._run(assign, values={"user": self.user_agent.id})
        self.assertEqual(moved.state, "done", "giving the case to somebody waits for nobody")
        first.with_user(self.user_agent).say_outcome(True, "seen")
        waiting._execute()
        self.assertEqual(waiting.state, "done")

    def test_given_up_with_a_reason(self):
        run = self._run(self._create_action("raise UserError('no')", key_template="{case}"))
        with self.assertRaises(UserError):
            run.with_user(self.user_agent).abandon("")
        run.with_user(self.user_agent).abandon("The customer has paid")
        self.assertEqual((run.state, run.reason), ("abandoned", "The customer has paid"))
        self.assertFalse(self.case.activity_ids.filtered("automated"))
        again = self._run(run.action_id)
        self.assertNotEqual(again, run, "its key is free again")

    def test_retry_of_what_can_succeed_now(self):
        action = self._create_action("raise UserError('closed')")
        run = self._run(action)
        action.server_action_id.code = "case.write({'description': 'done'})"
        answer = run.with_user(self.user_agent).retry()
        self.assertEqual((answer["state"], self.case.description), ("done", "done"))

    def test_not_released_any_more(self):
        action = self._create_action()
        action.server_action_id.exception_release = False
        with self.assertRaises(UserError):
            self._run(action)

    def _calls(self):
        """Return the activities that call somebody to what was done about the case."""
        kind = self.env.ref("exception_core.mail_activity_type_action")
        return self.case.activity_ids.filtered(lambda one: one.activity_type_id == kind)

    def test_a_failure_calls_the_owner_once_until_it_is_decided(self):
        self.case.user_id = self.user_colleague
        action = self._create_action("raise UserError('closed')")
        first, second = self._run(action), self._run(action)
        self.assertEqual(self._calls().user_id, self.user_colleague)
        self.assertEqual(len(self._calls()), 1)
        self.assertEqual(self._calls().note.count("closed"), 2, "both are said")
        first.with_user(self.user_agent).abandon("not needed")
        self.assertEqual(len(self._calls()), 1, "the other one still waits")
        action.server_action_id.code = "case.write({'description': 'done'})"
        second.with_user(self.user_agent).retry()
        self.assertEqual(second.state, "done")
        self.assertFalse(self._calls())

    def test_an_unknown_outcome_calls_somebody_until_it_is_known(self):
        self.case.user_id = self.user_colleague

        def outside(run):
            raise ActionUnknown("time-out")

        run = self._executed(self._calling(outside))
        self.assertEqual(self._calls().user_id, self.user_colleague)
        run.with_user(self.user_agent).say_outcome(True, "seen at the bank")
        self.assertFalse(self._calls())
