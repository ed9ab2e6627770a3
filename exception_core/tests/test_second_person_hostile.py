import threading
from contextlib import contextmanager
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .second_person_common import SecondPersonCommon

DUTIES = ("approval_admin_override", "approval_middleware_draws")


@tagged("post_install", "-at_install")
class TestSecondPersonHostile(SecondPersonCommon):
    """Ways to be one's own second person."""

    @contextmanager
    def _logged_in(self, role):
        """Be authenticated by the server as this user, whatever name code takes on."""
        with patch.object(threading.current_thread(), "uid", self.users[role].id, create=True):
            yield

    def test_who_decides_in_whose_stead_needs_a_second_person(self):
        settings = self._as(self.env["exception.settings"], "admin")
        parameters = self.env["ir.config_parameter"]
        for name in DUTIES:
            key = f"exception_core.{name}"
            with self.subTest(name):
                settings.create({f"exception_{name}": "yes"}).execute()
                self.assertNotEqual(parameters.get_param(key), "yes")
                self._agree(self._waits(parameters.search([("key", "=", key)])))
                self.assertEqual(parameters.get_param(key), "yes")
                settings.create({f"exception_{name}": "no"}).execute()
                self.assertEqual(parameters.get_param(key), "no", "more careful at once")

    def test_code_agrees_in_nobodys_name(self):
        self._as(self.detector, "admin").write({"holds": False, "change_reason": "mine"})
        change = self._waits(self.detector)
        with self._logged_in("admin"), self.assertRaisesRegex(UserError, "You are not"):
            self._as(change, "second").agree()
        self.assertEqual(change.state, "waiting")
        with self._logged_in("second"):
            self._as(change, "second").agree()
        self.assertEqual(change.state, "agreed")

    def test_the_author_adds_to_what_the_other_has_before_them(self):
        author = self._as(self.detector, "admin").with_context(exception_config_reason="mine")
        author.write({"holds": False})
        change = self._as(self._waits(self.detector), "second")
        seen = change.look
        author.write({"holds": False, "description": "More than that"})
        change.invalidate_recordset()
        with self.assertRaisesRegex(UserError, "has added to this change"):
            change.with_context(exception_look=seen).agree()
        with self.assertRaisesRegex(UserError, "has added to this change"):
            record = self._as(self.detector, "second").with_context(exception_look=seen)
            record.action_agree_change()
        self.assertEqual(change.state, "waiting")
        change.with_context(exception_look=change.look).agree()
        self.assertEqual(change.state, "agreed")

    def test_code_agrees_to_peak_mode_in_nobodys_name(self):
        now = fields.Datetime.now()
        peak = self._as(self.env["exception.peak"], "admin").create(
            {
                "name": "Black Friday",
                "reason": "orders",
                "detector_ids": [(6, 0, self.detector.ids)],
                "date_from": now,
                "date_until": fields.Datetime.add(now, hours=2),
            }
        )
        with self._logged_in("admin"), self.assertRaisesRegex(UserError, "You are not"):
            self._as(peak, "second").agree()
        self.assertEqual(peak.state, "requested")

    def test_a_policy_out_of_use_that_still_asks(self):
        level = {"name": "Level", "approver_user_ids": [(6, 0, self.user_approver.ids)]}
        matrices = self.env["exception.approval.matrix"]
        matrices.search([]).enabled = False
        matrix = matrices.create({"name": "Old", "enabled": True, "level_ids": [(0, 0, level)]})
        case = self._create_case().with_user(self.user_agent)
        approval = self.env["exception.approval"].with_user(self.user_agent)._request(case)
        matrix.enabled = False
        mine = self._as(matrix.level_ids, "admin")
        mine.approver_user_ids = [(6, 0, self.user_lead.ids)]
        self._waits(matrix)
        self.assertEqual(matrix.level_ids.approver_user_ids, self.user_approver)
        approval.with_user(self.user_approver).approve()
        self._change_of(matrix).with_user(self.user_admin).withdraw()
        mine.approver_user_ids = [(6, 0, self.user_lead.ids)]
        self.assertEqual(matrix.level_ids.approver_user_ids, self.user_lead, "nobody waits")

    def test_lifts_are_made_by_nobody(self):
        case = self._create_case(hold_step="confirm")
        reason = self.env.ref("exception_core.reason_override_manager_decision")
        values = {
            "case_id": case.id,
            "user_id": self.user_manager.id,
            "reason_id": reason.id,
            "lifted_at": fields.Datetime.now(),
        }
        lifts = self.env["exception.hold.lift"]
        mine = lifts.with_user(self.user_admin)
        for trial in (lifts, mine, mine.sudo()):
            with self.assertRaises(UserError):
                trial.create(values)
        case.with_user(self.user_manager).lift_hold(reason.id)
        with self.assertRaises(UserError):
            case.lift_ids.sudo().write({"expires_at": False})
        with self.assertRaises(UserError):
            case.lift_ids.sudo().unlink()
