from unittest.mock import patch

import psycopg2.errors

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import ExceptionCommon


@tagged("post_install", "-at_install")
class TestHardKnocks(ExceptionCommon):
    """What surrounds the desk is merged, deleted or in the way."""

    def _merge(self, gone, kept):
        self.env["base.partner.merge.automatic.wizard"].create({})._merge(
            (gone | kept).ids, dst_partner=kept
        )

    def test_cases_follow_a_contact_that_is_merged(self):
        gone, kept = self.env["res.partner"].create([{"name": "Gone"}, {"name": "Kept"}])
        case = self._create_case(res_id=gone.id, partner_id=gone.id)
        other = self._create_case(res_id=kept.id)
        self._merge(gone, kept)
        self.env.invalidate_all()
        self.assertEqual((case.res_id, case.res_name), (kept.id, "Kept"))
        self.assertEqual(case.partner_id, kept)
        self.assertEqual((case | other).mapped("bundle_size"), [2, 2])

    def test_merged_contacts_leave_one_open_case_for_each_thing(self):
        gone, kept = self.env["res.partner"].create([{"name": "Gone"}, {"name": "Kept"}])
        detector = self._create_detector()
        hit = {"title": "Seen", "type_id": self.case_type.id, "detector_id": detector.id}
        hit |= {"res_model": "res.partner", "company_id": self.env.company.id}
        hits = [{**hit, "res_id": record.id} for record in (gone, kept)]
        twin, case = self.env["exception.case"]._open_batch(hits)
        self._merge(gone, kept)
        self.env.invalidate_all()
        self.assertTrue(case.is_open)
        self.assertEqual((twin.outcome, twin.duplicate_of_id), ("duplicate", case))
        self.assertEqual(twin.res_id, kept.id)

    def test_taking_what_is_ones_own_keeps_when_it_was_given(self):
        case = self._create_case()
        case._give(self.user_agent.id, "round_robin")
        given = case.assigned_at
        self.assertTrue(given)
        case.with_user(self.user_agent).assign_to_me()
        self.assertEqual((case.state, case.assigned_at), ("open", given))
        self.assertEqual(case.assigned_by, "round_robin")
        case.with_user(self.user_agent).write({"user_id": False})
        self.assertFalse(case.assigned_at)

    def test_scheduled_actions_of_the_desk_are_not_deleted(self):
        with self.assertRaisesRegex(UserError, "Switch it off"):
            self.env.ref("exception_core.cron_assign").unlink()

    def test_looking_for_problems_is_tried_again(self):
        suggestions = self.env["exception.problem.suggestion"]
        answers = [psycopg2.errors.SerializationFailure(), None]
        with (
            patch.object(type(suggestions), "_look", side_effect=answers) as look,
            patch.object(type(self.env.cr), "rollback") as rollback,
        ):
            suggestions._cron_look()
        self.assertEqual((look.call_count, rollback.call_count), (2, 1))

    def test_suggestions_are_dismissed_for_a_time_that_exists(self):
        suggestions = self.env["exception.problem.suggestion"].with_user(self.user_lead)
        for days in (10**8, -1):
            with self.subTest(days=days), self.assertRaises(UserError):
                suggestions.dismiss(days=days)

    def test_settings_open_with_nonsense_stored(self):
        parameters = self.env["ir.config_parameter"]
        parameters.set_param("exception_core.first_response", "whenever")
        parameters.set_param("exception_core.problem_cases", "many")
        settings = self.env["exception.settings"].with_user(self.user_admin).create({})
        self.assertTrue(settings.id)

    def test_settings_refuse_what_no_calendar_reaches(self):
        settings = self.env["exception.settings"].with_user(self.user_admin)
        for name in settings._positive_settings():
            with self.subTest(name=name), self.assertRaisesRegex(ValidationError, "at most"):
                settings.create({name: 10**9}).execute()

    def test_levels_are_found_by_their_policy(self):
        policy = self.env.ref("exception_core.escalation_policy_standard")
        levels = self.env["exception.escalation.level"]
        found = {level_id for level_id, _name in levels.name_search(policy.name, limit=None)}
        self.assertEqual(found, set(policy.level_ids.ids))
        self.assertFalse(levels.name_search("No such policy"))
