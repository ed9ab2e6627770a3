from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .assignment import AssignmentCommon


@tagged("post_install", "-at_install")
class TestAssignment(AssignmentCommon):
    """A team with a method gives new cases to its members; they start them."""

    def test_by_hand_nobody_is_named(self):
        self.desk.assignment_method = "manual"
        self.assertFalse(self._open(3).user_id)

    def test_in_turn_over_many_batches(self):
        with freeze_time("2026-03-02 10:00:00"):
            # seven batches of two in the very same second
            cases = sum((self._open(2) for _batch in range(7)), self.env["exception.case"])
        self.assertEqual(sorted(self._shares(cases)), [4, 5, 5])
        owners = cases.mapped("user_id.name")
        self.assertEqual([case.user_id.name for case in cases[:3]], ["Ann", "Bob", "Cid"])
        self.assertEqual(set(owners), {"Ann", "Bob", "Cid"})
        for first in range(0, 12, 3):
            self.assertEqual(len(cases[first : first + 3].user_id), 3, "each once a round")

    def test_the_turn_is_that_of_the_team(self):
        self._open(1)
        other = self._create_team(
            member_ids=[(6, 0, self.people.ids)], assignment_method="round_robin"
        )
        self.assertEqual(self._open(1, team_id=other.id).user_id, self.ann)
        self.assertEqual(self._open(1).user_id, self.bob)

    def test_the_most_urgent_is_given_first(self):
        self.desk.member_ids = self.ann
        self.ann.write({"exception_capacity": 8, "exception_away_until": "2099-01-01 00:00:00"})
        # the critical one fills the desk by itself
        low = self._open(1)
        critical = self._open(1)
        low.severity, critical.severity = "4", "1"
        self.ann.exception_away_until = False
        self.env["exception.case"]._assign_waiting()
        self.assertEqual((critical.user_id, low.user_id.id), (self.ann, False))

    def test_least_loaded_counts_points_of_all_teams(self):
        self.desk.assignment_method = "least_loaded"
        heavy = self._create_case(severity="1")
        heavy.user_id = self.ann
        light = self._create_case(severity="4")
        light.user_id = self.bob
        cases = self._open(8)
        # 8, 1 and 0 points at first; a medium case weighs 2
        self.assertEqual(self._shares(cases), [0, 4, 4])
        self.assertEqual(self.people.mapped("exception_load"), [8, 9, 8])
        self.assertEqual(self._open(2).mapped("user_id"), self.ann + self.cid)

    def test_weights_of_the_team_count(self):
        self.desk.write({"assignment_method": "least_loaded", "weight_3": 5})
        self._open(1)
        self.assertEqual(self.ann.exception_load, 5)

    def test_one_person_for_all_cases_of_a_record(self):
        twins = self._open(3, res_id=self.partner.id, res_model="res.partner")
        self.assertEqual(len(twins.user_id), 1)
        later = self._open(1, res_id=self.partner.id)
        self.assertEqual(later.user_id, twins.user_id)
        self.assertEqual(later.assigned_by, "record")

    def test_a_full_desk_gets_no_more(self):
        self.people.exception_capacity = 4
        cases = self._open(8)
        self.assertEqual(self._shares(cases), [2, 2, 2])
        unassigned = cases.filtered(lambda case: not case.user_id)
        self.assertEqual(len(unassigned), 2)
        self.assertIn("full desk", unassigned[0].with_user(self.user_lead).next_step)
        cases.filtered("user_id")[0].with_user(self.user_lead).sudo().write({"user_id": False})
        self.env["exception.case"]._assign_waiting()
        self.assertEqual(sum(self._shares(cases)), 6)

    def test_the_machine_begins_nothing(self):
        case = self._open(1)
        self.assertEqual((case.user_id, case.state), (self.ann, "new"))
        self.assertTrue(case.assigned_at)
        self.assertFalse(case.first_response_at)
        self.assertEqual(case.assigned_by, "round_robin")
        self.assertIn(self.ann.partner_id, case.message_partner_ids)
        mine = case.with_user(self.ann)
        self.assertIn("Start it", mine.next_step)
        with self.assertRaisesRegex(UserError, "belongs to Ann"):
            case.with_user(self.bob).start()
        mine.start()
        self.assertEqual(case.state, "open")
        self.assertTrue(case.first_response_at)
        with self.assertRaisesRegex(UserError, "started already"):
            mine.start()

    def test_a_case_without_an_owner_is_taken_rather_than_started(self):
        self.desk.assignment_method = "manual"
        with self.assertRaisesRegex(UserError, "Take it"):
            self._open(1).with_user(self.ann).start()

    def test_take_next_starts_what_was_given(self):
        case = self._open(1)
        action = self.env["exception.case"].with_user(self.ann).take_next(self.desk.id)
        self.assertEqual(action["res_id"], case.id)
        self.assertEqual((case.state, case.user_id), ("open", self.ann))
        self.assertTrue(case.first_response_at)

    def test_take_next_leaves_what_was_given_to_others(self):
        self._open(1)
        action = self.env["exception.case"].with_user(self.bob).take_next(self.desk.id)
        self.assertNotIn("res_id", action)

    def test_taking_what_was_given_starts_it(self):
        case = self._open(1)
        case.with_user(self.ann).assign_to_me()
        self.assertEqual(case.state, "open")

    def test_a_lead_who_assigns_is_a_person(self):
        case = self._open(1)
        case.with_user(self.user_lead).assign(user_id=self.bob.id)
        self.assertEqual((case.state, case.assigned_by), ("open", False))

    def test_one_message_a_person_and_batch(self):
        self._open(9)
        for user in self.people:
            message = self._messages_to(user)
            self.assertEqual(len(message), 1)
            self.assertIn("3 cases", message.subject)

    def test_who_opens_a_case_and_gets_it_is_not_told(self):
        self.desk.member_ids = self.ann
        vals = {"title": "Seen by Ann", "type_id": self.kind.id}
        case = self.env["exception.case"].with_user(self.ann).create(vals)
        self.assertEqual(case.user_id, self.ann)
        self.assertFalse(self._messages_to(self.ann))

    def test_statements_do_not_grow_with_cases(self):
        def count(number):
            cases = self._open(number, team_id=False, type_id=self.case_type.id)
            cases.team_id = self.desk
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            cases.sudo()._distribute(fields.Datetime.now())
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        count(3)
        self.assertLessEqual(count(60), count(6) + 2)

    def test_many_at_once_are_cheap(self):
        cases = self._open(300)
        self.assertEqual(self._shares(cases), [100, 100, 100])

    def test_the_waiting_are_given_later(self):
        self.people.exception_away_until = fields.Datetime.now() + timedelta(hours=1)
        cases = self._open(3)
        self.assertFalse(cases.user_id)
        with freeze_time(fields.Datetime.now() + timedelta(hours=2)):
            self.env["exception.case"]._assign_waiting()
        self.assertEqual(self._shares(cases), [1, 1, 1])
        self.assertEqual(len(self._messages_to(self.ann)), 1)
