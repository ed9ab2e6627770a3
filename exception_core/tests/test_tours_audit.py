from odoo.tests import new_test_user, tagged

from .test_tours_desk import DeskTourCase


@tagged("post_install", "-at_install")
class TestAuditTours(DeskTourCase):
    """An auditor opens a case's trail, filters it, and runs the verifier; takes it away."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.auditor = new_test_user(
            cls.env,
            "tour_auditor",
            groups="exception_core.group_auditor",
            name="Tour auditor",
            tz="UTC",
        )
        # as a screen has it, and not as the batch that opened it
        critical = cls.env["exception.case"].browse(cls.cases[0].id)
        critical.severity = "3"
        reason = cls._create_reason("override", "The customer called")
        critical.with_user(cls.lead).change_decision({"severity": "1"}, reason.id, "Twice")
        cls.env["exception.audit.entry"]._seal()

    def test_an_auditor_reads_filters_and_verifies(self):
        self.start_tour("/web", "exception_audit_trail", login="tour_auditor")
        check = self.env["exception.audit.check"].search([], limit=1)
        self.assertEqual((check.state, check.user_id), ("whole", self.auditor))

    def test_the_trail_and_the_verifier_are_taken_away(self):
        self.authenticate("tour_auditor", "tour_auditor")
        trail = self.url_open("/exception/audit/export")
        self.assertEqual(trail.status_code, 200)
        self.assertIn('"format":"exception-audit/1"', trail.text.splitlines()[0])
        one = self.url_open(f"/exception/audit/export?chain={self.cases[0].id}&kind=csv")
        self.assertEqual(one.text.splitlines()[0].split(",")[0], "chain")
        chains = {line.split(",")[0] for line in one.text.splitlines()[1:]}
        self.assertEqual(chains, {str(self.cases[0].id)})
        self.assertIn("def main", self.url_open("/exception/audit/verifier").text)
        self.assertEqual(self.url_open("/exception/audit/export?kind=exe").status_code, 404)
        exported = self.env["exception.audit.entry"].search([("event", "=", "audit.exported")])
        self.assertEqual(exported.user_id, self.auditor)

    def test_nobody_else_takes_it(self):
        self.authenticate("tour_agent", "tour_agent")
        for address in ("export", "verifier"):
            answer = self.url_open(f"/exception/audit/{address}")
            self.assertEqual(answer.status_code, 403)
