from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ExceptionCommon

STAGES = (
    "_complete_customer",
    "_triage",
    "_start_clocks",
    "_rescore",
    "_auto_assign",
    "_join_problems",
)


@tagged("post_install", "-at_install")
class TestCaseDecide(ExceptionCommon):
    """Whatever fails when a case is decided on, the case is opened."""

    def _open_with_broken(self, stage):
        def fail(cases):
            if cases:
                cases.env.cr.execute("SELECT 1 / 0")

        hit = {
            "type_id": self.case_type.id,
            "res_model": "res.partner",
            "res_id": self.partner.id,
            "title": "Decided badly",
        }
        cases = self.env.registry["exception.case"]
        with patch.object(cases, stage, fail), mute_logger("odoo.sql_db", cases._stages.__module__):
            return self.env["exception.case"]._open_batch([{**hit, "company_id": 1}])

    def test_each_stage_may_fail(self):
        for stage in STAGES:
            with self.subTest(stage=stage):
                case = self._open_with_broken(stage)
                self.assertEqual(case.state, "new")
                self.assertIn("division by zero", case.message_ids[0].body)

    def test_the_other_stages_go_on(self):
        case = self._open_with_broken("_triage")
        self.assertEqual(set(case.clock_ids.mapped("state")), {"running"})
        self.assertTrue(case.score)

    def test_nothing_is_noted_when_all_goes_well(self):
        case = self._create_case()
        self.assertFalse(case.message_ids.filtered(lambda message: "failed" in message.body))
