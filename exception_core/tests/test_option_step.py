from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_playbook import PlaybookCommon
from .option_common import OptionCommon


@tagged("post_install", "-at_install")
class TestOptionStep(PlaybookCommon, OptionCommon):
    """The step of a playbook that proposes ways out."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.playbook = cls._create_playbook(
            {"name": "Choose", "kind": "options", "on_failure": "stop"}, "Tell the customer"
        )

    def _begun(self, playbook=None, **case):
        play = self._start(playbook or self.playbook, **case)
        self._sweep()
        return play

    def _option(self, play, key="ship"):
        options = play.case_id.option_ids
        return options.filtered(lambda one: one.key == key and one.state == "proposed")

    def test_waits_until_one_is_chosen_and_done(self):
        play = self._begun()
        step = play.step_ids[0]
        self.assertEqual(self._states(play), ["waiting", "todo"])
        self.assertEqual(play.case_id.option_ids.case_step_id, step)
        self.assertIn("1. Split", step.note)
        self.assertTrue(step.with_user(self.user_agent).is_mine)
        self.assertIn(step, play.case_id.activity_ids.exception_step_id)
        run = self._choose(self._option(play))
        self.assertEqual((run.state, play.case_id.description), ("done", "ship"))
        self.assertEqual(self._states(play), ["done", "waiting"])
        self.assertEqual((step.run_id, step.done_by_id), (run, self.user_agent))
        self.assertFalse(step.verdict)

    def test_goes_on_only_when_what_was_chosen_has_ended(self):
        self.describe.approval = "matrix"
        matrix = self.env["exception.approval.matrix"]
        matrix.search([]).write({"enabled": False})
        level = {"name": "One", "approver_user_ids": [(6, 0, self.user_approver.ids)]}
        matrix.create({"name": "Test", "enabled": True, "level_ids": [(0, 0, level)]})
        play = self._begun()
        run = self._choose(self._option(play))
        self.assertEqual((run.state, self._states(play)[0]), ("approval", "waiting"))
        # an action at work is waited for, however long
        self._sweep(days=9)
        self.assertEqual(self._states(play)[0], "waiting")
        run.approval_id.with_user(self.user_approver).approve()
        self._sweep()
        self.assertEqual(self._states(play), ["done", "waiting"])

    def test_rejected_fails_and_the_way_back_proposes_anew(self):
        playbook = self._create_playbook(
            {"name": "Choose", "kind": "options"}, {"name": "Once more", "kind": "activity"}
        )
        again = playbook.step_ids[0]
        second = playbook.step_ids[1]
        again.write({"on_failure": "goto", "failure_step_id": second.id})
        play = self._begun(playbook)
        for option in play.case_id.option_ids:
            option.with_user(self.user_agent).dismiss("not possible")
        self.assertEqual(self._states(play), ["failed", "waiting"])
        self.assertIn("ruled out", play.step_ids[0].note)

    def test_a_failed_action_fails_the_step(self):
        self.describe.server_action_id.code = "raise UserError('No stock')"
        play = self._begun()
        self._choose(self._option(play))
        self.assertEqual((self._states(play)[0], play.state), ("failed", "stopped"))
        self.assertIn("No stock", play.step_ids[0].note)
        # a person lets the step propose anew, and takes another way
        self.describe.server_action_id.code = "case.write({'description': values['text']})"
        play.step_ids[0].with_user(self.user_agent).retry()
        self.assertEqual(self._states(play)[0], "waiting")
        self._choose(self._option(play, "split"))
        self.assertEqual((self._states(play)[0], play.case_id.description), ("done", "split"))
        self.assertEqual(sorted(play.case_id.run_ids.mapped("state")), ["abandoned", "done"])

    def test_no_way_out_fails(self):
        self.ways = []
        play = self._begun()
        self.assertEqual((self._states(play)[0], play.state), ("failed", "stopped"))
        self.assertIn("no way out was found", play.note)

    def test_time_is_over(self):
        playbook = self._create_playbook(
            {
                "name": "Choose",
                "kind": "options",
                "timeout_seconds": 3600,
                "on_timeout": "go_on",
            },
            "Decide by hand",
        )
        play = self._begun(playbook)
        self._sweep(days=9)
        self.assertEqual(self._states(play), ["skipped", "waiting"])
        self.assertEqual(set(play.case_id.option_ids.mapped("state")), {"withdrawn"})
        with self.assertRaisesRegex(UserError, "no way out any more"):
            play.case_id.option_ids[0].with_user(self.user_agent).choose()

    def test_done_otherwise_takes_a_note(self):
        play = self._begun()
        step = play.step_ids[0].with_user(self.user_agent)
        with self.assertRaisesRegex(UserError, "choose one"):
            step.tick()
        step.tick("the customer came to the shop")
        self.assertEqual(self._states(play), ["done", "waiting"])
        self.assertEqual(set(play.case_id.option_ids.mapped("state")), {"withdrawn"})

    def test_proposing_by_hand_stays_with_the_step(self):
        play = self._begun()
        self.ways.append(self._way("gift"))
        options = self._propose(play.case_id)
        self.assertEqual(options["gift"].case_step_id, play.step_ids[0])
        self._choose(options["gift"])
        self.assertEqual(self._states(play), ["done", "waiting"])

    def test_whoever_started_the_playbook_is_the_proposer(self):
        case = self._create_case(user_id=self.user_agent.id)
        case.with_user(self.user_lead).start_playbook(self.playbook.id)
        self.assertEqual(case.option_ids.proposer_ids, self.user_lead)

    def test_the_end_of_the_playbook_withdraws(self):
        play = self._begun()
        play.case_id.with_user(self.user_agent).stop_playbook("not needed")
        self.assertEqual(set(play.case_id.option_ids.mapped("state")), {"withdrawn"})

    def test_taken_back_with_the_rest(self):
        playbook = self._create_playbook(
            {"name": "Choose", "kind": "options"}, {"name": "Ship", "on_failure": "compensate"}
        )
        play = self._begun(playbook)
        run = self._choose(self._option(play))
        play.step_ids[1].with_user(self.user_agent).give_up("no box")
        self.assertEqual((run.state, play.case_id.description), ("undone", False))
        self.assertEqual(play.step_ids[0].state, "compensated")

    def test_dry_run_lists_what_would_be_proposed(self):
        case = self._create_case(user_id=self.user_agent.id)
        tried = self.playbook.with_user(self.user_lead).try_on_cases(case.ids)
        row = tried[0]["steps"][0]
        self.assertEqual(row["happens"], "person")
        self.assertRegex(row["what"], r"1\. Split .*; 2\. Ship .*; 3\. Refund ")
        self.assertFalse(case.option_ids)
        self.ways = []
        row = self.playbook.with_user(self.user_lead).try_on_cases(case.ids)[0]["steps"][0]
        self.assertEqual((row["happens"], row["why"]), ("blocked", "no way out was found"))
