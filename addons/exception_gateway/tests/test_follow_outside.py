import json
from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, ValidationError

from .delivery_common import DeliveryCommon

NOW = "2026-03-02 08:00:00"


class TestFollowOutside(DeliveryCommon):
    """Cases and tickets of another system stay in step, and do not answer each other for ever."""

    def setUp(self):
        super().setUp()
        frozen = freeze_time(NOW)
        frozen.start()
        self.addCleanup(frozen.stop)
        systems = self.env["exception.system"]
        self.desk = systems.create({"name": "Desk", "code": "test_desk"})
        self.chat = systems.create({"name": "Chat", "code": "test_chat"})
        self.to_desk = self._create_subscription(name="Desk", system_id=self.desk.id)
        self.to_chat = self._create_subscription(name="Chat", system_id=self.chat.id)
        self.case_type.write(
            {"requires_root_cause": False, "requires_resolution": False, "requires_note": False}
        )
        self.case = self._create_case(user_id=self.user_agent.id)
        self.reference = self.case._link_outside(self.desk, "T-1", "https://t.example.com/T-1")
        self._send()
        self.arrived.clear()

    def _follow(self, system=None, **changes):
        result = self.case._follow_outside(system or self.desk, changes)[self.case.id]
        self._send()
        return result

    def _told(self, subscription):
        return [
            json.loads(parcel.body)["type"]
            for parcel in self.arrived
            if parcel.subscription_id == subscription.id
        ]

    def _authority(self, system):
        self.env["exception.authority"].create({"data_kind": "case", "system_id": system.id})

    def test_a_case_is_known_by_its_number_there(self):
        references = self.env["exception.case.reference"]
        self.assertEqual(references._find(self.desk, "T-1"), self.case)
        self.assertFalse(references._find(self.chat, "T-1"))
        self.assertIn("outside.linked", self.case.audit_ids.mapped("event"))
        again = self.case._link_outside(self.desk, "T-1")
        self.assertEqual((again, again.url), (self.reference, "https://t.example.com/T-1"))

    def test_the_system_is_told_its_own_number(self):
        self.case.with_user(self.user_agent).wait("customer", note="asked")
        self._send()
        bodies = {p.subscription_id: json.loads(p.body)["data"]["case"] for p in self.arrived}
        self.assertEqual(bodies[self.to_desk.id]["reference"]["id"], "T-1")
        self.assertNotIn("reference", bodies[self.to_chat.id])

    def test_a_change_there_is_followed_and_not_told_back(self):
        result, _words = self._follow(state="waiting", waiting_for="customer", reason="asked")
        self.assertEqual((result, self.case.state), ("applied", "waiting"))
        self.assertEqual(self.case.waiting_note, "asked")
        self.assertFalse(self._told(self.to_desk))
        self.assertEqual(self._told(self.to_chat), ["case.state_changed"])
        self.assertIn("outside.followed", self.case.audit_ids.mapped("event"))

    def test_from_there_to_the_end_and_back(self):
        for state, ours in (
            ("waiting", "waiting"),
            ("open", "open"),
            ("resolved", "resolved"),
            ("open", "open"),
            ("cancelled", "cancelled"),
        ):
            result, words = self._follow(state=state, by_us=False)
            self.assertEqual((result, self.case.state), ("applied", ours), words)

    def test_what_we_told_comes_back_and_changes_nothing(self):
        agent = self.case.with_user(self.user_agent)
        agent.wait("customer", note="asked")
        agent.resume()
        self._send()
        entries = len(self.case.audit_ids)
        # late echoes of both
        self.assertEqual(self._follow(state="waiting")[0], "same")
        self.assertEqual(self._follow(state="open")[0], "same")
        self.assertEqual(self.case.state, "open")
        self.assertEqual(len(self.case.audit_ids), entries)

    def test_what_it_says_it_did_itself_is_no_echo(self):
        agent = self.case.with_user(self.user_agent)
        agent.wait("customer", note="asked")
        agent.resume()
        self._send()
        self.assertEqual(self._follow(state="waiting", by_us=False)[0], "applied")
        self.assertEqual(self._follow(state="open", by_us=True)[0], "same")
        self.assertEqual(self.case.state, "waiting")

    def test_long_after_it_is_no_echo(self):
        agent = self.case.with_user(self.user_agent)
        agent.wait("customer", note="asked")
        agent.resume()
        self._send()
        with freeze_time(fields.Datetime.from_string(NOW) + timedelta(hours=1)):
            self.assertEqual(self._follow(state="waiting")[0], "applied")

    def _differ(self):
        """Resolve here while the other system does not hear of it, and says otherwise."""
        self.to_desk.action_pause()
        self.case.with_user(self.user_agent).resolve(note="done")
        return self._follow(state="waiting", by_us=False)

    def test_both_changed_and_odoo_is_right(self):
        result, words = self._differ()
        self.assertEqual((result, self.case.state), ("conflict", "resolved"))
        self.assertTrue(self.reference.in_conflict)
        self.assertIn("Desk", words)
        self.assertIn("outside.conflict", self.case.audit_ids.mapped("event"))
        self.arrived.clear()
        self.to_desk.action_resume()
        self._send()
        # the other system hears our state, others nothing new
        self.assertEqual(self._told(self.to_desk)[-1], "case.state_changed")
        self.assertEqual(json.loads(self.arrived[-1].body)["data"]["case"]["state"], "resolved")
        self.assertFalse(self._told(self.to_chat))
        self.assertEqual(self._follow(state="resolved")[0], "same")
        self.assertFalse(self.reference.in_conflict)

    def test_both_changed_and_the_other_system_is_right(self):
        self._authority(self.desk)
        self.to_desk.action_pause()
        self.case.with_user(self.user_agent).wait("customer", note="asked")
        result, words = self._follow(state="cancelled", by_us=False)
        self.assertEqual((result, self.case.state), ("applied", "cancelled"), words)

    def test_both_changed_and_a_third_is_right(self):
        self._authority(self.chat)
        self.assertEqual(self._differ()[0], "conflict")

    def test_the_rules_of_the_verbs_hold(self):
        self.case_type.requires_root_cause = True
        self.case.invalidate_recordset()
        result, words = self._follow(state="resolved", by_us=False)
        self.assertEqual((result, self.case.state), ("conflict", "open"))
        self.assertIn("root cause", words)

    def test_what_is_held_here_is_not_let_go_from_there(self):
        self._authority(self.desk)
        self.case.sudo().hold_step = "confirm"
        partner_class = type(self.case)
        self.patch(partner_class, "_holds_a_step", lambda case: True)
        for state in ("resolved", "cancelled"):
            self.assertEqual(self._follow(state=state, by_us=False)[0], "conflict")
        self.assertTrue(self.case.is_open)

    def test_older_news_are_late(self):
        now = fields.Datetime.from_string(NOW)
        self._follow(state="waiting", by_us=False, at=now)
        result, _words = self._follow(state="open", by_us=False, at=now - timedelta(minutes=1))
        self.assertEqual((result, self.case.state), ("late", "waiting"))

    def test_notes_come_once_and_do_not_go_back(self):
        before = self.case.message_ids
        for _number in range(2):
            self._follow(note="<b>Truck</b> broke", note_id="77", author="Ann")
        new = self.case.message_ids - before
        self.assertEqual(len(new), 1)
        self.assertIn("&lt;b&gt;Truck", new.body)
        self.assertTrue(new.subtype_id.internal)
        self.assertFalse(self._told(self.to_desk))
        self.assertEqual(self._told(self.to_chat), ["case.noted"])

    def test_our_note_comes_back(self):
        self.to_desk.field_ids = self.env.ref("exception_gateway.payload_field_note")
        self.case.with_user(self.user_agent).message_post(
            body="We called them", message_type="comment", subtype_xmlid="mail.mt_note"
        )
        self._send()
        before = self.case.message_ids
        self.assertEqual(self._follow(note="We called them", note_id="78")[0], "same")
        self.assertEqual(self.case.message_ids, before)

    def test_nonsense_is_refused(self):
        result, words = self._follow(state="exploded")
        self.assertEqual(result, "refused")
        self.assertIn("exploded", words)

    def test_links_are_links(self):
        with self.assertRaises(ValidationError):
            self.reference.url = "javascript:alert(1)"

    def test_the_trail_says_when_a_number_changes_or_goes(self):
        def said():
            entries = self.case.audit_ids.sorted("id")
            return [one.event for one in entries if one.event.startswith("outside.")]

        before = len(said())
        mine = self.reference.with_user(self.user_admin)
        mine.write({"external_id": "T-3"})
        self.assertEqual(said()[before:], ["outside.unlinked", "outside.linked"])
        mine.unlink()
        self.assertEqual(said()[-1], "outside.unlinked")

    def test_agents_see_references_of_their_cases_and_write_none(self):
        mine = self.reference.with_user(self.user_agent)
        self.assertEqual(mine.system_name, "Desk")
        with self.assertRaises(AccessError):
            mine.write({"external_id": "T-2"})
        with self.assertRaises(ValidationError):
            self.reference.with_user(self.user_admin).write({"agreed_state": "open"})
