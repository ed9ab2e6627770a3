from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.models import MetaModel
from odoo.tests import Form, tagged

from .common import ExceptionCommon


def _ticket_model():
    class Ticket(models.Model):
        """What a user's own addon would write: one line for the mixin."""

        _name = "exception.test.ticket"
        _description = "Ticket"
        _inherit = ["exception.record.mixin"]
        _module = "exception_core"

        name = fields.Char()
        partner_id = fields.Many2one("res.partner")
        company_id = fields.Many2one("res.company")

    # known to this test only: another registry must not build it
    MetaModel.module_to_models[Ticket._module].remove(Ticket)
    return Ticket


@tagged("post_install", "-at_install")
class TestCaseMixin(ExceptionCommon):
    """The mixin on a model that is not ours."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        model = _ticket_model()._build_model(cls.registry, cls.cr)
        cls.addClassCleanup(cls._drop_model, model)
        cls.registry.setup_models(cls.cr)
        cls.registry.init_models(cls.cr, [model._name], {"module": "exception_core"})
        cls.env["ir.model.access"].create(
            {
                "name": "tickets",
                "model_id": cls.env["ir.model"]._get(model._name).id,
                "group_id": cls.env.ref("base.group_user").id,
                "perm_read": True,
            }
        )
        cls.ticket, cls.quiet = cls.env[model._name].create([{"name": "T1"}, {"name": "T2"}])

    @classmethod
    def _drop_model(cls, model):
        for parent in model._inherit:
            cls.registry[parent]._inherit_children.discard(model._name)
        del cls.registry.models[model._name]
        cls.registry.setup_models(cls.cr)

    def _case_on_ticket(self, **overrides):
        values = {"res_model": self.ticket._name, "res_id": self.ticket.id}
        return self._create_case(**{**values, **overrides})

    def test_count_and_banner(self):
        self._case_on_ticket(severity="3", title="Minor")
        self._case_on_ticket(severity="1", title="Major", amount=1240)
        self._case_on_ticket(state="resolved", title="Over")
        ticket = self.ticket.with_user(self.user_agent)
        self.assertEqual(ticket.exception_case_count, 2)
        self.assertTrue(ticket.exception_banner.startswith("Major"))
        for part in ("1,240.00", "at stake", "1 more"):
            self.assertIn(part, ticket.exception_banner)
        quiet = self.quiet.with_user(self.user_agent)
        self.assertEqual((quiet.exception_case_count, quiet.exception_banner), (0, False))

    def test_only_what_the_user_may_see(self):
        self._case_on_ticket(team_id=self._create_team(private=True).id)
        counts = {
            role: self.ticket.with_user(self.users[role]).exception_case_count
            for role in ("agent", "approver", "manager", "auditor")
        }
        self.assertEqual(counts, {"agent": 0, "approver": 0, "manager": 1, "auditor": 1})

    def test_people_outside_the_groups_read_the_record_without_error(self):
        self._case_on_ticket()
        ticket = self.ticket.with_user(self.user_outsider)
        self.assertEqual(ticket.read(["name"])[0]["name"], "T1")
        self.assertNotIn("exception_case_count", ticket.fields_get())

    def test_search(self):
        self._case_on_ticket()
        tickets = self.ticket.with_user(self.user_agent)
        both = [("id", "in", (self.ticket | self.quiet).ids)]
        for term, found in [((">", 0), self.ticket), (("=", 0), self.quiet)]:
            domain = [*both, ("exception_case_count", *term)]
            self.assertEqual(tickets.search(domain).sudo(), found)

    def test_actions(self):
        case = self._case_on_ticket()
        ticket = self.ticket.with_user(self.user_agent)
        self.assertEqual(ticket.action_view_exceptions()["res_id"], case.id)
        self._case_on_ticket()
        self.assertIn("domain", ticket.action_view_exceptions())

    def test_report(self):
        ticket = self.ticket
        ticket.partner_id = self.partner
        action = ticket.with_user(self.user_agent).action_report_exception()
        model = self.env[action["res_model"]].with_user(self.user_agent)
        form = Form(model.with_context(**action["context"]))
        form.type_id = self.case_type
        self.assertEqual(form.severity, self.case_type.default_severity)
        form.title = "The parcel was open"
        opened = form.save().action_apply()
        case = self.env["exception.case"].browse(opened["res_id"])
        self.assertEqual((case.res_model, case.res_id), (ticket._name, ticket.id))
        self.assertEqual((case.title, case.partner_id), ("The parcel was open", self.partner))
        self.assertEqual(case.create_uid, self.user_agent)
        self.assertFalse(case.detector_id)

    def test_report_checks_the_record(self):
        self.env["ir.rule"].create(
            {
                "name": "hidden",
                "model_id": self.env["ir.model"]._get(self.ticket._name).id,
                "domain_force": [("name", "=", "T2")],
            }
        )
        model = self.env["exception.case.report"].with_user(self.user_agent)
        model = model.with_context(exception_record=[self.ticket._name, self.ticket.id])
        with self.assertRaises(AccessError):
            model.create({"type_id": self.case_type.id, "severity": "2"}).action_apply()
        with self.assertRaises(UserError):
            model.with_context(exception_record=None).create(
                {"type_id": self.case_type.id, "severity": "2"}
            ).action_apply()
