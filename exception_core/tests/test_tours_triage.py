from odoo.tests import HttpCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestTriageTours(HttpCase):
    """A lead writes a rule, tries it, enables it; an agent decides otherwise, with a reason."""

    browser_size = "1440,900"

    def setUp(self):
        super().setUp()
        self.env["exception.rule"].search([]).write({"enabled": False, "active": False})
        self.lead = new_test_user(
            self.env, "triage_lead", groups="exception_core.group_lead", name="Tour lead", tz="UTC"
        )
        self.kind = self.env.ref("exception_core.type_paid_not_shipped").copy(
            {"code": "triage_tour", "default_severity": "3"}
        )
        self.cases = self._open("Tour: small", 20) | self._open("Tour: large", 900)

    def _open(self, title, amount):
        partner = self.env["res.partner"].create({"name": title})
        hit = {
            "type_id": self.kind.id,
            "res_model": "res.partner",
            "res_id": partner.id,
            "company_id": self.env.company.id,
            "title": title,
            "amount": amount,
        }
        return self.env["exception.case"]._open_batch([hit])

    def test_lead_writes_tries_and_enables_a_rule(self):
        self.start_tour("/web", "exception_triage_rule", login="triage_lead")
        rule = self.env["exception.rule"].search([("name", "=", "Tour: large ones first")])
        self.assertTrue(rule.enabled)
        self.assertEqual(set(self.cases.mapped("severity")), {"3"}, "trying writes nothing")
        case = self._open("Tour: large, later", 1000)
        self.assertEqual((case.severity, case.rule_ids), ("2", rule))
        self.assertEqual(self._open("Tour: small, later", 10).severity, "3")
        url = f"/web#id={case.id}&model=exception.case&view_type=form"
        self.start_tour(url, "exception_triage_decision", login="triage_lead")
        self.assertEqual((case.severity, case.overridden), ("4", True))
