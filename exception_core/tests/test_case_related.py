from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common_problem import ProblemCase


@tagged("post_install", "-at_install")
class TestCaseRelated(ProblemCase):
    """Cases around a case, each with why."""

    def _why(self, case, other):
        found = case.related_case_ids.filtered(lambda each: each == other)
        return found.with_context(related_to=case.id).related_why

    def test_why_cases_are_related(self):
        first, second, third = self.cases
        third.partner_id = False
        sibling = self._create_case(
            res_id=first.res_id, type_id=self._create_type().id, partner_id=self.partner.id
        )
        self.assertEqual(first.related_case_ids, sibling | second)
        self.assertEqual(self._why(first, sibling), "same record, same partner")
        self.assertEqual(self._why(first, second), "same partner, same type")
        cause = self._create_reason(kind="root_cause", reason_class="carrier")
        third.resolve(root_cause_id=cause.id)
        second.resolve(root_cause_id=cause.id)
        self.env.invalidate_all()
        self.assertIn(third, second.related_case_ids)
        self.assertEqual(self._why(third, second), "same root cause, same type")

    def test_only_about_the_same_time_but_on_the_record_for_ever(self):
        first, second, _third = self.cases
        old = self._create_case(res_id=first.res_id)
        long_ago = fields.Datetime.now() - timedelta(days=40)
        (second | old).sudo().write({"detected_at": long_ago})
        self.env.invalidate_all()
        self.assertNotIn(second, first.related_case_ids)
        self.assertIn(old, first.related_case_ids)

    def test_what_very_many_share_says_nothing(self):
        first, second, _third = self.cases
        model = self.registry["exception.case"]
        self.patch(model, "_related_fields", lambda cases: ["partner_id", "channel_id"])
        channel = self.env["exception.channel"].search([], limit=1)
        (first | second).write({"partner_id": False, "channel_id": channel.id})
        self.assertEqual(first.related_case_ids, second)
        self._create_cases(22, channel_id=channel.id, partner_id=self.partner.id)
        self.env.invalidate_all()
        self.assertFalse(first.related_case_ids)
        # a partner counts however many cases it has
        self.assertEqual(len(self.cases[2].related_case_ids), 20)

    def test_hidden_cases_are_not_related(self):
        secret_team = self._create_team(private=True)
        self.cases[1].team_id = secret_team
        case = self.cases[0].with_user(self.user_agent)
        self.assertNotIn(self.cases[1].id, case.related_case_ids.ids)
        peeking = self.cases[2].with_user(self.user_agent)
        self.assertFalse(peeking.with_context(related_to=self.cases[1].id).related_why)
        action = case.action_open_related()
        self.assertNotIn(self.cases[1].id, action["domain"][0][2])
