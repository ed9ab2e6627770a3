from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .event_common import EventCommon


@tagged("post_install", "-at_install")
class TestEventWrite(EventCommon):
    """Who is right about a kind of data writes, by an action; anybody else opens a case."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.action = cls._create_action(
            "record.write({'website': values['value']}) if record else None",
            model="res.partner",
            field_ids=[(6, 0, cls.env["ir.model.fields"]._get("res.partner", "website").ids)],
            parameter_ids=[(0, 0, {"name": "value", "label": "Value", "kind": "text"})],
        )
        cls.writer = cls._create_contract(
            kinds="site",
            mapping="{what: type, when: at, reference: customer, facts: {site: site}}",
            reaction_ids=[cls._write_line()],
        )
        cls.endpoint = cls._create_endpoint(cls.writer)
        cls.site = "https://new.example"

    @classmethod
    def _write_line(cls, **overrides):
        return cls._reaction(
            "write",
            **{
                "action_id": cls.action.id,
                "values": "{value: facts.site}",
                "data_kind": "customer",
                "field_name": "website",
                "value": "facts.site",
                **overrides,
            },
        )

    def _authorise(self, system=None, **overrides):
        values = {"data_kind": "customer", "system_id": (system or self.system).id}
        return self.env["exception.authority"].create({**values, **overrides})

    def _report(self, at=1, **more):
        return self._push(self._payload("site", at, site=self.site, **more))

    def test_who_is_right_writes_once(self):
        """The system that is right writes by an action, and the case of it is settled."""
        self._authorise()
        with self.trap_cases() as trap:
            event = self._report()
        self.assert_event(event, "done", "Asked for")
        self.assertEqual(self.partner.website, self.site)
        case = trap.assert_opened(1, self.partner)
        self.assertEqual(case.run_ids.mapped("state"), ["done"])
        self.assertEqual(case.run_ids.event_id, event)
        self.assertEqual(case.outcome, "cleared")

    def test_same_event_never_asks_twice(self):
        """Understood again, an event finds its run and does not make another."""
        self._authorise()
        event = self._report()
        self.partner.website = "https://by.hand"
        run = event.case_ids.run_ids
        event.case_ids.sudo().write({"state": "open", "outcome": False})
        self._understand(event)
        self.assertEqual(event.case_ids.run_ids, run)
        self.assertEqual(self.partner.website, "https://by.hand")

    def test_another_system_never_writes(self):
        """What another system says is not written: a case shows both values."""
        warehouse = self.env["exception.system"].create({"name": "Warehouse", "code": "wh"})
        self._authorise(warehouse)
        self.partner.website = "https://old.example"
        with self.trap_cases() as trap:
            event = self._report()
        self.assertEqual(self.partner.website, "https://old.example")
        case = trap.assert_opened(1, self.partner, "event_mismatch")
        self.assert_event(event, "done", case.name)
        facts = {fact["key"]: fact["value"] for fact in case.facts}
        self.assertEqual(facts["here"], "https://old.example")
        self.assertEqual(facts["there"], self.site)
        self.assertEqual(facts["right"], "Warehouse")
        self.assertFalse(case.run_ids)

    def test_nobody_said_who_is_right(self):
        """Where the table is silent, Odoo is right."""
        with self.trap_cases() as trap:
            self._report()
        trap.assert_opened(1, self.partner, "event_mismatch")
        self.assertFalse(self.partner.website)

    def test_same_value_is_no_case(self):
        """What is so already opens nothing, whoever says it."""
        self.partner.website = self.site
        with self.trap_cases() as trap:
            event = self._report()
        trap.assert_none_opened()
        self.assert_event(event, "done", "already")

    def test_company_decides_before_the_general_line(self):
        """The line of a company comes before the one for all."""
        self._authorise()
        other = self.env["exception.system"].create({"name": "Other", "code": "other"})
        self._authorise(other, company_id=self.env.company.id)
        self._report()
        self.assertFalse(self.partner.website)

    def test_action_that_does_not_fit_says_why(self):
        """An action that cannot be done leaves the case open, and the event says why."""
        self._authorise()
        self.action.sudo().active = False
        event = self._report()
        self.assert_event(event, "done", "archived")
        self.assertTrue(event.case_ids.is_open)

    def test_needs_a_kind_of_data_and_a_released_action(self):
        """A line that would write past the table, or money without people, is refused."""
        with self.assertRaises(ValidationError):
            self._create_contract(reaction_ids=[self._write_line(data_kind=False)])
        with self.assertRaises(ValidationError):
            self._create_contract(reaction_ids=[self._write_line(field_name="name")])
        self.action.server_action_id.sudo().exception_release = "person"
        with self.assertRaises(ValidationError):
            self._create_contract(reaction_ids=[self._write_line()])
