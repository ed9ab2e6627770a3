from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_score import ScoreCommon

NOW = datetime(2026, 3, 2, 10)
# One part at a time, with a weight of 100: its share is the score.
WEIGHTS = {"severity": 35, "money": 20, "tier": 15, "promise": 15, "sla": 10, "recurrence": 5}


@tagged("post_install", "-at_install")
class TestScoreStored(ScoreCommon):
    """The stored score, the job, and what follows for the queue."""

    def test_a_new_case_and_a_batch_are_ranked(self):
        self.assertEqual(self.case.score, 28)
        hits = [
            {
                "type_id": self.case_type.id,
                "res_model": "res.partner",
                "res_id": partner.id,
                "company_id": self.env.company.id,
                "amount": 1000,
            }
            for partner in self.env["res.partner"].create([{"name": "A"}, {"name": "B"}])
        ]
        cases = self.env["exception.case"]._open_batch(hits)
        for case in cases:
            self.assertEqual(case.score, case.score_now)
            self.assertGreaterEqual(case.score, 14)

    def test_ranking_costs_the_same_few_statements_for_many(self):
        cases = self._create_cases(40)
        counts = []
        for group in (cases[:1], cases):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            group._rescore(NOW + timedelta(days=1))
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])
        self.assertLessEqual(counts[1], 4)

    def test_explaining_a_page_costs_the_same_few_statements(self):
        cases = self._create_cases(30)
        counts = []
        for group in (cases[:1], cases):
            self.env.flush_all()
            self.env.invalidate_all()
            group.mapped("severity")
            before = self.env.cr.sql_log_count
            group.mapped("score_words")
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])

    def test_time_moves_the_next_case_without_a_write(self):
        self.env["exception.case"].search([]).write({"user_id": self.user_lead.id})
        dear, promised = self._create_cases(2, severity="3")
        dear.amount = 1000
        promised.promised_at = NOW + timedelta(days=9)
        self.env.flush_all()
        take = self.env["exception.case"].with_user(self.user_agent)._lock_next
        self.assertEqual(take(), dear)
        stored = (dear.score, promised.score)
        with freeze_time(NOW + timedelta(days=9)):
            self.assertEqual(take(), promised)
        self.assertGreater(stored[0], stored[1])
        self.env.invalidate_all()
        self.assertEqual((dear.score, promised.score), stored)

    def test_the_job_writes_only_what_changed(self):
        still, moving = self._create_cases(2, severity="3")
        (still | moving).clock_ids.unlink()
        moving.promised_at = NOW + timedelta(days=2)
        Case = self.env["exception.case"]
        Case._cron_rescore()
        self.assertFalse(Case._stale_scores(NOW))
        later = NOW + timedelta(days=1)
        self.assertIn(moving.id, Case._stale_scores(later))
        self.assertNotIn(still.id, Case._stale_scores(later))
        before = moving.score
        with freeze_time(later):
            Case._cron_rescore()
            self.assertGreater(moving.score, before)
            # a second run finds nothing and writes nothing
            self.assertFalse(Case._stale_scores(later))
            self.assertFalse((still | moving)._rescore())

    def test_waiting_and_going_on_rank_at_once(self):
        case = self._create_case(severity="2")
        self.assertTrue(case.clock_ids)
        with freeze_time(NOW + timedelta(days=9)):
            case.with_user(self.user_agent).wait("customer", note="Their answer")
            self.assertEqual(case.score, case.score_now)
            case.with_user(self.user_agent).resume()
            self.env.invalidate_all()
            self.assertEqual(case.score, case.score_now)
            stale = self.env["exception.case"]._stale_scores(NOW + timedelta(days=9))
            self.assertNotIn(case.id, stale)

    def test_ended_cases_are_left_alone(self):
        self.case.promised_at = NOW + timedelta(days=5)
        self.case.with_user(self.user_agent).cancel_case(note="no")
        score = self.case.score
        with freeze_time(NOW + timedelta(days=5)):
            self.env["exception.case"]._cron_rescore()
            self.assertFalse(self.case._rescore())
        self.assertEqual(self.case.score, score)
        self.assertEqual(self.case.score_now, score)
        self.assertFalse(self.case.score_html)

    def test_nobody_sets_a_score(self):
        case = self.case.with_user(self.user_manager)
        for vals in ({"score": 99}, {"came_back": 9}, {"tier_id": 1}, {"contract_value": 5}):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                case.write(vals)
        forged = self.env["exception.case"].with_user(self.user_admin)
        with self.assertRaises(UserError):
            forged.create({"title": "x", "type_id": self.case_type.id, "score": 99})
        case = forged.with_context(default_score=99).create(
            {"title": "x", "type_id": self.case_type.id}
        )
        self.assertLess(case.score, 99)

    def test_one_gets_back_what_was_given_to_one_when_it_is_more_urgent(self):
        Case = self.env["exception.case"]
        Case.search([]).write({"user_id": self.user_lead.id})
        given, free = self._create_cases(2, severity="3")
        # given by a rule: owned, and not begun
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE exception_case SET user_id = %s WHERE id = %s", [self.user_agent.id, given.id]
        )
        self.env.invalidate_all()
        agent = Case.with_user(self.user_agent)
        free.severity = "2"
        self.assertEqual(agent._lock_next(), free)
        given.severity = "1"
        self.assertNotEqual(Case.with_user(self.user_colleague)._lock_next(), given)
        self.assertEqual(agent.take_next()["res_id"], given.id)
        self.assertEqual((given.state, given.user_id), ("open", self.user_agent))
        self.assertEqual(agent.take_next()["res_id"], free.id)

    def test_the_list_is_sorted_by_priority(self):
        cases = self._create_cases(3, severity="4")
        cases[1].severity = "1"
        found = self.env["exception.case"].search([("id", "in", cases.ids)])
        self.assertEqual(found[0], cases[1])

    def test_parts_in_words_add_up(self):
        self.case.write(
            {
                "amount": 1240,
                "tier_id": self.env.ref("exception_core.tier_gold").id,
                "promised_at": NOW + timedelta(days=2, minutes=1),
            }
        )
        case = self.case.with_user(self.user_agent)
        explained = case._explain_scores(NOW)[case.id]
        self.assertEqual(sum(points for points, _words in explained), case.score_now)
        self.assertEqual(case.score_now, case.score)
        for words in ("High severity", "1,240.00", "Gold customer 15", "promise in 2 d"):
            self.assertIn(words, case.score_words)
        self.assertIn("no clock is running", case.score_html)
