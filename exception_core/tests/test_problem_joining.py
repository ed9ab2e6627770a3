from odoo.tests import tagged

from .common_problem import ProblemCase


@tagged("post_install", "-at_install")
class TestProblemKind(ProblemCase):
    """New cases of its kind join a problem, and bring an ended one back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.problem.add_cases(cls.cases.ids)
        cls.problem.sudo().pattern = {"type_id": cls.kind.id, "partner_id": cls.partner.id}

    def test_learning_the_kind_from_the_cases(self):
        self.problem.pattern = False
        self._as("lead").action_learn_kind()
        self.assertEqual(self.problem.pattern["type_id"], self.kind.id)
        self.assertEqual(self.problem.pattern["partner_id"], self.partner.id)
        self.assertIn("Test customer", self.problem.kind)

    def test_new_cases_of_the_kind_join(self):
        self.assertEqual(self._hit().problem_id, self.problem)
        self.assertEqual(
            self._create_case(type_id=self.kind.id, partner_id=self.partner.id).problem_id,
            self.problem,
        )
        self.assertFalse(self._hit(partner_id=False).problem_id)
        self.assertFalse(self._hit(type_id=self._create_type().id).problem_id)
        self.problem.collect = False
        self.assertFalse(self._hit().problem_id)

    def test_the_most_specific_problem_takes_the_case(self):
        broad = self._create_problem()
        broad.sudo().pattern = {"type_id": self.kind.id, "team_id": self.team.id}
        narrow = self._create_problem()
        narrow.sudo().pattern = {**self.problem.pattern, "team_id": self.team.id}
        self.assertEqual(self._hit().problem_id, narrow)
        self.assertEqual(self._hit(partner_id=False).problem_id, broad)

    def test_a_stronger_case_raises_the_severity(self):
        self.assertEqual(self.problem.severity, "3")
        rush = self._create_type(default_severity="1")
        self.problem.sudo().pattern = {"type_id": rush.id, "partner_id": self.partner.id}
        self._hit(type_id=rush.id)
        self.assertEqual(self.problem.severity, "1")
        self.assertEqual(self.problem.type_ids, self.kind | rush)

    def test_an_ended_problem_comes_back_with_the_next_case(self):
        self._as("lead").resolve_together()
        self._as("lead").close()
        self.problem.collect = False
        case = self._hit()
        self.assertEqual((case.problem_id, self.problem.state), (self.problem, "open"))
        self.assertEqual(self.problem.reopen_count, 1)
        self.assertEqual(self.problem.activity_ids.user_id, self.user_lead)
        self.problem._touch()
        self.assertEqual(len(self.problem.activity_ids), 1)

    def test_an_ended_problem_comes_back_with_a_case_that_is_taken_up_again(self):
        self._as("lead").resolve_together()
        self._as("agent", self.cases[0]).reopen()
        self.assertEqual(self.problem.state, "open")

    def test_joining_a_batch_takes_two_statements(self):
        cases = self.env["exception.case"].browse(
            self._hit(partner_id=False).id for _index in range(5)
        )
        self.env.flush_all()
        with self.assertQueryCount(1):
            cases._join_problems()
        cases.partner_id = self.partner
        self.env.flush_all()
        with self.assertQueryCount(1):
            cases._join_problems()
        self.assertEqual(cases.problem_id, self.problem)

    def test_the_hourly_job_catches_up(self):
        self._as("lead").resolve_together()
        self.env.cr.execute(
            "UPDATE exception_case SET state = 'open', is_open = TRUE WHERE id = %s",
            [self.cases[0].id],
        )
        self.env.invalidate_all()
        self.env["exception.problem"]._cron_refresh()
        self.assertEqual(self.problem.state, "open")
