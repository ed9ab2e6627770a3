import json
from contextlib import suppress
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import ValidationError

from odoo.addons.queue_job.tests.common import trap_jobs

from .delivery_common import DeliveryCommon


class TestOutbox(DeliveryCommon):
    """What happens to cases is put into the outbox, for whoever asked for it."""

    def _case(self, **values):
        return self._create_case(**values)

    def test_a_case_from_its_opening_to_its_end(self):
        with self.trap_deliveries() as trap:
            case = self._case()
            case.with_user(self.user_agent).assign_to_me()
            case.with_user(self.user_agent).wait("customer", note="asked")
            case.with_user(self.user_agent).resume()
            case.type_id.write({"requires_root_cause": False, "requires_resolution": False})
            case.with_user(self.user_agent).resolve(note="done")
            case.with_user(self.user_agent).reopen("again")
            case.with_user(self.user_agent).cancel_case(note="no")
        told = trap.put_out.filtered(lambda one: one.case_id == case)
        self.assertEqual(
            told.mapped("event_type"),
            [
                "case.opened",
                "case.assigned",
                "case.state_changed",
                "case.state_changed",
                "case.state_changed",
                "case.resolved",
                "case.reopened",
                "case.closed",
            ],
        )
        changes = [json.loads(one.payload)["data"].get("change") for one in told]
        self.assertEqual(changes[2], {"from": "new", "to": "open"})
        self.assertEqual(changes[5]["to"], "resolved")

    def test_thin_by_default(self):
        with self.trap_deliveries() as trap:
            case = self._case(title="Secret customer's name")
        [payload] = trap.payloads
        self.assertEqual(
            set(payload["data"]["case"]),
            {"id", "name", "url", "type", "state", "severity", "company"},
        )
        self.assertEqual(payload["data"]["case"]["name"], case.name)
        self.assertNotIn("Secret", json.dumps(payload))

    def test_fields_are_added_within_the_mask(self):
        one = self._create_subscription(fields=("title", "amount", "team"))
        case = self._case(title="Late", amount=12.3)
        told = json.loads(self._deliveries(one).payload)["data"]["case"]
        self.assertEqual(told["title"], "Late")
        self.assertEqual(told["amount"]["value"], "12.30")
        self.assertEqual(told["team"]["code"], case.team_id.code)
        self.assertNotIn("facts", told)

    def test_only_the_events_that_were_asked_for(self):
        one = self._create_subscription(events=("case.assigned",))
        case = self._case()
        case.with_user(self.user_agent).assign_to_me()
        self.assertEqual(self._deliveries(one).mapped("event_type"), ["case.assigned"])

    def test_only_the_cases_that_match(self):
        one = self._create_subscription(domain="[('severity', '=', '1')]")
        self._case(severity="3")
        critical = self._case(severity="1")
        self.assertEqual(self._deliveries(one).case_id, critical)

    def test_a_condition_is_checked_when_it_is_configured(self):
        for domain in ("[('nothing', '=', 1)]", "[('severity', '=',", "[('facts', '=', 1)]"):
            with self.assertRaises(ValidationError, msg=domain):
                self._create_subscription(activate=False, domain=domain)

    def test_drafts_and_archived_ones_are_told_nothing_paused_ones_later(self):
        draft = self._create_subscription(activate=False)
        paused = self._create_subscription()
        paused.action_pause()
        archived = self._create_subscription()
        archived.active = False
        self._case()
        self.assertFalse(self._deliveries(draft) | self._deliveries(archived))
        self.assertEqual(self._deliveries(paused).state, "waiting")
        self._send()
        self.assertFalse(self.arrived)
        paused.action_resume()
        self._send()
        self.assertEqual(self._deliveries(paused).state, "delivered")

    def test_cases_of_other_companies_are_not_told(self):
        other = self.env["res.company"].create({"name": "Test other"})
        one = self._create_subscription()
        everything = self._create_subscription(company_id=False)
        self.env["exception.case"].create(
            {
                "title": "There",
                "type_id": self.case_type.id,
                "company_id": other.id,
                "team_id": False,
            }
        )
        self.assertFalse(self._deliveries(one))
        self.assertTrue(self._deliveries(everything))

    def test_a_failure_of_ours_does_not_stop_the_person(self):
        one = self._create_subscription()
        case_class = type(self.env["exception.case"])
        with (
            patch.object(case_class, "_told", side_effect=KeyError("broken")),
            self.assertLogs("odoo.addons.exception_gateway", "ERROR"),
        ):
            case = self._case()
        self.assertTrue(case.exists())
        self.assertFalse(self._deliveries(one))

    def test_what_is_taken_back_is_not_told(self):
        one = self._create_subscription()
        with suppress(ValueError), self.env.cr.savepoint():
            self._case()
            raise ValueError
        self.assertFalse(self._deliveries(one))

    def test_without_a_subscription_nothing_is_asked_of_the_database(self):
        self.env["exception.subscription"].search([]).write({"state": "draft"})
        deliveries = self.env["exception.delivery"]
        deliveries._wishes()
        case = self._case()
        row = {"event": "case.opened", "case_id": case.id}
        self.env.flush_all()
        with self.assertQueryCount(0):
            from ..models.exception_audit_outbox import _happenings

            deliveries._put_out(_happenings(row))

    def test_many_cases_take_few_statements(self):
        self._create_subscription()
        self._create_subscription(name="Second", fields=("title", "amount"))
        cases = self._create_cases(40)
        from ..models.exception_delivery_outbox import Happening

        happenings = [Happening("case.opened", case.id) for case in cases]
        self.env.flush_all()
        with self.assertQueryCount(8):
            self.env["exception.delivery"]._put_out(happenings)

    def test_notes_are_told_their_text_only_where_it_was_chosen(self):
        thin = self._create_subscription(events=("case.noted",))
        full = self._create_subscription(events=("case.noted",), fields=("note",))
        case = self._case()
        case.with_user(self.user_agent).message_post(
            body="The truck broke down", message_type="comment"
        )
        thin_note = json.loads(self._deliveries(thin).payload)["data"]["note"]
        full_note = json.loads(self._deliveries(full).payload)["data"]["note"]
        self.assertNotIn("text", thin_note)
        self.assertEqual(full_note["text"], "The truck broke down")

    def test_promises(self):
        with freeze_time("2026-03-02 08:00:00"):
            case = self._case(severity="1")
            one = self._create_subscription(events=("sla.warned", "sla.breached"))
        due = max(case.clock_ids.mapped("deadline"))
        with freeze_time(fields.Datetime.add(due, days=1)):
            self.env["exception.sla.clock"]._tick()
        told = self._deliveries(one).filtered(lambda delivery: delivery.case_id == case)
        self.assertEqual(told.mapped("event_type").count("sla.breached"), 2)

    def test_an_event_of_a_playbook(self):
        with self.trap_deliveries() as trap:
            case = self._case()
            case._emit("warehouse.check", {"case": case.name, "step": "Ask the warehouse"})
        [one] = trap.assert_put_out("step.reached", case=case)
        self.assertEqual(
            json.loads(one.payload)["data"]["step"],
            {"event": "warehouse.check", "name": "Ask the warehouse"},
        )

    def test_one_job_for_many_events(self):
        with trap_jobs() as trap:
            for _number in range(3):
                self.env["exception.delivery"]._enqueue()
        self.assertEqual(len({job.identity_key for job in trap.enqueued_jobs}), 1)
        self.assertTrue(trap.enqueued_jobs[0].identity_key)
