from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common_health import NOON, HealthCommon


@tagged("post_install", "-at_install")
class TestEventAbout(HealthCommon):
    """What did we receive about this order?"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.env["res.partner"].create({"name": "Azure Interior & Sons"})
        cls.by_reference = cls._receive([NOON], reference="S00042")
        cls.by_record = cls._receive([NOON], res_model="res.partner", res_id=cls.customer.id)
        cls.by_partner = cls._receive([NOON], partner_id=cls.customer.id, reference="T1")
        cls.by_id = cls._receive([NOON], dedup_key="evt_1Nx_42")
        cls.case = cls._create_case(res_id=cls.customer.id)
        cls.of_case = cls._receive([NOON], case_ids=[(6, 0, cls.case.ids)])
        cls.other = cls._receive([NOON], reference="X99", dedup_key="evt_other")

    def _about(self, text, user=None, operator="ilike"):
        events = self.env["exception.event"].with_user(user or self.user_manager)
        return events.search([("about", operator, text), ("endpoint_id", "=", self.endpoint.id)])

    def test_reference_in_any_case_and_by_its_beginning(self):
        for text in ("S00042", "s00042", "S0004", " S00042 "):
            self.assertEqual(self._about(text), self.by_reference, text)

    def test_signs_of_patterns_stand_for_themselves(self):
        self.assertFalse(self._about("S%"))
        self.assertFalse(self._about("_00042"))

    def test_record_and_customer_by_name(self):
        self.assertEqual(self._about("azure int"), self.by_record | self.by_partner)

    def test_case_and_senders_id(self):
        self.assertEqual(self._about(self.case.name), self.of_case)
        self.assertEqual(self._about("evt_1Nx_42"), self.by_id)

    def test_agents_see_events_of_cases_that_they_see(self):
        self.assertEqual(self._about(self.case.name, self.user_agent), self.of_case)
        self.assertFalse(self._about("S00042", self.user_agent))
        with self.assertRaises(AccessError):
            self.by_reference.with_user(self.user_agent).read(["name"])
        self.case.team_id.private = True
        self.case.invalidate_recordset()
        outside = self._create_user("test_health_other", "exception_core.group_user")
        self.assertFalse(self._about(self.case.name, outside))
        self.assertEqual(self._about(self.case.name, self.user_agent), self.of_case)

    def test_the_case_shows_its_events(self):
        case = self.case.with_user(self.user_agent)
        self.assertEqual((case.event_count, case.event_ids), (1, self.of_case))
        action = case.action_open_events()
        self.assertEqual(self.env["exception.event"].search(action["domain"]), self.of_case)

    def test_what_it_is_about_is_said_as_far_as_it_may_be_seen(self):
        self.assertEqual(self.by_record.about, self.customer.display_name)
        self.assertEqual(self.by_reference.about, "S00042")

    def test_it_leads_to_its_cases_and_their_trail(self):
        action = self.of_case.action_open_cases()
        self.assertEqual(self.env["exception.case"].search(action["domain"]), self.case)
        entries = self.env["exception.audit.entry"]
        for number, event in enumerate(("event.received", "case.note")):
            known = dict(entries._audit_events())
            if event in known:
                self.case._audit(event, event_id=self.of_case.id, reference=str(number))
        self.env.flush_all()
        trail = entries.search(self.of_case.action_open_audit()["domain"])
        self.assertEqual(trail.mapped("event"), ["event.received"])
