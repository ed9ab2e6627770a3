from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, tagged

from ..tools.assignment import Member, Parcel, Queue, even_out
from .assignment import AssignmentCommon

WEIGHTS = {"1": 8, "2": 4, "3": 2, "4": 1}


@tagged("post_install", "-at_install")
class TestEvenOut(TransactionCase):
    """The plan itself."""

    def _plan(self, loads, parcels, absent=(), capacity=0):
        people = {
            user_id: Member(user_id, frozenset([1]), capacity, load)
            for user_id, load in loads.items()
        }
        members = [person for person in people.values() if person.user_id not in absent]
        queue = Queue("manual", WEIGHTS, members)
        parcels = [
            Parcel([number], owner, 1, points) for number, (owner, points) in enumerate(parcels)
        ]
        moves, stuck = even_out(queue, people, parcels)
        after = {user_id: person.load for user_id, person in people.items()}
        return [(move.parcel.case_ids[0], move.user_id) for move in moves], len(stuck), after

    def test_table(self):
        rows = [
            # nothing to do
            ({1: 2, 2: 2}, [(1, 2), (2, 2)], (), 0, {1: 2, 2: 2}),
            # a move that would only turn the table is not made
            ({1: 2, 2: 0}, [(1, 2)], (), 0, {1: 2, 2: 0}),
            # evened out
            ({1: 8, 2: 0}, [(1, 2)] * 4, (), 0, {1: 4, 2: 4}),
            ({1: 9, 2: 0, 3: 0}, [(1, 1)] * 9, (), 0, {1: 3, 2: 3, 3: 3}),
            # a heavy one stays, a light one goes
            ({1: 9, 2: 0}, [(1, 8), (1, 1)], (), 0, {1: 1, 2: 8}),
            # whoever is away gives everything
            ({1: 4, 2: 0, 3: 0}, [(1, 2)] * 2, (1,), 0, {1: 0, 2: 2, 3: 2}),
            # nobody is there
            ({1: 4, 2: 0}, [(1, 2)] * 2, (1, 2), 0, {1: 4, 2: 0}),
            # takers have limits
            ({1: 8, 2: 0}, [(1, 1)] * 8, (), 2, {1: 6, 2: 2}),
        ]
        for loads, parcels, absent, capacity, expected in rows:
            with self.subTest(loads=loads, parcels=parcels, absent=absent):
                moves, _stuck, after = self._plan(loads, parcels, absent, capacity)
                self.assertEqual(after, expected)
                self.assertEqual(len({number for number, _to in moves}), len(moves))


@tagged("post_install", "-at_install")
class TestRebalance(AssignmentCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.desk.member_ids = cls.ann
        cls.cases = cls._open(6)
        cls.desk.member_ids = cls.people

    def _preview(self, role="lead"):
        action = self.desk.with_user(self.users[role]).action_rebalance()
        return self.env[action["res_model"]].with_user(self.users[role]).browse(action["res_id"])

    def test_the_preview_moves_nothing(self):
        self.env.flush_all()
        before = self.cases.read(["user_id", "state", "write_date", "assigned_at"])
        wizard = self._preview()
        self.assertEqual(len(wizard.line_ids), 4)
        self.assertEqual(wizard.line_ids[0].from_load, "12 → 10")
        self.assertIn("Ann: <b>12 → 4</b>", wizard.summary)
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(self.cases.read(["user_id", "state", "write_date", "assigned_at"]), before)

    def test_what_is_left_selected_moves(self):
        wizard = self._preview()
        kept = wizard.line_ids[0]
        kept.selected = False
        wizard.action_apply()
        self.assertEqual(sum(self._shares(self.cases)), 6)
        self.assertEqual(self._shares(self.cases)[0], 3)
        self.assertEqual(kept.case_id.user_id, self.ann)
        moved = wizard.line_ids[1].case_id
        self.assertEqual((moved.state, moved.assigned_by), ("new", "rebalance"))
        self.assertFalse(moved.first_response_at)
        self.assertIn("Moved from Ann", moved.message_ids[0].body)
        self.assertEqual(len(self._messages_to(moved.user_id)), 1)

    def test_begun_cases_stay_unless_asked(self):
        self.cases.with_user(self.ann).start()
        wizard = self._preview()
        self.assertFalse(wizard.line_ids)
        self.assertIn("begun already, or on one record with a begun case: 6", wizard.skipped)
        action = wizard.action_include_started()
        wizard = wizard.browse(action["res_id"])
        self.assertEqual(len(wizard.line_ids), 4)
        wizard.action_apply()
        self.assertEqual(self._shares(self.cases), [2, 2, 2])
        self.assertEqual(set(self.cases.mapped("state")), {"open"})

    def test_whoever_is_away_gives_all(self):
        self.ann.exception_away_until = fields.Datetime.now() + timedelta(days=1)
        self._preview().action_apply()
        self.assertEqual(self._shares(self.cases), [0, 3, 3])

    def test_what_changed_meanwhile_stays_and_says_why(self):
        wizard = self._preview()
        first, second, third, _fourth = wizard.line_ids
        first.case_id.with_user(self.ann).start()
        second.case_id.with_user(self.user_lead).assign(user_id=self.user_agent.id)
        third.to_user_id.exception_away_until = fields.Datetime.now() + timedelta(days=1)
        action = wizard.action_apply()
        shown = self.env[action["res_model"]].browse(action["res_id"])
        reasons = " ".join(shown.line_ids.mapped("reason"))
        for words in ("begun", "changed hands", "cannot take it now"):
            self.assertIn(words, reasons)
        self.assertEqual(third.case_id.user_id, self.ann)

    def test_forged_lines_move_nothing(self):
        wizard = self._preview()
        foreign = self._create_case(team_id=self.team.id)
        foreign.user_id = self.user_agent
        line = wizard.line_ids[0]
        line.write({"case_id": foreign.id, "from_user_id": self.user_agent.id})
        wizard.line_ids[1].to_user_id = self.user_outsider
        wizard.action_apply()
        self.assertEqual(foreign.user_id, self.user_agent)
        self.assertEqual(wizard.line_ids[1].case_id.user_id, self.ann)

    def test_only_the_lead_and_managers(self):
        other = self._create_user("other_lead", "exception_core.group_lead")
        with self.assertRaises(AccessError):
            self.desk.with_user(other).action_rebalance()
        with self.assertRaises(AccessError):
            self.desk.with_user(self.ann).action_rebalance()
        self.assertTrue(self._preview("manager").line_ids)
