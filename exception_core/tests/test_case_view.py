from datetime import datetime

from freezegun import freeze_time

from odoo.tests import tagged

from .common import ExceptionCommon


@tagged("post_install", "-at_install")
class TestCaseView(ExceptionCommon):
    """Facts, deadlines and records as people see them."""

    def test_facts_in_the_reader_s_language_and_time_zone(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        facts = [
            {"key": "paid", "label": "Paid", "value": "2026-01-26T10:04:00", "kind": "datetime"},
            {"key": "day", "label": "Promised", "value": "2026-02-03", "kind": "date"},
            {"key": "sum", "label": "Total", "value": 1234.5, "kind": "amount"},
            {"key": "wait", "label": "Waiting", "value": 37.25, "kind": "duration_hours"},
            {"key": "rate", "label": "Share", "value": 12.5, "kind": "percent"},
            {"key": "who", "label": "Who", "value": "<b>Azure</b>", "kind": "text"},
            {"key": "none", "label": "Nothing", "value": None, "kind": "number"},
            {"key": "odd", "label": "Odd", "value": "n/a", "kind": "amount"},
        ]
        case = self._create_case(facts=facts)
        html = case.with_context(lang="en_US", tz="Europe/Paris").facts_html
        for shown in ("11:04:00", "02/03/2026", "1,234.50", "37 h 15 min", "12.5 %", "n/a", "–"):
            self.assertIn(shown, html)
        self.assertIn("&lt;b&gt;Azure&lt;/b&gt;", html)
        french = case.with_context(lang="fr_FR", tz="UTC").facts_html
        self.assertIn("10:04:00", french)
        self.assertIn("03/02/2026", french)
        self.assertIn("234,50", french)

    def test_labels_come_from_the_detector(self):
        fact = {"name": "Days late", "key": "late", "kind": "duration_days"}
        detector = self._create_detector(fact_ids=[(0, 0, fact)])
        case = self._create_case(detector_id=detector.id, facts={"other": 1, "late": 2.5})
        html = case.facts_html
        self.assertLess(html.index("Days late"), html.index("Other"))
        self.assertIn("2.5 days", html)

    def test_facts_are_empty_without_any(self):
        self.assertFalse(self._create_case().facts_html)

    def test_deadline_states(self):
        case = self._create_case(
            detected_at=datetime(2026, 3, 2, 8),
            response_due=datetime(2026, 3, 2, 10),
            date_due=datetime(2026, 3, 2, 18),  # a deadline of its own: no clocks
        )
        states = [
            ("2026-03-02 09:00:00", "ok"),
            ("2026-03-02 09:45:00", "soon"),
            ("2026-03-02 10:00:00", "breached"),
        ]
        for now, state in states:
            with freeze_time(now):
                case.invalidate_recordset()
                self.assertEqual((case.due_kind, case.due_state), ("response", state), now)
        with freeze_time("2026-03-02 10:00:00"):
            case.first_response_at = datetime(2026, 3, 2, 9)
            self.assertEqual((case.due_kind, case.due_state), ("resolution", "ok"))
            case.with_user(self.user_agent).cancel_case(note="x")
            self.assertEqual(case.due_state, "done")

    def test_open_record(self):
        case = self._create_case()
        action = case.with_user(self.user_agent).action_open_record()
        self.assertEqual(action["res_model"], "res.partner")
        self.assertEqual(action["res_id"], self.partner.id)
        self.assertEqual(case.res_model_name, "Contact")
        self.partner.unlink()
        case.invalidate_recordset()
        self.assertFalse(case.record_exists)
        self.assertEqual(case.res_name, "Test customer")
        action = case.with_user(self.user_agent).action_open_record()
        self.assertIn("no longer exists", action["params"]["title"])

    def test_open_bundle(self):
        case = self._create_case()
        twin = self._create_case()
        action = case.with_user(self.user_agent).action_open_bundle()
        self.assertEqual(action["domain"], [("id", "in", (case | twin).ids)])

    def test_found_by_reference_title_and_record(self):
        case = self._create_case(title="Left in the rain")
        names = self.env["exception.case"].with_user(self.user_agent)
        for text in (case.name, "in the rain", "Test customer"):
            self.assertIn(case.id, [row[0] for row in names.name_search(text)])
