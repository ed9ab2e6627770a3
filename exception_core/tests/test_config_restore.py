from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .config_common import ConfigCommon


@tagged("post_install", "-at_install")
class TestConfigRestore(ConfigCommon):
    """Versions are compared and taken back."""

    def _take_back(self, version, user, reason="Was better"):
        dialog = (
            self.env["exception.config.restore"]
            .with_user(user)
            .create({"version_id": version.id, "reason": reason})
        )
        dialog.action_apply()
        self._end()
        return dialog

    def test_values_and_lines_are_taken_back(self):
        detector = self._detector_with_parameter(name="Old", domain="[('ref', '=', 'a')]")
        kept = detector.parameter_ids
        kept.value_ids = [(0, 0, {"company_id": self.env.company.id, "value": "9"})]
        self._end()
        second = {"name": "other", "label": "Other", "kind": "integer", "value": "1"}
        detector.with_user(self.user_admin).write(
            {
                "name": "New",
                "domain": "[('ref', '=', 'b')]",
                "parameter_ids": [(2, kept.id), (0, 0, second)],
                "team_id": False,
            }
        )
        self._end()
        first = self._versions(detector)[0]
        self._take_back(first, self.user_admin)
        self.assertEqual((detector.name, detector.team_id), ("Old", self.team))
        self.assertEqual(detector.domain, "[('ref', '=', 'a')]")
        self.assertEqual(detector.parameter_ids.mapped("name"), ["max_days"])
        self.assertEqual(detector.parameter_ids.value_ids.mapped("value"), ["9"])
        last = self._versions(detector)[-1]
        self.assertEqual((last.way, last.restored, last.reason), ("restored", 1, "Was better"))
        self.assertEqual(last.author_id, self.user_admin)
        rows = last._rows(last.res_model, first["values"], last["values"])
        self.assertEqual(rows, [], "as it was then")

    def test_state_goes_through_its_own_door(self):
        detector = self._detector_with_parameter()
        detector.action_enable()
        self._end()
        detector.with_user(self.user_admin).action_disable()
        self._end()
        self._take_back(self._versions(detector)[0], self.user_admin)
        self.assertEqual(detector.state, "enabled")

    def test_words_of_other_languages(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        kind = self._create_type(name="Late")
        kind.with_context(lang="fr_FR").name = "En retard"
        self._end()
        kind.with_context(lang="fr_FR").name = "Tard"
        self._end()
        self.assertEqual(self._rows_of(self._versions(kind)[-1])["Name"][1], "fr_FR: Tard")
        self._take_back(self._versions(kind)[0], self.user_admin)
        self.assertEqual(kind.with_context(lang="fr_FR").name, "En retard")
        self.assertEqual(kind.with_context(lang="en_US").name, "Late")

    def test_values_by_company(self):
        tier = self.env["exception.tier"].create({"name": "Iron", "code": "iron", "sequence": 99})
        self._end()
        tier.min_revenue = 5
        self._end()
        self._take_back(self._versions(tier)[0], self.user_admin)
        self.assertEqual(tier.min_revenue, 0)

    def test_what_points_at_something_gone_is_refused(self):
        team = self._create_team(name="Short-lived")
        rule = self.env["exception.rule"].create(
            {"name": "Large orders", "severity": "1", "team_id": team.id}
        )
        self._end()
        rule.team_id = False
        self._end()
        team.unlink()
        self._end()
        with self.assertRaisesRegex(UserError, "Team: Short-lived"):
            self._take_back(self._versions(rule)[0], self.user_admin)

    def test_who_may_not_change_it_may_not_take_it_back(self):
        detector = self._detector_with_parameter()
        self._end()
        detector.name = "New"
        self._end()
        first = self._versions(detector)[0]
        with self.assertRaises(AccessError):
            self._take_back(first, self.user_manager)
        with self.assertRaises(AccessError):
            self._take_back(first, self.user_lead)

    def test_dialog_shows_what_would_change(self):
        rule = self.env["exception.rule"].create({"name": "Large orders", "severity": "2"})
        self._end()
        rule.severity = "1"
        self._end()
        dialog = self.env["exception.config.restore"].create(
            {"version_id": self._versions(rule)[0].id, "reason": "x"}
        )
        text = str(dialog.difference)
        self.assertLess(text.index("Critical"), text.index("High"))
        self.assertFalse(dialog.is_same)
        dialog.version_id = self._versions(rule)[-1]
        self.assertTrue(dialog.is_same)

    def test_any_two_are_compared(self):
        rule = self.env["exception.rule"].create({"name": "Large orders", "severity": "3"})
        for severity in ("2", "1"):
            self._end()
            rule.severity = severity
        self._end()
        first, _second, third = self._versions(rule).with_user(self.user_auditor)
        action = (third | first).action_compare()
        shown = third.browse(action["res_id"]).with_context(**action["context"])
        self.assertIn("Medium", str(shown.difference))
        self.assertIn("Critical", str(shown.difference))
        with self.assertRaisesRegex(UserError, "two versions of one record"):
            self._versions(rule).action_compare()
