import json
import re

from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged

from .event_common import EventCommon


@tagged("post_install", "-at_install")
class TestEventTrial(EventCommon):
    """A contract is tried in its form: live, by what stands there, and without writing."""

    def _form(self, payload=None, contract=None):
        draft = contract or self._create_contract(state="draft", endpoint_ids=self.endpoint.ids)
        form = Form(draft.with_user(self.user_admin))
        form.sample = json.dumps(payload or self._payload(amount=5, currency="EUR"))
        return form

    def _parts(self, html):
        """Return {part: (state, text)} of a result pane."""
        found = re.findall(
            r'data-part="(\w+)" data-state="(\w+)">(.*?)(?=<div class="o_exc|$)', str(html), re.S
        )
        return {
            part: (state, " ".join(re.sub(r"<[^>]+>", " ", text).split()))
            for part, state, text in found
        }

    def test_shows_the_whole_way(self):
        """Schema, normal form, keys, record and what would happen, in the form."""
        with self.trap_cases() as trap:
            parts = self._parts(self._form().trial)
        trap.assert_none_opened()
        self.assertEqual(list(parts), ["contract", "schema", "form", "keys", "record", "outcome"])
        self.assertEqual(parts["record"], ("good", f"Record Contact: {self.partner.display_name}"))
        self.assertIn("Open a case", parts["outcome"][1])
        self.assertFalse(
            self.env["exception.event"].search([("endpoint_id", "=", self.endpoint.id)])
        )

    def test_follows_unsaved_changes(self):
        """What is typed counts, saved or not: mapping, lines, schema."""
        form = self._form()
        form.mapping = "{what: 'paid', reference: customer}"
        self.assertIn("Nothing: there is no open case", self._parts(form.trial)["outcome"][1])
        with form.reaction_ids.edit(1) as line:
            line.condition = "what == 'other'"
        self.assertIn("Ignored", self._parts(form.trial)["outcome"][1])
        form.schema = '{"required": ["colour"]}'
        self.assertEqual(self._parts(form.trial)["schema"][0], "bad")
        form.mapping = "{what: type,\n  reference customer}"
        self.assertIn("Line 2", form.mapping_problem)
        self.assertIn("Line 2", self._parts(form.trial)["outcome"][1])

    def test_agrees_with_what_really_happens(self):
        """The sentence of the trial and the event that comes after say the same."""
        cases = [
            (self._payload("failed", 1), "Open a case", "Opened"),
            (self._payload("failed", 2), "up to date", "up to date"),
            (self._payload("paid", 9), "Clear", "Cleared"),
            (self._payload("failed", 3), "newer event", "Older"),
            (self._payload("unheard", 9), "not for this message", "No active contract"),
            (self._payload("failed", 9, customer="nobody"), "Waiting for its record", "fits yet"),
            (self._payload("note", 10), "Ignored", "No reaction"),
        ]
        for payload, shown, said in cases:
            with self.subTest(shown=shown):
                form = self._form(payload, self.contract)
                self.assertIn(
                    shown, " ".join(text for _s, text in self._parts(form.trial).values())
                )
                self.assertIn(said, self._push(payload).reason)

    def test_sample_from_a_received_event(self):
        """A received message fills the sample, its kind and its headers."""
        event = self._push(self._payload(), name="topic", headers={"x-shop": "one"})
        form = self._form()
        form.sample_event_id = event
        self.assertEqual(json.loads(form.sample)["customer"], "C-1")
        self.assertEqual((form.sample_kind, form.sample_headers), ("failed", "x-shop: one"))

    def test_odd_samples_never_raise(self):
        """Whatever is pasted, the pane says what is wrong with it."""
        form = self._form()
        for sample in ("", "{", "[" * 5000, '{"a": 1, "a": 2}', '{"type": "\\u0000"}', "💥"):
            form.sample = sample
            if sample:
                self.assertEqual(self._parts(form.trial)["outcome"][0], "bad", sample[:20])

    def test_text_of_messages_is_no_markup(self):
        """What a message says is shown as text."""
        form = self._form(self._payload(message="<img src=x onerror=alert(1)>"))
        self.assertNotIn("<img", form.trial)

    def test_asks_for_nothing_that_the_person_may_not_know(self):
        """Neither a trial nor a saved line finds or compares by what its author may not read."""
        secret = self.env["ir.config_parameter"].sudo().get_param("database.uuid")
        way = {"how": "field", "model": "ir.config_parameter", "field_name": "key"}
        way["expression"] = "'database.uuid'"
        compared = {"kind": "write", "field_name": "value", "value": "reference"}
        known = {"how": "field", "model": "res.partner", "field_name": "ref"}
        for user in (self.user_admin, self.user_auditor):
            contracts = self.env["exception.event.contract"].with_user(user)
            for lines in (
                {"match_ids": [(0, "v1", way)]},
                {"match_ids": [(0, "v1", known)], "reaction_ids": [(0, "v2", compared)]},
            ):
                sample = json.dumps({"r": secret})
                values = {"sample": sample, "mapping": "{what: 'x', reference: r}", **lines}
                found = contracts.onchange(values, ["sample"], {"trial": {}})["value"]["trial"]
                self.assertEqual(list(self._parts(found)), ["outcome"], found)
                self.assertEqual(self._parts(found)["outcome"][0], "bad")
        draft = self._create_contract(state="draft").with_user(self.user_admin)
        with self.assertRaises(ValidationError):
            draft.write({"match_ids": [(0, 0, way)]})
        draft.write({"match_ids": [(0, 0, known)]})

    def test_needs_the_right_to_see_contents(self):
        """Who may not see contents gets no trial, whatever they send."""
        contract = self.contract.with_user(self.user_manager)
        self.assertNotIn("sample", contract.fields_get())
        self.assertNotIn("trial", contract.fields_get())
        self.assertFalse(contract.sudo()._trial())
