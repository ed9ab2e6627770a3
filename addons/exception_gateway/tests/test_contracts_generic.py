"""The suite's own form: what any system may say, and what follows."""

import itertools
import json

from odoo.tests import tagged

from .vendor_common import VendorCommon


@tagged("post_install", "-at_install")
class TestContractsGeneric(VendorCommon):
    @classmethod
    def setUpClass(cls):
        """Start to count messages."""
        super().setUpClass()
        cls.numbers = itertools.count(1)

    def _say(self, what="backup_failed", **values):
        number = next(self.numbers)
        message = {"id": f"m-{number}", "type": what, "source": "monitor", **values}
        return self._push(message, self.generic, name=what)

    def test_the_least_that_can_be_said(self):
        case = self._say().case_ids
        self.assertEqual(case.type_id.code, "event_reported")
        self.assertEqual(case.res_model, "exception.event")

    def test_the_published_example(self):
        schema = json.loads(self.generic.contract_ids.schema)
        for example in schema["examples"]:
            event = self._push(example, self.generic)
            # where orders are installed, that order is waited for
            self.assert_event(event, "parked" if "sale.order" in self.env else "done")

    def test_everything_that_can_be_said(self):
        event = self._say(
            "carrier_delay",
            version="1",
            action="open",
            occurred_at="2026-01-01T10:00:00Z",
            record={"model": "res.partner", "reference": "C-1"},
            partner={"reference": "C-1"},
            amount="12.30",
            currency="EUR",
            severity="critical",
            message="Snow",
            facts={"expected": "2026-01-03T00:00:00", "tries": 3, "safe": True},
        )
        case = event.case_ids
        self.assertEqual(case.detector_id.code, "event_carrier_delay")
        self.assertEqual((case.res_model, case.res_id), ("res.partner", self.partner.id))
        self.assertEqual((case.amount, case.currency_id.name, case.severity), (12.3, "EUR", "1"))
        self.assertEqual({fact["key"]: fact["value"] for fact in case.facts}["tries"], 3)

    def test_type_names_the_detector(self):
        """By the code of a detector for events, else by that of its type; one is made by hand."""
        own = self._create_event_detector(code="test_backup_failed", name="Backups")
        for what, code in (
            ("event_payout_failed", "event_payout_failed"),
            ("settlement_missing", "event_payout_failed"),
            ("test_backup_failed", own.code),
            ("nobody_knows", "event_reported"),
        ):
            with self.subTest(what):
                case = self._say(what, subject=what).case_ids
                self.assertEqual(case.detector_id.code, code)

    def test_other_kinds_of_detectors_are_not_named(self):
        """A message cannot open cases of a check that looks for itself."""
        other = self._create_detector(code="test_looks_itself")
        case = self._say("test_looks_itself").case_ids
        self.assertNotEqual(case.detector_id, other)
        self.assertEqual(case.detector_id.code, "event_reported")

    def test_open_update_clear(self):
        about = {"subject": "db-3"}
        case = self._say(**about, facts={"disk": 91}).case_ids
        other = self._say("certificate_expired", **about).case_ids
        elsewhere = self._say(subject="db-4").case_ids
        self.assertEqual(len(case | other | elsewhere), 3)
        updated = self._say(**about, action="update", facts={"disk": 97}).case_ids
        self.assertEqual(updated, case)
        self.assertEqual({one["key"]: one["value"] for one in case.facts}["disk"], 97)
        self._say(**about, action="clear")
        self.assertEqual([one.is_open for one in (case, other, elsewhere)], [False, True, True])

    def test_later_counts_whichever_comes_first(self):
        about = {"record": {"model": "res.partner", "reference": "C-1"}}
        self._say(**about, action="clear", occurred_at="2026-01-01T10:05:00+00:00")
        late = self._say(**about, occurred_at="2026-01-01T11:00:00+01:00")
        self.assert_event(late, "ignored", "Older")
        self.assertFalse(late.case_ids)

    def test_the_same_id_counts_once(self):
        first = self._say(id="same", subject="a")
        again = self._say(id="same", subject="b")
        self.assertTrue(first.case_ids)
        self.assert_event(again, "ignored", "Duplicate")

    def test_a_named_record_is_waited_for(self):
        about = {"record": {"model": "res.partner", "reference": "C-2"}}
        event = self._say(**about)
        self.assert_event(event, "parked", "C-2")
        self.partner.copy({"ref": "C-2"})
        self._understand(event)
        self.assert_event(event, "done")
        self.assertEqual(event.case_ids.res_model, "res.partner")

    def test_a_kind_of_record_that_is_not_installed(self):
        event = self._say(record={"model": "space.ship", "reference": "X-1"})
        self.assert_event(event, "done")
        self.assertEqual(event.case_ids.res_model, "exception.event")

    def test_what_is_refused(self):
        for values in (
            {"version": "2"},
            {"amount": "12.30"},
            {"severity": "terrible"},
            {"action": "delete"},
            {"facts": {"deep": {"er": 1}}},
            {"unknown": 1},
            {"record": {"model": "sale.order", "id": 5}},
            {"amount": "1e30", "currency": "EUR"},
            {"occurred_at": "yesterday at noon", "subject": "a"},
        ):
            with self.subTest(str(values)):
                event = self._say(**values)
                self.assert_event(event, "dead")
                self.assertTrue(event.reason)
