from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import ExceptionCommon


@tagged("post_install", "-at_install")
class TestCaseLifecycle(ExceptionCommon):
    """New, open, waiting, resolved, closed, cancelled, and back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plain_type = cls._create_type(requires_resolution=False)
        cls.case = cls._create_case(type_id=cls.plain_type.id).with_user(cls.user_agent)
        cls.false_alarm = cls._create_reason(kind="false_alarm")
        cls.acceptance = cls._create_reason(kind="acceptance")
        cls.tomorrow = fields.Date.today() + timedelta(days=1)

    def test_taking_a_case_starts_it_once(self):
        with freeze_time("2026-03-02 10:00:00"):
            self.case.assign_to_me()
        self.assertEqual((self.case.state, self.case.user_id), ("open", self.user_agent))
        self.assertEqual(self.case.assigned_at, datetime(2026, 3, 2, 10))
        self.assertEqual(self.case.first_response_at, datetime(2026, 3, 2, 10))
        with freeze_time("2026-03-02 12:00:00"):
            self.case.with_user(self.user_lead).assign(user_id=self.user_colleague.id)
        self.assertEqual(self.case.assigned_at, datetime(2026, 3, 2, 12))
        self.assertEqual(self.case.first_response_at, datetime(2026, 3, 2, 10))

    def test_a_new_owner_by_write_starts_it_too_and_is_tracked(self):
        # what is created in a transaction is not tracked before its end
        self.env.cr.precommit.run()
        self.case.write({"user_id": self.user_agent.id, "severity": "1"})
        self.env.flush_all()
        self.env.cr.precommit.run()
        self.env.invalidate_all()
        self.assertEqual(self.case.state, "open")
        tracked = self.case.sudo().message_ids.tracking_value_ids.field_id.mapped("name")
        self.assertIn("user_id", tracked)
        self.assertIn("severity", tracked)

    def test_severity_moves_the_deadlines(self):
        before = self.case.date_due
        self.case.severity = "1"
        self.assertLess(self.case.date_due, before)

    def test_a_case_of_somebody_else_is_not_taken(self):
        self.case.with_user(self.user_lead).assign(user_id=self.user_colleague.id)
        with self.assertRaisesRegex(UserError, "belongs to"):
            self.case.assign_to_me()

    def test_assign_refuses_people_who_could_not_see_it(self):
        with self.assertRaisesRegex(UserError, "does not work on exceptions"):
            self.case.assign(user_id=self.user_outsider.id)
        company = self.env["res.company"].create({"name": "Elsewhere"})
        far = self._create_user("far", "exception_core.group_user")
        far.write({"company_ids": [(6, 0, company.ids)], "company_id": company.id})
        with self.assertRaisesRegex(UserError, "has no access"):
            self.case.assign(user_id=far.id)

    def test_assign_to_a_team_leaves_it_unassigned_there(self):
        self.case.assign_to_me()
        team = self._create_team()
        self.case.assign(team_id=team.id)
        self.assertEqual((self.case.team_id, self.case.user_id.id), (team, False))
        self.assertFalse(self.case.assigned_at)

    def test_wait_and_resume(self):
        self.case.assign_to_me()
        until = fields.Datetime.now() + timedelta(hours=4)
        self.case.wait("customer", until=fields.Datetime.to_string(until), note="asked")
        self.assertEqual((self.case.state, self.case.waiting_for), ("waiting", "customer"))
        self.case.resume()
        self.assertEqual((self.case.state, self.case.waiting_until), ("open", False))
        with self.assertRaisesRegex(UserError, "is not waiting"):
            self.case.resume()

    def test_wait_asks_what_it_needs(self):
        past = fields.Datetime.now() - timedelta(hours=1)
        for args in [("nobody",), ("customer",), ("date", None, "soon"), ("customer", past)]:
            with self.subTest(args=args), self.assertRaises(UserError):
                self.case.wait(*args)

    def test_waiting_ends_by_itself(self):
        self.case.wait("supplier", until=fields.Datetime.now() + timedelta(hours=1))
        self.env["exception.case"]._cron_resume_waiting()
        self.assertEqual(self.case.state, "waiting")
        with freeze_time(fields.Datetime.now() + timedelta(hours=2)):
            self.env["exception.case"]._cron_resume_waiting()
            self.assertEqual(self.case.state, "new")
            messages = len(self.case.message_ids)
            self.env["exception.case"]._cron_resume_waiting()
        self.assertEqual(len(self.case.message_ids), messages)
        self.assertIn("time to wait is over", self.case.message_ids[0].body)

    def test_resolve_asks_for_the_criteria_of_the_type(self):
        cause = self._create_reason(kind="root_cause", reason_class="system")
        solution = self._create_reason()
        kind = self._create_type(
            requires_root_cause=True,
            requires_resolution=True,
            requires_note=True,
            requires_evidence=True,
        )
        case = self._create_case(type_id=kind.id).with_user(self.user_agent)
        given = {}
        wanted = [
            ("root cause", {"root_cause_id": cause.id}),
            ("resolution", {"resolution_id": solution.id}),
            ("note", {"note": "Shipped from elsewhere"}),
        ]
        for word, values in wanted:
            with self.assertRaisesRegex(UserError, word):
                case.resolve(**given)
            given.update(values)
        with self.assertRaisesRegex(UserError, "evidence"):
            case.resolve(**given)
        attachment = {"name": "proof.txt", "res_model": case._name, "res_id": case.id}
        self.env["ir.attachment"].with_user(self.user_agent).create(attachment)
        self.assertEqual(case.resolve(**given)["done"], case.ids)
        self.assertEqual((case.state, case.outcome), ("resolved", "manual"))
        self.assertEqual((case.root_cause_id, case.resolution_id), (cause, solution))
        self.assertTrue(case.resolved_at)
        self.assertTrue(case.first_response_at)

    def test_reasons_must_be_of_their_kind_and_category(self):
        with self.assertRaisesRegex(UserError, "kind"):
            self.case.resolve(resolution_id=self.false_alarm.id)
        elsewhere = self.env["exception.category"].search(
            [("id", "not in", self.category._ancestor_ids()), ("parent_id", "=", False)], limit=1
        )
        foreign = self._create_reason(category_ids=[(6, 0, elsewhere.ids)])
        with self.assertRaisesRegex(UserError, "not a reason for"):
            self.case.resolve(resolution_id=foreign.id)

    def test_false_alarm_accept_and_cancel(self):
        cases = self._create_cases(3, type_id=self.plain_type.id).with_user(self.user_agent)
        with self.assertRaises(UserError):
            cases[0].mark_false_alarm(None)
        cases[0].mark_false_alarm(self.false_alarm.id, note="A test order")
        self.assertEqual((cases[0].state, cases[0].outcome), ("resolved", "false_alarm"))
        for until, reason in [(None, self.acceptance), (fields.Date.today(), self.acceptance)]:
            with self.assertRaises(UserError):
                cases[1].accept_risk(until, reason.id)
        with self.assertRaises(UserError):
            cases[1].accept_risk(self.tomorrow)
        cases[1].accept_risk(self.tomorrow, self.acceptance.id)
        self.assertEqual((cases[1].outcome, cases[1].accepted_until), ("accepted", self.tomorrow))
        with self.assertRaises(UserError):
            cases[2].cancel_case()
        cases[2].cancel_case(note="Order withdrawn")
        self.assertEqual((cases[2].state, cases[2].outcome), ("cancelled", "cancelled"))
        self.assertFalse(any(cases.mapped("is_open")))

    def test_merge(self):
        master = self._create_case()
        with self.assertRaisesRegex(UserError, "into itself"):
            self.case.merge_into(self.case.id)
        self.case.merge_into(master.id)
        self.assertEqual((self.case.outcome, self.case.duplicate_of_id), ("duplicate", master))
        self.assertIn(self.case.name, master.message_ids[0].body)
        with self.assertRaisesRegex(UserError, "open case"):
            master.with_user(self.user_agent).merge_into(self.case.id)

    def test_ended_cases_refuse_work(self):
        self.case.resolve()
        verbs = [
            lambda: self.case.resolve(),
            lambda: self.case.assign_to_me(),
            lambda: self.case.wait("customer", note="x"),
            lambda: self.case.cancel_case(note="x"),
        ]
        for number, verb in enumerate(verbs):
            with self.subTest(verb=number), self.assertRaisesRegex(UserError, "Re-open it first"):
                verb()

    def test_a_case_under_approval_is_left_alone(self):
        self.case.sudo().state = "approval"
        with self.assertRaisesRegex(UserError, "waits for an approval"):
            self.case.resolve()

    def test_reopen(self):
        with self.assertRaisesRegex(UserError, "open already"):
            self.case.reopen()
        self.case.assign_to_me()
        self.case.accept_risk(self.tomorrow, self.acceptance.id, "fine")
        self.case.reopen(note="Not fine after all")
        self.assertEqual((self.case.state, self.case.reopen_count), ("open", 1))
        self.assertEqual(
            (self.case.outcome, self.case.resolved_at, self.case.accepted_until),
            (False, False, False),
        )
        self.assertIn("Not fine after all", self.case.message_ids[0].body)

    def test_reopen_refuses_when_the_same_hit_is_open(self):
        detector = self._create_detector()
        hit = {"detector_id": detector.id, "fingerprint": "a", "type_id": self.plain_type.id}
        old = self._create_case(**hit, state="resolved").with_user(self.user_agent)
        new = self._create_case(**hit)
        with self.assertRaisesRegex(UserError, new.name):
            old.reopen()

    def test_resolved_cases_are_closed_after_some_days(self):
        with freeze_time("2026-03-02 10:00:00"):
            self.case.resolve()
        for day, state in [("2026-03-08", "resolved"), ("2026-03-10", "closed")]:
            with freeze_time(day):
                self.env["exception.case"]._cron_close_resolved()
            self.assertEqual(self.case.state, state)
        self.assertEqual(self.case.closed_at, datetime(2026, 3, 10))

    def test_readers_cannot_work(self):
        for role in ("approver", "auditor"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self.case.with_user(self.users[role]).assign_to_me()
            with self.subTest(role=role), self.assertRaises(AccessError):
                self.case.with_user(self.users[role]).resolve()

    def test_take_next(self):
        Case = self.env["exception.case"].with_user(self.user_colleague)
        self.env["exception.case"].search([]).write({"user_id": self.user_lead.id})
        low, high = self._create_cases(2)
        low.severity, high.severity = "4", "2"
        twin = self._create_case(res_id=high.res_id, severity="3")
        far = self._create_case(severity="1", team_id=self._create_team().id)
        action = Case.take_next()
        self.assertEqual((action["res_model"], action["res_id"]), ("exception.case", high.id))
        self.assertEqual((high | twin).user_id, self.user_colleague)
        self.assertEqual(Case.take_next()["res_id"], low.id)
        self.assertEqual(Case.take_next()["tag"], "display_notification")
        self.assertFalse(far.user_id)

    def test_take_next_prefers_the_dearer_then_the_sooner(self):
        self.env["exception.case"].search([]).write({"user_id": self.user_lead.id})
        # one moment for all: a clock that began a second earlier is pressed more, if by a hair
        with freeze_time("2026-03-10 09:00:00"):
            cases = self._create_cases(4, severity="2")
        due = [False, datetime(2030, 1, 2), datetime(2030, 1, 1), datetime(2030, 1, 1)]
        for case, date_due, amount in zip(cases, due, (9000, 10, 10, 1), strict=True):
            case.write({"date_due": date_due, "amount": amount})
        Case = self.env["exception.case"].with_user(self.user_agent)
        taken = [Case.take_next()["res_id"] for _case in cases]
        self.assertEqual(taken, [cases[index].id for index in (0, 2, 1, 3)])
