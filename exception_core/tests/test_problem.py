from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common_problem import ProblemCase


@tagged("post_install", "-at_install")
class TestProblem(ProblemCase):
    """Cases with one cause, worked together."""

    def test_cases_join_and_leave_through_verbs_only(self):
        agent = self._as("agent")
        self.assertEqual(agent.add_cases(self.cases.ids), {"done": self.cases.ids, "skipped": []})
        self.assertEqual(self.problem.case_ids, self.cases)
        self.assertEqual(self.problem.type_ids, self.kind)
        self.assertIn(self.problem.name, self.cases[0].message_ids[0].body)
        again = agent.add_cases(self.cases[0].ids)
        self.assertEqual((again["done"], len(again["skipped"])), ([], 1))
        other = self._create_problem()
        moved = self._as("agent", other).add_cases(self.cases.ids)
        self.assertEqual((moved["done"], len(moved["skipped"])), ([], 3))
        self.assertIn(self.problem.name, moved["skipped"][0]["reason"])
        self.assertEqual(agent.remove_cases(self.cases[0].ids)["done"], self.cases[0].ids)
        self.assertEqual(self.problem.case_ids, self.cases[1:])
        for attempt in (
            lambda: self._as("manager", self.cases).write({"problem_id": other.id}),
            lambda: self._as("manager").write({"case_ids": [(4, self.cases[0].id)]}),
            lambda: self._as("manager", other).write({"case_ids": [(6, 0, self.cases.ids)]}),
        ):
            with self.assertRaises(UserError):
                attempt()

    def test_the_model_keeps_what_buttons_say(self):
        for name, value in (("state", "closed"), ("pattern", {"type_id": 1}), ("name", "PB/1")):
            with self.subTest(field=name), self.assertRaises(UserError):
                self._as("manager").write({name: value})
        forged = self.env["exception.problem"].with_user(self.user_lead)
        forged = forged.with_context(
            default_state="closed", default_pattern={"type_id": 1}, default_reopen_count=7
        )
        made = forged.create({"title": "Made by hand"})
        self.assertEqual((made.state, made.pattern, made.reopen_count), ("open", False, 0))
        self.assertTrue(made.name.startswith("PB/"))

    def test_life(self):
        lead = self._as("lead")
        self.assertEqual(lead.start()["done"], self.problem.ids)
        self.assertEqual(self.problem.state, "in_progress")
        with self.assertRaises(UserError):
            lead.start()
        with self.assertRaises(UserError):
            lead.close()
        lead.add_cases(self.cases.ids)
        result = lead.resolve_together(note="Carrier changed")
        self.assertEqual((set(result["done"]), result["resolved"]), (set(self.cases.ids), True))
        self.assertEqual(set(self.cases.mapped("outcome")), {"manual"})
        self.assertEqual(self.problem.state, "resolved")
        lead.close()
        self.assertEqual((self.problem.state, bool(self.problem.closed_at)), ("closed", True))
        lead.reopen("Once more")
        self.assertEqual((self.problem.state, self.problem.reopen_count), ("open", 1))
        many = self._as("lead", self.problem | self._create_problem()).close()
        self.assertEqual((many["done"], len(many["skipped"])), ([], 2))

    def test_what_a_case_still_asks_for_keeps_the_problem_open(self):
        strict = self._create_type(requires_note=True, requires_evidence=True)
        hard = self._create_case(type_id=strict.id)
        self._as("lead").add_cases((self.cases | hard).ids)
        result = self._as("lead").resolve_together(note="Done")
        self.assertEqual(set(result["done"]), set(self.cases.ids))
        self.assertEqual([row["id"] for row in result["skipped"]], hard.ids)
        self.assertEqual((result["resolved"], self.problem.state), (False, "in_progress"))
        alone = self._as("lead").resolve_together(note="Done")
        self.assertEqual((alone["done"], alone["skipped"][0]["id"]), ([], hard.id))

    def test_figures_in_one_statement_whatever_the_number(self):
        far = self.env["res.company"].create({"name": "Elsewhere"})
        self._as("lead").add_cases(self.cases.ids)
        self.cases[0].resolve()
        hidden = self._create_case(company_id=far.id, res_model=False, res_id=False, amount=99)
        self.problem.add_cases(hidden.ids)
        others = self.env["exception.problem"].browse(self._create_problem().id for _i in range(9))
        for number, problem in enumerate(others):
            self._as("lead", problem).add_cases(self._create_case(amount=number).ids)
        self.env.invalidate_all()
        problem = self._as("lead")
        self.assertEqual((problem.case_count, problem.open_count), (3, 2))
        self.assertEqual((problem.exposure, problem.total_amount), (20, 30))
        self.env.invalidate_all()
        problems = self._as("lead", self.problem | others)
        problems.fetch(["company_id"])
        self.env.company.currency_id.fetch(["name"])
        problems[:1].mapped("open_count")  # the first read warms caches of rules
        self.env["exception.problem"].invalidate_model(["open_count", "exposure"])
        with self.assertQueryCount(3):
            problems.mapped("exposure")

    def test_severity_is_that_of_the_strongest_open_case(self):
        self.cases[0].severity, self.cases[1].severity = "1", "2"
        self._as("lead").add_cases(self.cases[:2].ids)
        self.assertEqual(self.problem.severity, "1")
        self.cases[0].resolve()
        self.env["exception.problem"]._cron_refresh()
        self.assertEqual(self.problem.severity, "2")

    def test_roles(self):
        readers = ("agent", "lead", "manager", "admin", "approver", "auditor")
        for role in readers:
            self.assertTrue(self._as(role).read(["title"]))
        with self.assertRaises(AccessError):
            self._as("outsider").read(["title"])
        for role in ("agent", "approver", "auditor"):
            with self.subTest(role=role):
                problem = self._as(role)
                attempts = [
                    lambda p=problem: p.write({"title": "x"}),
                    lambda p=problem: p.create({"title": "x"}),
                    lambda p=problem: p.start(),
                    lambda p=problem: p.resolve_together(),
                    lambda p=problem: p.close(),
                    lambda p=problem: p.reopen(),
                    lambda p=problem: p.action_learn_kind(),
                ]
                if role != "agent":
                    attempts += [
                        lambda p=problem: p.add_cases(self.cases.ids),
                        lambda p=problem: p.remove_cases(self.cases.ids),
                        lambda p=problem: p.message_cases("x", False, False),
                    ]
                    self.problem.add_cases(self.cases.ids)
                for attempt in attempts:
                    with self.assertRaises(AccessError):
                        attempt()
        with self.assertRaises(UserError):
            self._as("manager").unlink()

    def test_owners_lead(self):
        with self.assertRaises(ValidationError):
            self.problem.user_id = self.user_agent

    def test_message_all(self):
        self.partner.email = "customer@example.com"
        silent = self._create_case(partner_id=False, type_id=self.kind.id)
        self._as("agent").add_cases((self.cases | silent).ids)
        result = self._as("agent").message_cases("We are on it", to_customers=True)
        self.assertEqual(set(result["done"]), set(self.cases.ids))
        self.assertEqual([row["id"] for row in result["skipped"]], silent.ids)
        for case in self.cases:
            answer = case.message_ids[0]
            self.assertEqual(answer.partner_ids, self.partner)
            self.assertEqual(answer.author_id, self.user_agent.partner_id)
            self.assertFalse(answer.is_internal)
        note = self._as("agent").message_cases("<b>Do not call</b>")
        self.assertEqual(len(note["done"]), 4)
        self.assertTrue(silent.message_ids[0].is_internal)
        self.assertIn("&lt;b&gt;", silent.message_ids[0].body)
        with self.assertRaises(UserError):
            self._as("agent").message_cases("  ")


