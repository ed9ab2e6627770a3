from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .option_common import OptionCommon

LOGGER = "odoo.addons.exception_core.models.exception_case_option"


@tagged("post_install", "-at_install")
class TestOptionProvider(OptionCommon):
    """What providers may give, what becomes of one that fails, and who may propose and choose."""

    def _fails(self):
        raise ZeroDivisionError("the scale is broken")

    def test_a_provider_that_fails_keeps_no_other(self):
        def breaks_the_transaction():
            self.env.cr.execute("SELECT 1/0")

        self.providers = [self._fails, self._known_ways, breaks_the_transaction]
        with mute_logger(LOGGER, "odoo.sql_db"):
            answer = self.case.with_user(self.user_agent).propose_options()
        self.assertEqual(len(answer["options"]), 3)
        self.assertEqual(len(answer["notes"]), 2)
        self.assertIn("the scale is broken", answer["notes"][0])
        bodies = "".join(self.case.message_ids.mapped("body"))
        self.assertIn("the scale is broken", bodies)

    def test_what_means_nothing_is_a_failure_of_the_provider(self):
        wrong = [
            {"key": "x", "colour": "red", "action": self.describe},
            {"key": "x", "action": "test_no_such_action"},
            {"key": "x", "action": self.describe, "cost": float("nan")},
            {"key": "x", "action": self.describe, "delay_days": -1},
            {"key": "x", "action": self.describe, "needs": ["a dragon"]},
            {"key": "x", "action": self.describe, "values": {"no": "input"}},
        ]
        self.providers = [self._known_ways, *(lambda one=one: [one] for one in wrong)]
        with mute_logger(LOGGER):
            answer = self.case.with_user(self.user_agent).propose_options()
        self.assertEqual(len(answer["options"]), 3)
        self.assertEqual(len(answer["notes"]), len(wrong))

    def test_actions_by_code_by_xml_id_and_those_that_do_not_fit(self):
        other = self._create_action(name="Other", type_ids=[(6, 0, self._create_type().ids)])
        self.ways = [
            {"action": "test_describe", "values": {"text": "code"}},
            {"action": "exception_core.action_assign", "values": {"user": self.user_lead.id}},
            {"action": other},
            {"action": "test_describe", "values": {"text": "twice"}},
        ]
        answer = self.case.with_user(self.user_agent).propose_options()
        options = self.env["exception.option"].browse(answer["options"])
        self.assertEqual(
            set(options.mapped("key")),
            {"test_describe", self.env.ref("exception_core.action_assign").code},
        )
        self.assertEqual(len(answer["notes"]), 2)

    def test_no_provider_no_button(self):
        self.providers = []
        case = self.case.with_user(self.user_agent)
        self.assertFalse(case.can_propose_options)
        self.assertEqual(case.action_propose_options()["tag"], "display_notification")

    def test_who_may(self):
        option = self._propose()["ship"]
        case = self.case
        for user in (self.user_approver, self.user_auditor, self.user_outsider):
            for verb in (
                lambda user=user: case.with_user(user).propose_options(),
                lambda user=user: option.with_user(user).choose(),
                lambda user=user: option.with_user(user).dismiss("No"),
            ):
                with self.assertRaises(AccessError):
                    verb()
        self.assertEqual(option.state, "proposed")
        self.assertFalse(option.with_user(self.user_auditor).can_choose)
        self.assertTrue(option.with_user(self.user_colleague).can_choose)

    def test_an_action_for_some_only(self):
        self.describe.group_ids = self.env.ref("exception_core.group_manager")
        option = self._propose()["ship"]
        self.assertFalse(option.with_user(self.user_agent).can_choose)
        with self.assertRaisesRegex(AccessError, "is for"):
            option.with_user(self.user_agent).choose()
        self.assertEqual(self._choose(option, self.user_manager).state, "done")

    def test_private_teams_and_other_companies(self):
        self.team.write({"private": True, "member_ids": [(3, self.user_colleague.id)]})
        self.case.write({"team_id": self.team.id, "user_id": self.user_agent.id})
        option = self._propose()["ship"]
        seen = self.env["exception.option"].with_user(self.user_colleague)
        self.assertNotIn(option, seen.search([]))
        with self.assertRaises(AccessError):
            option.with_user(self.user_colleague).choose()
        self.assertIn(option, seen.with_user(self.user_manager).search([]))
        other = self.env["res.company"].create({"name": "Other"})
        self.user_manager.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        self.assertNotIn(option, seen.with_user(self.user_manager).search([]))

    def test_nobody_writes_them_by_hand(self):
        option = self._propose()["ship"]
        for user in (self.user_admin, self.env.ref("base.user_root")):
            with self.assertRaises(UserError):
                option.with_user(user).write({"cost": 0.0})
            with self.assertRaises(UserError):
                option.with_user(user).copy()
            with self.assertRaises(UserError):
                option.with_user(user).unlink()
        with self.assertRaises(UserError):
            self.case.with_user(self.user_admin).write({"option_ids": [(5, 0, 0)]})
