from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged

from .event_common import EventCommon


@tagged("post_install", "-at_install")
class TestUnderstand(EventCommon):
    """From messages to cases: open, clear, order, duplicates, parking."""

    def _cases(self):
        return self.env["exception.case"].search([("detector_id", "=", self.detector.id)])

    def test_opens_a_case_on_the_record_with_what_was_said(self):
        """A message opens a case on the record that it names, with amount and facts."""
        with self.trap_cases() as trap:
            event = self._push(
                self._payload(
                    amount="12.30", currency="EUR", message="Card declined", facts={"tries": 3}
                )
            )
        case = trap.assert_opened(1, self.partner)
        self.assert_event(event, "done", case.name)
        self.assertEqual((case.amount, case.currency_id.name), (12.3, "EUR"))
        self.assertEqual(case.partner_id, self.partner)
        facts = {fact["key"]: fact["value"] for fact in case.facts}
        self.assertEqual(facts, {"tries": 3, "message": "Card declined", "reference": "C-1"})
        self.assertEqual(event.case_ids, case)
        self.assertEqual((event.res_model, event.res_id), ("res.partner", self.partner.id))
        self.assertEqual(event.contract_version, 1)
        self.assertIn("event.received", case.audit_ids.mapped("event"))

    def test_severity_of_the_sender(self):
        """A sender may say how bad it is; else the type says it."""
        usual = self._push(self._payload()).case_ids
        self.assertEqual(usual.severity, self.case_type.default_severity)
        self.env["res.partner"].create({"name": "Other", "ref": "C-2"})
        case = self._push(self._payload(customer="C-2", story="x", severity="Critical")).case_ids
        self.assertEqual(case.severity, "1")

    def test_clears_the_case(self):
        """What went wrong and was put right leaves no open case."""
        self._push(self._payload("failed", 1))
        event = self._push(self._payload("paid", 2))
        case = self._cases()
        self.assertEqual((case.state, case.outcome), ("resolved", "cleared"))
        self.assert_event(event, "done", case.name)

    def test_paid_before_failed_never_opens(self):
        """A failure that comes after the payment that was later in time opens nothing."""
        self._push(self._payload("paid", 2))
        event = self._push(self._payload("failed", 1))
        self.assert_event(event, "ignored", "Older")
        self.assertFalse(self._cases())

    def test_order_holds_within_one_batch(self):
        """The order counts, not the place in the batch; both ways end without an open case."""
        for first, second in (("paid", "failed"), ("failed", "paid")):
            story = f"{first}-first"
            payloads = {
                "failed": self._payload("failed", 1, story=story),
                "paid": self._payload("paid", 2, story=story),
            }
            with self.subTest(first=first):
                self._push_all([payloads[first], payloads[second]])
                self.assertFalse(self._cases().filtered("is_open"))

    def test_older_event_is_noted_on_the_case(self):
        """A delayed message about a closed case is on the case and changes nothing of it."""
        self._push(self._payload("failed", 5))
        self._push(self._payload("paid", 9))
        late = self._push(self._payload("failed", 7))
        case = self._cases()
        self.assertFalse(case.is_open)
        self.assert_event(late, "ignored", case.name)
        self.assertIn(late, case.event_ids)
        self.assertIn("event.late", case.audit_ids.mapped("event"))

    def test_order_of_stories_is_their_own(self):
        """What is newer in one story does not make another one old."""
        self._push(self._payload("paid", 9))
        self.assert_event(self._push(self._payload("failed", 1, story="other")), "done")

    def test_order_by_time_texts_and_long_numbers(self):
        """Times with a zone and running numbers of 20 digits have an order, too."""
        pairs = [
            ("2024-03-01T10:00:00+02:00", "2024-03-01T08:00:01Z"),
            ("10000000000000000001", "10000000000000000002"),
        ]
        for older, newer in pairs:
            contract = self._create_contract(
                mapping="{what: type, reference: customer}", ordering_path="at"
            )
            endpoint = self._create_endpoint(contract)
            self._push({**self._payload("paid"), "at": newer}, endpoint)
            late = self._push({**self._payload("failed"), "at": older}, endpoint)
            self.assert_event(late, "ignored", "Older")

    def test_business_duplicate_counts_once(self):
        """The same matter in other words is ignored, and says of which event it is a duplicate."""
        payload = self._payload("failed", 1)
        with self.trap_cases() as trap:
            first = self._push(payload)
            second = self._push({**payload, "note": "again"})
            batch = self._push_all([{**payload, "a": 1}, {**payload, "a": 2}])
        trap.assert_opened(1)
        self.assert_event(second, "ignored", str(first.id))
        self.assertEqual(set(batch.mapped("state")), {"ignored"})

    def test_duplicates_within_one_batch(self):
        """Two of the same in one batch count once."""
        payload = self._payload("failed", 1)
        with self.trap_cases() as trap:
            events = self._push_all([payload, {**payload, "again": True}])
        trap.assert_opened(1)
        self.assertEqual(events.mapped("state"), ["done", "ignored"])

    def test_many_events_of_one_record_in_one_batch(self):
        """A batch with several messages about one record keeps one case, brought up to date."""
        with self.trap_cases() as trap:
            self._push_all([self._payload("failed", n, amount=n + 1) for n in range(5)])
        case = trap.assert_opened(1)
        self.assertEqual(case.amount, 5.0)

    def test_few_statements_for_a_batch(self):
        """A batch of 60 costs hardly more statements than one of 20."""
        partners = self.env["res.partner"].create(
            [{"name": f"P{n}", "ref": f"B-{n}"} for n in range(80)]
        )
        refs = iter(partners.mapped("ref"))

        def batch(count):
            events = self.env["exception.event"]
            for _n in range(count):
                ref = next(refs)
                payload = self._payload(customer=ref, story=ref, amount=5, currency="USD")
                events |= self._store(payload)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            events._understand()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        small, large = batch(20), batch(60)
        self.assertLess(large - small, 40, f"{small} statements for 20 events, {large} for 60")

    def test_parked_until_the_record_appears(self):
        """Without its record an event waits, and goes on when the record is there."""
        event = self._push(self._payload(customer="C-new"))
        self.assert_event(event, "parked", "C-new")
        self.assertGreater(event.next_at, fields.Datetime.now())
        newcomer = self.env["res.partner"].create({"name": "New", "ref": "C-new"})
        self._understand(event)
        self.assert_event(event, "done")
        self.assertEqual(event.case_ids.res_id, newcomer.id)

    def test_parked_too_long_opens_a_case(self):
        """After its time a case says which record is missing; it is on the event itself."""
        event = self._push(self._payload(customer="C-new"))
        with freeze_time(fields.Datetime.now() + timedelta(hours=25)), self.trap_cases() as trap:
            self._understand(event)
            case = trap.assert_opened(1, event, "event_unmatched")
        self.assert_event(event, "done", case.name)

    def test_ways_without_a_record(self):
        """A contract says what follows when no record fits."""
        expected = {"ignore": "ignored", "dead": "dead", "case": "done"}
        for unmatched, state in expected.items():
            with self.subTest(unmatched=unmatched):
                endpoint = self._create_endpoint(self._create_contract(unmatched=unmatched))
                event = self._push(self._payload(customer="nobody"), endpoint)
                self.assert_event(event, state)

    def test_event_without_a_record_is_its_own(self):
        """What is no record here has its case on the event, which the next event finds again."""
        contract = self._create_contract(unmatched="event", match_ids=[])
        endpoint = self._create_endpoint(contract)
        first = self._push(self._payload("failed", 1, customer="po_1"), endpoint)
        self._push(self._payload("failed", 2, customer="po_1"), endpoint)
        case = self._cases()
        self.assertEqual((case.res_model, case.res_id), ("exception.event", first.id))
        self._push(self._payload("paid", 3, customer="po_1"), endpoint)
        self.assertEqual(case.outcome, "cleared")

    def test_several_records(self):
        """Two records with one reference: a case, or a dead letter; never one of them by chance."""
        self.env["res.partner"].create({"name": "Twin", "ref": "C-1"})
        event = self._push(self._payload())
        self.assert_event(event, "done", "Several")
        self.assertEqual(event.case_ids.type_id.code, "event_unmatched")
        endpoint = self._create_endpoint(self._create_contract(several="dead"))
        self.assert_event(self._push(self._payload(), endpoint), "dead", "Several")

    def test_company_of_the_endpoint(self):
        """A record of another company is not found."""
        other = self.env["res.company"].create({"name": "Other company"})
        self.partner.company_id = other
        self.assert_event(self._push(self._payload()), "parked")
        endpoint = self._create_endpoint(self.contract, company_id=other.id)
        event = self._push(self._payload(), endpoint)
        self.assertEqual(event.case_ids.company_id, other)

    def test_no_contract_applies(self):
        """An endpoint may only use the contracts it is given."""
        self.assert_event(self._push(self._payload("unheard")), "dead", "unheard")
        self.assert_event(self._push(self._payload(), self._create_endpoint()), "dead")
        self.contract.sudo().state = "retired"
        self.assert_event(self._push(self._payload()), "dead")

    def test_unknown_version_is_dead(self):
        """A form of message that nobody knows is not guessed at."""
        contract = self._create_contract(version_path="api", versions="2023-*, 2024-01-01")
        endpoint = self._create_endpoint(contract)
        self.assert_event(self._push(self._payload(api="2024-01-01"), endpoint), "done")
        self.assert_event(
            self._push(self._payload("note", 200, api="2023-05"), endpoint), "ignored"
        )
        self.assert_event(self._push(self._payload(api="2025-01-01"), endpoint), "dead", "2025")
        self.assert_event(self._push(self._payload(), endpoint), "dead", "–")

    def test_schema_says_what_is_wrong(self):
        """What does not fit the schema is dead, with its place."""
        schema = '{"type": "object", "properties": {"customer": {"type": "string"}}}'
        endpoint = self._create_endpoint(self._create_contract(schema=schema))
        self.assert_event(self._push(self._payload(customer=7), endpoint), "dead", "customer: 7")

    def test_items_become_events_of_their_own(self):
        """One message with several items is one event for each, each counts once."""
        contract = self._create_contract(items_path="items[].item")
        endpoint = self._create_endpoint(contract)
        items = [
            {"item": self._payload("failed", 1, story="a")},
            {"item": self._payload("unheard", 1, story="b")},
        ]
        event = self._push({"items": items}, endpoint)
        self.assert_event(event, "done", "2 items")
        children = self._understand(event.child_ids.sorted("id"))
        self.assertEqual(children.mapped("state"), ["done", "dead"])
        self._understand(event)
        self.assertEqual(len(event.child_ids), 2)

    def test_switched_off_detector_opens_nothing(self):
        """A detector that is switched off opens nothing, and the event says so."""
        self.detector.sudo().state = "disabled"
        self.assert_event(self._push(self._payload()), "ignored", "switched off")