@tagged("post_install", "-at_install")
class TestProblemWall(ProblemCase):
    """A problem and its cases stand on the same side of a private team's wall."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.secret_team = cls._create_team(
            private=True, member_ids=[(6, 0, cls.user_colleague.ids)], lead_id=cls.user_manager.id
        )
        cls.secret = cls._create_case(team_id=cls.secret_team.id, type_id=cls.kind.id)

    def test_private_cases_do_not_join_public_problems_nor_the_other_way(self):
        mixed = self._as("manager").add_cases((self.cases | self.secret).ids)
        skipped = [row["id"] for row in mixed["skipped"]]
        self.assertEqual((mixed["done"], skipped), (self.cases.ids, self.secret.ids))
        hidden = self._create_problem(team_id=self.secret_team.id, user_id=self.user_manager.id)
        result = self._as("manager", hidden).add_cases([self.secret.id])
        self.assertEqual(result["done"], self.secret.ids)
        loose = self._create_case(type_id=self.kind.id)
        self.assertTrue(self._as("manager", hidden).add_cases(loose.ids)["skipped"])
        with self.assertRaises(AccessError):
            self._as("agent", hidden).read(["title"])
        self.assertFalse(
            self.env["exception.problem"]
            .with_user(self.user_agent)
            .search([("id", "=", hidden.id)])
        )
        with self.assertRaises(ValidationError):
            self._as("manager", hidden).team_id = self.team

    def test_a_case_that_changes_sides_leaves(self):
        self.problem.add_cases(self.cases.ids)
        self._as("manager", self.cases[0]).assign(team_id=self.secret_team.id)
        self.assertFalse(self.cases[0].problem_id)
        third = self._create_team()
        self.cases[1].team_id = third
        self.assertEqual(self.cases[1].problem_id, self.problem)
        third.private = True
        self.assertFalse(self.cases[1].problem_id)

    def test_other_companies(self):
        far = self.env["res.company"].create({"name": "Elsewhere"})
        here = self._create_problem(company_id=self.env.company.id)
        foreign = self._create_case(company_id=far.id, res_model=False, res_id=False)
        self.assertTrue(here.add_cases(foreign.ids)["skipped"])
        with self.assertRaises(AccessError):
            self._as("agent", here).add_cases(foreign.ids)
        foreign_problem = self._create_problem(company_id=far.id, team_id=False, user_id=False)
        with self.assertRaises(AccessError):
            self._as("agent", foreign_problem).add_cases(self.cases.ids)
