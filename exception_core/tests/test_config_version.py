from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .config_common import ConfigCommon


@tagged("post_install", "-at_install")
class TestConfigVersion(ConfigCommon):
    """Every change of the configuration becomes a version."""

    def test_created_changed_and_archived(self):
        rule = self.env["exception.rule"].create({"name": "Large orders", "severity": "2"})
        self._end()
        rule.with_user(self.user_admin).write({"severity": "1", "name": "Very large orders"})
        self._end()
        rule.with_user(self.user_admin).active = False
        self._end()
        made, changed, archived = self._versions(rule)
        self.assertEqual([one.number for one in (made, changed, archived)], [1, 2, 3])
        self.assertEqual(made.way, "system")
        self.assertEqual((changed.way, changed.author_id), ("person", self.user_admin))
        self.assertEqual(
            self._rows_of(changed),
            {"Severity": ("High", "Critical"), "Name": ("Large orders", "Very large orders")},
        )
        self.assertEqual(self._rows_of(archived), {"Active": ("Yes", "No")})
        self.assertIn("Critical", str(changed.difference))

    def test_one_version_a_transaction(self):
        rule = self.env["exception.rule"].create({"name": "Large orders", "severity": "2"})
        self._end()
        rule.severity = "1"
        with self.env.cr.savepoint():
            rule.name = "Very large orders"
        rule.description = "Why"
        self._end()
        versions = self._versions(rule)
        self.assertEqual(len(versions), 2)
        self.assertEqual(set(self._rows_of(versions[1])), {"Severity", "Name", "Description"})

    def test_changed_and_changed_back_leaves_no_version(self):
        rule = self.env["exception.rule"].create({"name": "Large orders", "severity": "2"})
        self._end()
        rule.severity = "1"
        self.env.cr.flush()
        rule.severity = "2"
        self._end()
        self.assertEqual(len(self._versions(rule)), 1)

    def test_nothing_is_kept_of_what_was_rolled_back(self):
        rule = self.env["exception.rule"].create({"name": "Large orders", "severity": "2"})
        self._end()
        with self.assertRaises(ZeroDivisionError), self.env.cr.savepoint():
            rule.severity = "1"
            raise ZeroDivisionError
        self._end()
        self.assertEqual(len(self._versions(rule)), 1)

    def test_lines_and_their_lines_belong_to_the_record(self):
        detector = self._detector_with_parameter()
        self._end()
        parameter = detector.parameter_ids
        parameter.with_user(self.user_admin).write(
            {"value": "7", "value_ids": [(0, 0, {"company_id": self.env.company.id, "value": "9"})]}
        )
        self._end()
        parameter.value_ids.with_user(self.user_admin).unlink()
        self._end()
        parameter.with_user(self.user_admin).unlink()
        self._end()
        _made, changed, value_gone, gone = self._versions(detector)
        rows = self._rows_of(changed)
        self.assertEqual(rows["Parameters “Days” › Value"], ("3", "7"))
        company = self.env.company.name
        self.assertIn("9", rows["Parameters “Days” › Values by company"][1], rows)
        self.assertIn(company, rows["Parameters “Days” › Values by company"][1])
        self.assertEqual(self._rows_of(value_gone)["Parameters “Days” › Values by company"][1], "")
        self.assertIn("Days", self._rows_of(gone)["Parameters"][0])

    def test_deleted_record_keeps_its_versions(self):
        rule = self.env["exception.rule"].create({"name": "Large orders", "severity": "2"})
        self._end()
        key = rule._name, rule.id
        rule.with_user(self.user_admin).unlink()
        self._end()
        last = self._versions_of(*key)[-1]
        self.assertTrue(last.is_deleted)
        self.assertEqual((last.author_id, last.name), (self.user_admin, "Large orders"))
        with self.assertRaisesRegex(UserError, "was deleted"):
            last.action_restore()

    def test_author_stays_when_the_model_writes_on(self):
        detector = self._detector_with_parameter()
        self._end()
        detector.with_user(self.user_admin).action_enable()
        self._end()
        self.assertEqual(self._versions(detector)[-1].author_id, self.user_admin)

    def test_author_stays_by_name_when_the_person_is_deleted(self):
        person = self._create_user("test_exception_gone", "exception_core.group_admin")
        rule = self.env["exception.rule"].create({"name": "Large orders", "severity": "2"})
        self._end()
        rule.with_user(person).severity = "1"
        self._end()
        name = person.name
        person.unlink()
        version = self._versions(rule)[-1]
        self.assertFalse(version.author_id)
        self.assertEqual(version.author_name, name)

    def test_reason_goes_to_the_version(self):
        rule = self.env["exception.rule"].create({"name": "Large orders", "severity": "2"})
        self._end()
        rule.with_user(self.user_admin).write({"severity": "1", "change_reason": "Audit of May"})
        self._end()
        self.assertEqual(self._versions(rule)[-1].reason, "Audit of May")

    def test_found_changed_from_outside(self):
        rule = self.env["exception.rule"].create({"name": "Large orders", "severity": "2"})
        self._end()
        self.env.cr.execute("UPDATE exception_rule SET severity = '4' WHERE id = %s", [rule.id])
        rule.invalidate_recordset()
        rule.with_user(self.user_admin).name = "Small orders"
        self._end()
        _made, outside, changed = self._versions(rule)
        self.assertEqual(outside.way, "outside")
        self.assertEqual(self._rows_of(outside), {"Severity": ("High", "Low")})
        self.assertEqual(set(self._rows_of(changed)), {"Name"})

    def test_record_that_has_no_versions_yet(self):
        rule = self.env["exception.rule"].create({"name": "Large orders", "severity": "2"})
        self._end()
        self._versions(rule).unlink()
        rule.with_user(self.user_admin).severity = "1"
        self._end()
        before, changed = self._versions(rule)
        self.assertEqual(before.way, "before")
        self.assertEqual(self._rows_of(changed), {"Severity": ("High", "Critical")})

    def test_values_by_company(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        tier = self.env["exception.tier"].create({"name": "Iron", "code": "iron", "sequence": 99})
        self._end()
        tier.with_company(other).min_revenue = 5
        self._end()
        row = self._rows_of(self._versions(tier)[-1])["From a revenue of"]
        self.assertIn("Elsewhere: 5", row[1])

    def test_nobody_writes_versions(self):
        rule = self.env["exception.rule"].create({"name": "Large orders", "severity": "2"})
        self._end()
        version = self._versions(rule)
        for role in ("lead", "manager", "admin", "auditor"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                version.with_user(self.users[role]).write({"reason": "forged"})
            with self.subTest(role=role), self.assertRaises(AccessError):
                version.with_user(self.users[role]).unlink()

    def test_leads_see_versions_of_rules_only(self):
        rule = self.env["exception.rule"].create({"name": "Large orders", "severity": "2"})
        self.team.description = "x"
        self._end()
        versions = self.env["exception.config.version"].with_user(self.user_lead)
        models = set(versions.search([]).mapped("res_model"))
        self.assertEqual(models, {"exception.rule"})
        self.assertTrue(versions.search([("res_id", "=", rule.id)]))

    def test_every_change_is_on_the_trail(self):
        rule = self.env["exception.rule"].create({"name": "Large orders", "severity": "2"})
        self._end()
        rule.with_user(self.user_admin).write({"severity": "1", "change_reason": "Audit of May"})
        self._end()
        entry = self.env["exception.audit.entry"].search(
            [("res_model", "=", rule._name), ("res_id", "=", rule.id)], limit=1
        )
        self.assertEqual(entry.event, "config.changed")
        self.assertEqual(entry.user_id, self.user_admin)
        self.assertEqual(entry.reason, "Audit of May")
        self.assertIn("Critical", entry.after)

    def test_saving_does_not_read_the_history(self):
        detector = self._create_detector()
        for name in ("One", "Two", "Three"):
            self._end()
            detector.name = name
        self._end()
        versions = self._versions(detector)
        self.assertEqual(len(versions), 4)
        self.env.invalidate_all()
        last = versions._last_of(detector._name, detector.ids)
        self.assertEqual(last, {detector.id: versions[-1]})
        cache = self.env.cache
        self.assertEqual(
            cache.get_records(versions, versions._fields["number"]).ids, versions[-1].ids
        )
        self.assertFalse(cache.get_records(versions, versions._fields["values"]))

    def test_many_records_are_looked_up_at_once(self):
        detectors = self.env["exception.detector"].concat(
            *(self._create_detector(name=f"Detector {number}") for number in range(4))
        )
        self.env.flush_all()
        self.env.cr.flush()
        versions = self.env["exception.config.version"]
        for some in (detectors[:2], detectors):
            some.write({"name": "Changed again"})
            self.env.flush_all()
            look_up = type(versions)._read_group
            with (
                patch.object(
                    type(versions), "_read_group", autospec=True, side_effect=look_up
                ) as asked,
                patch.object(type(versions), "search", autospec=True) as searched,
            ):
                self.env.cr.flush()
            self.assertEqual((asked.call_count, searched.call_count), (2, 0))
        self.assertEqual(self._versions(detectors[0]).mapped("number"), [1])
