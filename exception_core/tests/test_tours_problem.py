from odoo.tests import tagged

from .test_tours_desk import DeskTourCase


@tagged("post_install", "-at_install")
class TestProblemTours(DeskTourCase):
    """A problem from its suggestion to its end, and an agent who adds a case to one."""

    def test_a_problem_is_suggested_opened_and_resolved_with_its_cases(self):
        kind = self.cases.type_id.copy({"code": "tour_problem", "name": "Tour problem type"})
        customer = self.env["res.partner"].create({"name": "Tour customer"})
        self.env["ir.config_parameter"].set_param("exception_core.problem_cases", 5)
        cases = self.env["exception.case"]._open_batch(
            [
                {
                    "type_id": kind.id,
                    "team_id": self.team.id,
                    "res_model": "res.partner",
                    "res_id": customer.id,
                    "fingerprint": str(number),
                    "partner_id": customer.id,
                    "company_id": self.env.company.id,
                    "amount": 100,
                }
                for number in range(5)
            ]
        )
        self.start_tour("/web", "exception_desk_problem", login="tour_lead")
        problem = cases.problem_id
        self.assertEqual((problem.state, problem.user_id), ("closed", self.lead))
        self.assertEqual(problem.root_cause_id, self.reasons["root_cause"])
        self.assertEqual(problem.workaround, "Send by courier")
        self.assertEqual(set(cases.mapped("outcome")), {"manual"})
        self.assertEqual(cases.resolution_id, self.reasons["resolution"])

    def test_an_agent_adds_a_case_to_a_problem(self):
        problem = self.env["exception.problem"].create(
            {"title": "Tour problem", "workaround": "Send by courier", "user_id": self.lead.id}
        )
        self.start_tour("/web", "exception_desk_add_to_problem", login="tour_agent")
        self.assertEqual(problem.case_ids, self.cases[1])
