from odoo.api import call_kw
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..tools.config_note import NOTE
from .second_person_common import SecondPersonCommon


@tagged("post_install", "-at_install")
class TestSecondPersonDoors(SecondPersonCommon):
    """Every way past the form ends at the second person, too."""

    def _rpc(self, record, method, *args, **kwargs):
        model = self._as(record, "admin").browse()
        result = call_kw(model, method, [record.ids, *args], kwargs)
        self.env.flush_all()
        return result

    def test_write_by_rpc(self):
        self._rpc(self.detector, "write", {"domain": "[]"})
        self._waits(self.detector)
        self.assertNotEqual(self.detector.domain, "[]")

    def test_web_save_returns_the_old_values(self):
        [values] = self._rpc(
            self.detector, "web_save", {"domain": "[]"}, specification={"domain": {}}
        )
        self.assertNotEqual(values["domain"], "[]")
        self._waits(self.detector)

    def test_claims_in_the_context_do_not_count(self):
        for claim in (["agreed", "x"], {"way": "agreed"}, True):
            self._rpc(self.detector, "write", {"domain": "[]"}, context={NOTE: claim})
        self._waits(self.detector)
        self.assertNotEqual(self.detector.domain, "[]")

    def test_hold_switched_off(self):
        self._rpc(self.detector, "write", {"holds": False})
        self._waits(self.detector)
        self.assertTrue(self.detector.holds)

    def test_hold_switched_on(self):
        other = self._create_detector()
        other.action_enable()
        self._rpc(other, "write", {"holds": True, "hold_step": "confirm"})
        self._agree(self._waits(other))
        self.assertTrue(other.holds)

    def test_disabled(self):
        self._rpc(self.detector, "action_disable")
        self.assertEqual(self.detector.state, "enabled")
        self._agree(self._waits(self.detector))
        self.assertEqual(self.detector.state, "disabled")

    def test_enabled(self):
        other = self._create_detector(holds=True, hold_step="confirm")
        self._rpc(other, "action_enable")
        self.assertEqual(other.state, "draft")
        self._agree(self._waits(other))
        self.assertEqual(other.state, "enabled")

    def test_archived(self):
        self._rpc(self.detector, "toggle_active")
        self._waits(self.detector)
        self.assertTrue(self.detector.active)

    def test_deleted(self):
        self._rpc(self.detector, "unlink")
        change = self._waits(self.detector)
        self.assertTrue(self.detector.exists())
        self.assertIn("deleted", str(change.difference))
        self._agree(change)
        self.assertFalse(self.detector.exists())

    def test_line_written_by_itself(self):
        self._rpc(self.parameter, "write", {"value": "300"})
        self._waits(self.detector)
        self.assertEqual(self.parameter.value, "3")

    def test_line_deleted_by_itself(self):
        self._rpc(self.parameter, "unlink")
        self._agree(self._waits(self.detector))
        self.assertFalse(self.detector.parameter_ids)

    def test_line_added_by_itself_is_refused_with_the_way_to_go(self):
        company = {"company_id": self.env.company.id, "value": "300"}
        with self.assertRaisesRegex(UserError, "in its own form"):
            self._as(self.env["exception.detector.parameter.value"], "admin").create(
                {**company, "parameter_id": self.parameter.id}
            )
        self._rpc(
            self.detector,
            "write",
            {"parameter_ids": [(1, self.parameter.id, {"value_ids": [(0, 0, company)]})]},
        )
        self._waits(self.detector)
        self.assertFalse(self.parameter.value_ids)

    def test_line_moved_to_another_record_is_refused(self):
        other = self._create_detector(
            parameter_ids=[(0, 0, {"name": "other_days", "label": "Other", "value": "1"})]
        )
        with self.assertRaisesRegex(UserError, "own\n?.* form"):
            self._rpc(other.parameter_ids, "write", {"detector_id": self.detector.id})
        with self.assertRaisesRegex(UserError, "own\n?.* form"):
            self._rpc(self.parameter, "write", {"detector_id": other.id})

    def test_line_written_through_another_record(self):
        other = self._create_detector()
        with self.assertRaises(UserError):
            self._as(self.env["exception.detector"], "admin").create(
                {
                    "name": "Cover",
                    "model_id": other.model_id.id,
                    "type_id": other.type_id.id,
                    "parameter_ids": [(4, self.parameter.id)],
                }
            )
        self._rpc(other, "write", {"parameter_ids": [(1, self.parameter.id, {"value": "300"})]})
        self.assertEqual(self.parameter.value, "3")

    def test_import(self):
        xml_id = self.detector.export_data(["id"])["datas"][0][0]
        detectors = self._as(self.env["exception.detector"], "admin")
        result = detectors.load(["id", "domain"], [[xml_id, "[]"]])
        self.assertTrue(result["ids"])
        self._waits(self.detector)
        self.assertNotEqual(self.detector.domain, "[]")

    def test_copy_and_enable(self):
        copy = self._as(self.detector, "admin").copy()
        self.assertEqual(copy.state, "draft")
        copy.action_enable()
        self.assertEqual(copy.state, "draft")
        self._waits(copy)

    def test_adopted_from_the_tuning_curve(self):
        self._as(self.detector, "admin").adopt("max_days", 300)
        self._waits(self.detector)
        self.assertEqual(self.parameter.value, "3")

    def test_taken_back(self):
        self.parameter.value = "30"
        self._end()
        first = self._versions(self.detector)[0]
        dialog = self.env["exception.config.restore"].with_user(self.user_admin)
        dialog.create({"version_id": first.id, "reason": "Was better"}).action_apply()
        change = self._waits(self.detector)
        self.assertEqual((self.parameter.value, change.reason), ("30", "Was better"))

    def test_many_at_once(self):
        free = self._create_detector()
        self._rpc(self.detector | free, "write", {"domain": "[]"})
        self._waits(self.detector)
        self.assertNotEqual(self.detector.domain, "[]")
        self.assertEqual(free.domain, "[]")

    def test_draft_and_harmless_words_are_free(self):
        draft = self._create_detector(holds=True, hold_step="confirm")
        self._rpc(draft, "write", {"domain": "[]"})
        self.assertEqual(draft.domain, "[]")
        self._rpc(self.detector, "write", {"name": "Very large payments"})
        self.assertEqual(self.detector.name, "Very large payments")
        self.assertFalse(self._change_of(draft))
        self.assertFalse(self._change_of(self.detector))

    def test_code_of_the_system_passes_and_is_recorded(self):
        self.detector.domain = "[]"
        self._end()
        self.assertEqual(self.detector.domain, "[]")
        self.assertEqual(self._versions(self.detector)[-1].way, "system")
