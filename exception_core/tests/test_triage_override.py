from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common_triage import TriageCommon


@tagged("post_install", "-at_install")
class TestTriageOverride(TriageCommon):
    """What persons decide otherwise: marked, and with a reason where a rule protects."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule = cls._create_rule(
            severity="1",
            team_id=cls.team.id,
            user_id=cls.user_colleague.id,
            disposition="investigate",
            tag_ids=[(6, 0, cls.tag.ids)],
            protect=True,
        )
        cls.free_rule = cls._create_rule(
            sequence=20, sla_policy_id=cls.env.ref("exception_core.sla_policy_urgent").id
        )
        cls.case = cls._open()

    def as_agent(self, case=None):
        """Return the case as the agent sees it."""
        return (case or self.case).with_user(self.user_agent)

    def _open_free(self, count=1):
        """Open cases that only a rule without protection decides."""
        self.rule.protect = False
        return self.Case._open_batch([self._hit(record=self.records[n + 1]) for n in range(count)])

    def test_a_plain_write_of_a_protected_field_is_refused(self):
        values = {
            "severity": "4",
            "team_id": self.team_b.id,
            "user_id": self.user_agent.id,
            "disposition": "auto",
            "tag_ids": [(5,)],
        }
        for name, value in values.items():
            for role in ("agent", "lead", "manager", "admin"):
                with self.subTest(name=name, role=role):
                    caught = self.assertRaisesRegex(UserError, self.rule.name)
                    with caught, self.env.cr.savepoint():
                        self.case.with_user(self.users[role]).write({name: value})
                    self.assertIn("Change decision", str(caught.exception))
        self.assertFalse(self.case.overridden)

    def test_verbs_are_refused_as_well(self):
        case = self.as_agent()
        for verb in (
            lambda: case.assign(user_id=self.user_agent.id),
            lambda: case.assign(team_id=self.team_b.id),
            lambda: case.change_decision({"severity": "4"}),
            lambda: case.change_decision({"severity": "4"}, None, "no reason, only a note"),
        ):
            with self.assertRaisesRegex(UserError, self.rule.name), self.env.cr.savepoint():
                verb()
        free = self._open_free()
        result = (self.case | free).with_user(self.user_lead).assign(user_id=self.user_agent.id)
        self.assertEqual(result["done"], free.ids)
        self.assertIn(self.rule.name, result["skipped"][0]["reason"])

    def test_nobody_forges_the_trace(self):
        for values in ({"decisions": {}}, {"overridden": False}, {"rule_ids": [(5,)]}):
            with self.subTest(values=values), self.assertRaises(UserError):
                self.case.with_user(self.user_admin).write(values)
        forged = {"reason": self.override_reason.id, "note": "let me"}
        with self.assertRaisesRegex(UserError, self.rule.name), self.env.cr.savepoint():
            self.as_agent().with_context(exception_override=forged).write({"severity": "4"})

    def test_a_reason_opens_the_door(self):
        with freeze_time("2026-02-03 09:00:00"):
            self.as_agent().change_decision(
                {"severity": "4", "user_id": False, "remove_tag_ids": self.tag.ids},
                self.override_reason.id,
                "Called them",
            )
        self.assertEqual((self.case.severity, self.case.overridden), ("4", True))
        self.assertFalse(self.case.user_id or self.case.tag_ids)
        person = self.case.decisions["severity"]["person"]
        self.assertEqual(
            (person["id"], person["old"], person["value"]), (self.user_agent.id, "1", "4")
        )
        self.assertEqual(person["reason_id"], self.override_reason.id)
        self.assertEqual((person["note"], person["at"]), ("Called them", "2026-02-03 09:00:00"))
        line = self._line("severity")
        self.assertEqual((line["kind"], line["rule"]), ("person", self.rule.name))
        self.assertIn(self.user_agent.name, line["text"])
        self.assertIn("Critical", line["text"])
        self.assertEqual(line["reason"], "Because I know: Called them")
        self.assertIn("Called them", str(self.case.message_ids.mapped("body")))

    def _line(self, name, case=None):
        lines = (case or self.case).with_user(self.user_agent).decision_lines
        return next(line for line in lines if line["name"] == name)

    def test_only_reasons_of_the_kind_override(self):
        for kind in ("resolution", "cancellation"):
            reason = self._create_reason(kind=kind)
            with self.assertRaises(UserError):
                self.as_agent().change_decision({"severity": "4"}, reason.id)

    def test_unknown_values_are_refused(self):
        for values in ({}, {"state": "closed"}, {"tag_ids": [(5,)]}, {"company_id": 1}):
            with self.subTest(values=values), self.assertRaises(UserError):
                self.as_agent().change_decision(values, self.override_reason.id)

    def test_who_may_not_write_cases_changes_no_decision(self):
        for role in ("approver", "auditor", "outsider"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self.case.with_user(self.users[role]).change_decision(
                    {"severity": "4"}, self.override_reason.id
                )

    def test_ended_cases_stay_decided(self):
        self.case._end("manual")
        with self.assertRaises(UserError):
            self.as_agent().change_decision({"severity": "4"}, self.override_reason.id)

    def test_an_unprotected_decision_is_changed_and_marked(self):
        case = self._open_free()
        self.as_agent(case).write({"severity": "3"})
        self.assertTrue(case.overridden)
        self.assertEqual(case.decisions["severity"]["person"]["old"], "1")
        self.assertEqual(case, self.Case.search([("overridden", "=", True)]) & case)

    def test_taking_a_change_back_leaves_no_mark(self):
        case = self._open_free()
        self.as_agent(case).write({"severity": "3"})
        self.as_agent(case).write({"severity": "1"})
        self.assertFalse(case.overridden)
        self.assertEqual(self._line("severity", case)["kind"], "rule")

    def test_what_the_type_has_decided_is_marked_too(self):
        self.rule.enabled = False
        case = self._open(record=self.records[1])
        self.assertEqual(self._line("severity", case)["kind"], "default")
        self.as_agent(case).write({"severity": "1", "user_id": self.user_agent.id})
        self.assertTrue(case.overridden)
        self.assertEqual(set(case.decisions), {"severity", "sla_policy_id"})

    def test_to_take_a_case_is_no_override(self):
        self.rule.enabled = False
        case = self._open(record=self.records[1])
        self.as_agent(case).assign_to_me()
        self.assertFalse(case.overridden)

    def test_to_begin_the_case_that_a_rule_gave_is_allowed(self):
        self.case.with_user(self.user_colleague).assign_to_me()
        self.assertFalse(self.case.overridden)

    def test_in_bulk_each_case_keeps_its_own_trace(self):
        cases = self._open_free(2)
        cases[0].with_user(self.user_agent).severity = "2"
        result = cases.with_user(self.user_lead).change_decision({"severity": "4"})
        self.assertEqual(result["done"], cases.ids)
        olds = [case.decisions["severity"]["person"]["old"] for case in cases]
        self.assertEqual(olds, ["2", "1"])

    def test_the_promise_can_be_changed_by_the_verb_only(self):
        policy = self.env.ref("exception_core.sla_policy_standard")
        with self.assertRaises(UserError):
            self.as_agent().write({"sla_policy_id": policy.id})
        self.as_agent().change_decision({"sla_policy_id": policy.id})
        self.assertEqual(self.case.sla_policy_id, policy)
        self.assertEqual(self.case.decisions["sla_policy_id"]["person"]["value"], policy.id)

    def test_the_dialog(self):
        wizard = (
            self.env["exception.case.decide"]
            .with_user(self.user_agent)
            .with_context(exception_case_ids=self.case.ids)
            .create({"severity": "4"})
        )
        self.assertEqual(wizard.protected_text, self.rule.name)
        self.assertIn(self.override_reason, wizard.available_reason_ids)
        with self.assertRaisesRegex(UserError, self.rule.name), self.env.cr.savepoint():
            wizard.action_apply()
        wizard.reason_id = self.override_reason
        wizard.action_apply()
        self.assertEqual(self.case.severity, "4")

    def test_the_dialog_asks_for_no_reason_where_none_is_needed(self):
        case = self._open_free()
        wizard = (
            self.env["exception.case.decide"]
            .with_user(self.user_agent)
            .with_context(exception_case_ids=case.ids)
            .create({"severity": "4", "add_tag_ids": [(6, 0, self.tag.ids)]})
        )
        self.assertFalse(wizard.protected_text)
        wizard.action_apply()
        self.assertEqual((case.severity, case.tag_ids), ("4", self.tag))

    def test_the_desk_itself_may_change_what_a_rule_protects(self):
        self.case.sudo().write({"severity": "2"})
        self.assertFalse(self.case.overridden)
        self.assertEqual(self._line("severity")["kind"], "later")

    def test_every_line_of_the_panel_says_why(self):
        for line in self.case.with_user(self.user_agent).decision_lines:
            with self.subTest(name=line["name"]):
                # no rule of this case chooses a playbook or a policy, and its type has none
                chosen = line["name"] not in ("playbook_id", "matrix_id")
                self.assertEqual(line["kind"], "rule" if chosen else "none")
                self.assertTrue(line["label"] and line["value"])
        self.assertEqual(self._line("sla_policy_id")["rule"], self.free_rule.name)
