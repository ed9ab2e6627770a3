from datetime import timedelta

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo import SUPERUSER_ID, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ExceptionCommon

MORNING = "2026-03-02 08:00:00"
NOON = "2026-03-02 12:00:00"
EVENING = "2026-03-02 20:00:00"


class PeakCommon(ExceptionCommon):
    """Two managers, and detectors that hold."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users["second"] = cls._create_user(
            "test_exception_second", "exception_core.group_manager"
        )
        cls.detector = cls._holding(name="Odd addresses")
        cls.fraud = cls._holding(name="Suspected fraud", never_relaxed=True)
        cls.peaks = cls.env["exception.peak"]

    @classmethod
    def _holding(cls, **overrides):
        detector = cls._create_detector(holds=True, **{"hold_step": "confirm", **overrides})
        detector.action_enable()
        return detector

    def _ask(self, role="manager", **overrides):
        values = {
            "name": "Black Friday",
            "reason": "5,000 orders an hour",
            "detector_ids": [(6, 0, self.detector.ids)],
            "date_from": MORNING,
            "date_until": EVENING,
        }
        return self.peaks.with_user(self.users[role]).create({**values, **overrides})

    def _agreed(self, **overrides):
        peak = self._ask(**overrides)
        peak.with_user(self.users["second"]).agree()
        return peak

    def _relaxed_at(self, moment):
        every = self.detector | self.fraud
        return self.peaks._relaxed(every, fields.Datetime.to_datetime(moment))


@tagged("post_install", "-at_install")
@freeze_time(MORNING)
class TestPeak(PeakCommon):
    """Peak mode is asked for, agreed to, and ends by itself."""

    def test_nothing_is_relaxed_until_a_second_person_agrees(self):
        peak = self._ask()
        self.assertEqual((peak.state, peak.requested_by_id), ("requested", self.user_manager))
        self.assertFalse(self._relaxed_at(NOON))
        peak.with_user(self.users["second"]).agree()
        self.assertEqual(self._relaxed_at(NOON), self.detector)

    def test_it_begins_and_ends_by_the_clock(self):
        self._agreed(date_from=NOON)
        self.assertFalse(self._relaxed_at(MORNING))
        self.assertEqual(self._relaxed_at(NOON), self.detector)
        self.assertFalse(self._relaxed_at(EVENING))

    def test_who_asked_cannot_agree(self):
        peak = self._ask()
        with self.assertRaisesRegex(UserError, "You asked for it"):
            peak.agree()
        self.env["ir.config_parameter"].set_param("exception_core.second_person_admin", "yes")
        with self.assertRaisesRegex(UserError, "You asked for it"):
            peak.agree()
        own = self._ask(role="admin")
        own.agree()
        self.assertTrue(own.own_agreement)
        entry = self.env["exception.audit.entry"].search([("event", "=", "peak.agreed")], limit=1)
        self.assertIn("own_agreement", entry.data)

    def test_who_may_not_decide_cannot(self):
        peak = self._ask()
        for role in ("agent", "lead", "approver", "auditor", "outsider"):
            with self.subTest(role=role), self.assertRaises(UserError):
                peak.with_user(self.users[role]).agree()
            with self.subTest(role=role), self.assertRaises(AccessError):
                self._ask(role=role)
        for program in (
            peak.with_user(SUPERUSER_ID),
            peak.with_user(self.users["second"]).sudo(),
        ):
            with self.assertRaises(UserError):
                program.agree()
        self.assertEqual(peak.state, "requested")

    def test_nobody_forges_the_agreement(self):
        second = self.users["second"]
        peak = self._ask(state="active", agreed_by_id=second.id, requested_by_id=second.id)
        self.assertEqual((peak.state, peak.requested_by_id), ("requested", self.user_manager))
        self.assertFalse(peak.agreed_by_id)
        for vals in (
            {"state": "active"},
            {"requested_by_id": second.id},
            {"detector_ids": [(4, self.fraud.id)]},
            {"date_until": "2027-01-01"},
        ):
            with self.assertRaises(UserError):
                peak.with_user(self.user_admin).write(vals)
        context = {"default_state": "active", "default_agreed_by_id": second.id}
        forged = self.peaks.with_user(self.user_manager).with_context(**context)
        again = forged.create(
            {
                "name": "x",
                "reason": "x",
                "detector_ids": [(6, 0, self.detector.ids)],
                "date_until": EVENING,
            }
        )
        self.assertEqual((again.state, again.agreed_by_id.id), ("requested", False))
        with self.assertRaises(UserError):
            peak.with_user(self.user_admin).unlink()

    def test_what_is_never_relaxed_cannot_be_chosen(self):
        with self.assertRaisesRegex(ValidationError, "Suspected fraud"):
            self._ask(detector_ids=[(6, 0, (self.detector | self.fraud).ids)])
        pays = self._holding(name="Odd payments", hold_step="pay")
        with self.assertRaisesRegex(ValidationError, "Odd payments"):
            self._ask(detector_ids=[(6, 0, pays.ids)])
        with self.assertRaisesRegex(ValidationError, "Choose"):
            self._ask(detector_ids=[])

    def test_what_is_flagged_later_holds_at_once(self):
        peak = self._ask()
        self.detector.never_relaxed = True
        with self.assertRaisesRegex(ValidationError, "never relaxed"):
            peak.with_user(self.users["second"]).agree()
        self.detector.never_relaxed = False
        peak.with_user(self.users["second"]).agree()
        self.assertTrue(self._relaxed_at(NOON))
        self.detector.never_relaxed = True
        self.assertFalse(self._relaxed_at(NOON))

    def test_it_holds_in_the_companies_of_both(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        with self.assertRaisesRegex(ValidationError, "that you work in"):
            self._ask(company_ids=[(6, 0, other.ids)])
        with self.assertRaisesRegex(ValidationError, "that you work in"):
            self._ask(company_ids=[])
        self.user_manager.company_ids += other
        both = self._ask(company_ids=[(6, 0, (self.env.company | other).ids)])
        with self.assertRaisesRegex(ValidationError, "that you work in"):
            both.with_user(self.users["second"]).agree()
        self._agreed(company_ids=[(6, 0, self.env.company.ids)])
        here, there = (
            self._create_case(
                detector_id=self.detector.id,
                fingerprint=company.name,
                hold_step="confirm",
                company_id=company.id,
                team_id=False,
            )
            for company in (self.env.company, other)
        )
        with freeze_time(NOON):
            self.assertFalse(here.is_holding)
            self.assertTrue(there.is_holding, "nobody agreed to it for that company")

    def test_managers_of_another_company_have_no_part_in_it(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self._create_user("test_exception_elsewhere", "exception_core.group_manager")
        stranger.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        asked, on = self._ask(), self._agreed()
        theirs = self.peaks.with_user(stranger)
        self.assertFalse(theirs.search([("id", "in", (asked | on).ids)]))
        self.assertEqual(theirs.status(), {"on": [], "asked": []})
        for peak, verb in ((asked, "refuse"), (asked, "agree"), (on, "end_now")):
            self.env.invalidate_all()
            with self.subTest(verb), self.assertRaises(AccessError):
                getattr(peak.with_user(stranger), verb)()
        self.assertEqual((asked.state, on.state), ("requested", "active"))
        mine = self.peaks.with_user(self.users["second"]).status()
        self.assertEqual([line["id"] for line in mine["on"]], on.ids)
        self.assertEqual([line["id"] for line in mine["asked"]], asked.ids)

    def test_its_length_is_limited(self):
        with self.assertRaisesRegex(ValidationError, "72 hours"):
            self._ask(date_until="2026-03-09 08:00:00")
        self.env["ir.config_parameter"].set_param("exception_core.peak_hours", "200")
        self._ask(date_until="2026-03-09 08:00:00")
        with self.assertRaisesRegex(ValidationError, "in the future"):
            self._ask(date_from="2026-03-01 08:00:00", date_until="2026-03-01 09:00:00")
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self._ask(date_from=EVENING, date_until=MORNING)

    def test_a_longer_limit_needs_a_second_person(self):
        settings = self.env["exception.settings"].with_user(self.user_admin)
        settings.create({"exception_peak_hours": 500}).execute()
        self.assertEqual(self.peaks._most_hours(), 72)
        settings.create({"exception_peak_hours": 24}).execute()
        self.assertEqual(self.peaks._most_hours(), 24, "less needs nobody")

    def test_it_is_ended_at_once(self):
        peak = self._agreed()
        with self.assertRaises(AccessError):
            peak.with_user(self.user_lead).end_now()
        peak.with_user(self.user_manager).end_now("Quieter than expected")
        self.assertFalse(self._relaxed_at(NOON))
        self.assertEqual(peak.ended_by_id, self.user_manager)
        entry = self.env["exception.audit.entry"].search([("event", "=", "peak.ended")], limit=1)
        self.assertEqual(entry.reason, "Quieter than expected")
        with self.assertRaises(UserError):
            peak.with_user(self.user_manager).end_now()

    def test_its_end_is_written_down(self):
        peak = self._agreed()
        with freeze_time(NOON):
            self.peaks._cron_end()
            self.assertEqual(peak.state, "active")
        with freeze_time("2026-03-02 20:05:00"):
            self.peaks._cron_end()
        self.assertEqual((peak.state, str(peak.ended_at)), ("ended", EVENING))
        events = self.env["exception.audit.entry"].search(
            [("res_model", "=", "exception.peak"), ("res_id", "=", peak.id)], order="id"
        )
        self.assertEqual(events.mapped("event"), ["peak.requested", "peak.agreed", "peak.ended"])
        told = peak.message_ids.notified_partner_ids
        self.assertIn(self.user_manager.partner_id, told)

    def test_refused_and_withdrawn(self):
        refused, withdrawn = self._ask(), self._ask()
        refused.with_user(self.users["second"]).refuse()
        withdrawn.refuse()
        self.assertEqual((refused.state, withdrawn.state), ("refused", "refused"))
        with self.assertRaisesRegex(UserError, "decided already"):
            refused.with_user(self.users["second"]).agree()
        self.assertFalse(self._relaxed_at(NOON))

    def test_cases_hold_nothing_while_it_is_on(self):
        case = self._create_case(detector_id=self.detector.id, hold_step="confirm")
        never = self._create_case(detector_id=self.fraud.id, hold_step="confirm", title="Never")
        self.assertTrue(case.is_holding)
        self._agreed()
        self.env.invalidate_all()
        self.assertFalse(case.is_holding)
        self.assertTrue(case.is_open)
        self.assertTrue(never.is_holding)
        with freeze_time(EVENING):
            self.env.invalidate_all()
            self.assertTrue(case.is_holding)

    def test_what_passes_is_listed_once(self):
        case = self._create_case(detector_id=self.detector.id, hold_step="confirm", amount=500)
        peak = self._agreed()
        lines = self.env["exception.peak.pass"]
        for _again in range(2):
            lines._note([(self.partner, case)], "confirm", fields.Datetime.now())
        line = peak.passed_ids
        self.assertEqual(len(line), 1)
        self.assertEqual((line.case_id, line.amount), (case, 500))
        self.assertEqual(line.document, self.partner.display_name)
        entry = self.env["exception.audit.entry"].search(
            [("case_id", "=", case.id), ("event", "=", "hold.passed")]
        )
        self.assertEqual(len(entry), 1)
        self.assertIn("Black Friday", entry.after)

    def test_banner(self):
        status = self.peaks.with_user(self.user_agent).status
        self.assertEqual(status(), {"on": [], "asked": []})
        peak = self._ask()
        self.assertFalse(status()["asked"], "only managers are asked")
        asked = self.peaks.with_user(self.users["second"]).status()["asked"]
        self.assertIn("asks for peak mode", asked[0]["title"])
        peak.with_user(self.users["second"]).agree()
        [line] = status()["on"]
        self.assertIn("Black Friday", line["title"])
        self.assertEqual((line["detectors"], line["can_open"]), ("Odd addresses", False))
        self.assertTrue(self.peaks.with_user(self.user_manager).status()["on"][0]["can_open"])
        self.assertEqual(self.detector.relaxed_until, peak.date_until)
        with self.assertRaises(AccessError):
            self.peaks.with_user(self.user_outsider).status()
        with freeze_time(fields.Datetime.to_datetime(EVENING) + timedelta(minutes=1)):
            self.assertFalse(status()["on"])
