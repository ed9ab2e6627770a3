import json

from odoo.tests import tagged

from .audit_common import AuditCommon


@tagged("post_install", "-at_install")
class TestAuditCase(AuditCommon):
    """Whatever happens to a case is written down, once, with who and why."""

    def setUp(self):
        super().setUp()
        self.mine = self.case.with_user(self.user_agent)

    def _events(self, case=None):
        return self._chain(case or self.case).mapped("event")

    def _last(self, event):
        entry = self._newest(self.case)
        self.assertEqual(entry.event, event)
        return entry

    def test_opening(self):
        entry = self._chain(self.case)
        self.assertEqual(entry.event, "case.opened")
        after = json.loads(entry.after)
        self.assertEqual(after["type_id"], [self.case_type.id, self.case_type.display_name])
        self.assertEqual(after["team_id"][0], self.team.id)
        self.assertTrue(entry.is_automatic)

    def test_opening_by_a_detector_says_which_and_which_rule_decided(self):
        rule = self.env["exception.rule"].create(
            {"name": "Audit rule", "severity": "1", "sequence": -9, "enabled": True}
        )
        detector = self._create_detector(domain=f"[('id', '=', {self.partner.id})]")
        with self.trap_cases() as trap:
            detector.action_enable()
            detector._sweep()
        case = trap.opened
        entry = self._chain(case)
        self.assertEqual(entry.event, "case.opened", "what rules decide is part of the opening")
        data = json.loads(entry.data)
        self.assertEqual(data["detector"], [detector.id, detector.name])
        self.assertEqual(data["rules"]["severity"], rule.name)

    def test_taking_is_one_entry(self):
        self.mine.assign_to_me()
        entry = self._last("case.assigned")
        self.assertEqual(len(self._chain(self.case)), 2)
        self.assertEqual(entry.user_id, self.user_agent)
        self.assertFalse(entry.is_automatic)
        self.assertEqual(json.loads(entry.before), {"state": "new", "user_id": None})
        after = json.loads(entry.after)
        self.assertEqual(after["state"], "open")
        self.assertEqual(after["user_id"], [self.user_agent.id, self.user_agent.name])

    def test_nothing_changed_nothing_written(self):
        self.case.write({"severity": self.case.severity, "title": self.case.title})
        self.case.write({"description": "More words"})
        self.assertEqual(self._events(), ["case.opened"])

    def test_an_override_is_marked_and_says_why(self):
        reason = self._create_reason(kind="override", name="Key customer")
        self.mine.change_decision({"severity": "1"}, reason.id, "They called twice")
        entry = self._last("case.overridden")
        self.assertTrue(entry.is_override)
        self.assertEqual(entry.reason, "Key customer: They called twice")

    def test_the_end_and_the_beginning_again(self):
        reason = self._create_reason(kind="false_alarm", name="Test order")
        self.mine.mark_false_alarm(reason.id, "Ours")
        entry = self._last("case.ended")
        self.assertEqual(entry.reason, "Test order · Ours")
        self.assertEqual(json.loads(entry.after)["outcome"], "false_alarm")
        self.mine.reopen("It was none of ours")
        self.assertEqual(self._last("case.reopened").reason, "It was none of ours")

    def test_waiting(self):
        self.mine.assign_to_me()
        self.mine.wait("customer", note="Asked for the invoice")
        entry = self._last("case.state")
        self.assertEqual(entry.reason, "Asked for the invoice")

    def test_merging(self):
        other = self._create_case()
        other.with_user(self.user_agent).merge_into(self.case.id)
        self.assertEqual(json.loads(self._last("case.merged").data), {"merged": [other.name]})
        self.assertEqual(self._events(other)[-1], "case.ended")

    def test_money_and_owner_changed_together(self):
        self.case.with_user(self.user_lead).write({"amount": 12.5, "user_id": self.user_agent.id})
        after = json.loads(self._last("case.assigned").after)
        self.assertEqual((after["amount"], after["user_id"][0]), ("12.50", self.user_agent.id))

    def test_what_the_machine_does(self):
        self.mine.assign_to_me()
        self.case._clear()
        entry = self._last("case.ended")
        self.assertTrue(entry.is_automatic)
        self.assertFalse(entry.is_override)

    def test_in_whose_name(self):
        self.case.with_user(self.user_agent).sudo()._because(
            "She is away", on_behalf=self.user_lead
        ).write({"severity": "1"})
        entry = self._newest(self.case)
        self.assertEqual((entry.reason, entry.on_behalf_id), ("She is away", self.user_lead))

    def test_a_client_cannot_switch_it_off(self):
        forged = {"exception_watch": [self.case.id], "exception_because": "forged"}
        self.mine.with_context(**forged).write({"severity": "1"})
        entry = self._newest(self.case)
        self.assertEqual(entry.event, "case.overridden")
        self.assertFalse(entry.reason)

    def test_opening_many_is_cheap(self):
        partners = self.env["res.partner"].create([{"name": f"P {n}"} for n in range(200)])
        rows = [
            {
                "type_id": self.case_type.id,
                "title": "Many",
                "res_model": "res.partner",
                "res_id": partner.id,
                "company_id": self.env.company.id,
            }
            for partner in partners
        ]
        cases = self.env["exception.case"]._open_batch(rows)
        self.env.flush_all()
        with self.assertQueryCount(2):
            # one statement adds the entries, whatever their number; decisions are read before
            cases._audit_opened()
