from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common_problem import ProblemCase


@tagged("post_install", "-at_install")
class TestProblemDialogs(ProblemCase):
    """What people fill in: add to a problem, resolve it, write to all, dismiss."""

    def _dialog(self, role, action):
        """Open the dialog that a button answered with, as the web client does."""
        model = self.env[action["res_model"]].with_user(self.users[role])
        return Form(model.with_context(**action["context"]))

    def test_add_to_a_known_problem(self):
        cases = self.cases.with_user(self.user_agent)
        form = self._dialog("agent", cases.action_add_to_problem())
        form.problem_id = self.problem
        form.save().action_apply()
        self.assertEqual(self.problem.case_ids, self.cases)

    def test_a_lead_makes_a_new_problem_that_knows_its_kind(self):
        cases = self.cases.with_user(self.user_lead)
        form = self._dialog("lead", cases.action_add_to_problem())
        form.target = "new"
        self.assertIn("Test customer", form.title)
        form.title = "Depot closed"
        action = form.save().action_apply()
        problem = self.env["exception.problem"].browse(action["res_id"])
        self.assertEqual((problem.title, problem.case_ids), ("Depot closed", self.cases))
        self.assertEqual((problem.user_id, problem.team_id), (self.user_lead, self.team))
        self.assertEqual(problem.pattern["partner_id"], self.partner.id)
        self.assertEqual(self._hit().problem_id, problem)

    def test_an_agent_makes_no_problem(self):
        wizard = (
            self.env["exception.problem.add"]
            .with_user(self.user_agent)
            .with_context(exception_case_ids=self.cases.ids)
            .create({"target": "new", "title": "Mine"})
        )
        self.assertFalse(wizard.may_create)
        with self.assertRaises(AccessError):
            wizard.action_apply()

    def test_resolving_asks_once_and_says_what_was_skipped(self):
        cause = self._create_reason(kind="root_cause", reason_class="carrier")
        strict = self._create_type(requires_root_cause=True, requires_resolution=False)
        hard = self._create_type(requires_evidence=True, requires_resolution=False)
        more = self._create_case(type_id=strict.id) | self._create_case(type_id=hard.id)
        self.problem.add_cases((self.cases | more).ids)
        self.problem.root_cause_id = cause
        problem = self.problem.with_user(self.user_lead)
        form = self._dialog("lead", problem.action_resolve())
        self.assertEqual((form.needs_root_cause, form.needs_evidence), (True, True))
        self.assertEqual(form.root_cause_id, cause)
        dialogs = self.env["exception.problem.resolve"].with_user(self.user_lead)
        # the form demands the evidence; a client that does not ask gets the answer of the cases
        wizard = dialogs.with_context(exception_problem_id=self.problem.id).create({"note": "Told"})
        action = wizard.action_apply()
        shown = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual((shown.done_count, shown.skipped_count), (4, 1))
        self.assertEqual(shown.line_ids.case_id, more[1])
        self.assertEqual(more[0].root_cause_id, cause)
        self.assertEqual(self.problem.state, "in_progress")

    def test_evidence_goes_to_each_case(self):
        hard = self._create_type(requires_evidence=True, requires_resolution=False)
        cases = self._create_case(type_id=hard.id) | self._create_case(type_id=hard.id)
        self.problem.add_cases(cases.ids)
        letter = self.env["ir.attachment"].create({"name": "letter.txt", "raw": b"Sorry"})
        dialogs = self.env["exception.problem.resolve"].with_user(self.user_lead)
        wizard = dialogs.with_context(exception_problem_id=self.problem.id).create(
            {"attachment_ids": [(6, 0, letter.ids)]}
        )
        wizard.action_apply()
        self.assertEqual(set(cases.mapped("state")), {"resolved"})
        self.assertEqual(self.problem.state, "resolved")

    def test_message_to_all(self):
        self.problem.add_cases(self.cases.ids)
        form = self._dialog("agent", self.problem.with_user(self.user_agent).action_message())
        self.assertEqual(form.case_count, 3)
        form.body = "<p>The truck is found</p>"
        form.save().action_apply()
        for case in self.cases:
            self.assertIn("The truck is found", case.message_ids[0].body)
        empty = self._dialog("agent", self.problem.with_user(self.user_agent).action_message())
        with self.assertRaises(UserError):
            empty.save().action_apply()

    def test_dismissing_until_it_grows(self):
        self.env["ir.config_parameter"].set_param("exception_core.problem_cases", 3)
        suggestions = self.env["exception.problem.suggestion"]
        suggestions._cron_look()
        found = suggestions.search([("type_id", "=", self.kind.id)])
        form = self._dialog("lead", found.with_user(self.user_lead).action_dismiss())
        form.how = "grows"
        self.assertEqual(form.cases, 6)
        form.save().action_apply()
        self.assertEqual((found.state, found.dismissed_count), ("dismissed", 6))
        self.assertEqual(found.dismissed_by_id, self.user_lead)

    def test_buttons_lead_where_they_say(self):
        self.problem.add_cases(self.cases.ids)
        agent = self.problem.with_user(self.user_agent)
        found = self.env["exception.case"].search(agent.action_open_cases()["domain"])
        self.assertEqual(found, self.cases)
        case = self.cases[0].with_user(self.user_agent)
        self.assertEqual(case.action_open_problem()["res_id"], self.problem.id)
        case.action_leave_problem()
        self.assertFalse(self.cases[0].problem_id)
        self.assertIsNone(case.action_open_problem())
