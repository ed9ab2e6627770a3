import contextlib
import csv
import io
import threading
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..tools import audit_verify
from .audit_common import AuditCommon

FORMULA = '=HYPERLINK("http://evil.example.com","open me")'


@tagged("post_install", "-at_install")
class TestAuditHostile(AuditCommon):
    """What people try with the trail, its export and the messages behind it."""

    def _verify(self, path):
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            code = audit_verify.main([str(path), "--checkpoints", str(self._outside())])
        return code, said.getvalue()

    def test_the_export_runs_no_formula(self):
        for reason in (FORMULA, "+1", "-1", "@SUM(A1)", "\tx", "'quoted", "plain"):
            self.case._audit("case.changed", reason=reason)
        path = self._export("csv")
        with path.open(newline="") as lines:
            cells = [cell for row in csv.reader(lines) for cell in row]
        self.assertIn(f"'{FORMULA}", cells)
        self.assertFalse([cell for cell in cells if cell.startswith(tuple("=+-@\t"))])
        self.checkpoints._cron_checkpoint()
        code, said = self._verify(path)
        self.assertEqual(code, 0, said)

    def test_a_download_that_broke_off_is_seen(self):
        # the end of the file is the newest chain: without checkpoints nothing else tells
        lines = "".join(self.entries._export([])).splitlines(keepends=True)
        path = self.folder / "short.jsonl"
        path.write_text("".join(lines[:-1]))
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            code = audit_verify.main([str(path)])
        self.assertEqual(code, 1, said.getvalue())

    def test_what_the_verifier_needs_is_not_blacked_out(self):
        self.case._audit("case.changed", reason="Mr Smith")
        entry = self._newest(self.case).with_user(self.user_admin)
        entry._redact(["reason"], "He asked for it")
        done = self._newest(self.case).with_user(self.user_admin)
        self.assertEqual(done.event, "audit.redacted")
        with self.assertRaisesRegex(UserError, "could not be verified"):
            done._redact(["who", "data"], "nobody need know")
        done._redact(["reason"], "a name again")
        self.checkpoints._cron_checkpoint()
        code, said = self._verify(self._export())
        self.assertEqual(code, 0, said)

    def test_nobody_passes_for_a_machine(self):
        agent = self.case.with_user(self.user_agent).with_context(job_uuid="mine")
        with patch.object(threading.current_thread(), "uid", self.user_agent.id, create=True):
            agent.severity = "1" if self.case.severity != "1" else "2"
        entry = self._newest(self.case)
        self.assertEqual(entry.user_id, self.user_agent)
        self.assertFalse(entry.is_automatic)
        self.assertTrue(entry.is_override)

    def test_nobody_claims_to_uninstall(self):
        claims = {"_force_unlink": True}
        message = self.case.message_post(
            body="Where is my parcel?",
            message_type="email",
            author_id=self.partner.id,
            subtype_xmlid="mail.mt_comment",
        )
        for user in (self.user_agent, self.user_admin):
            with self.assertRaisesRegex(UserError, "stay as they were sent"):
                message.with_user(user).with_context(**claims).unlink()
        delegations = self.env["exception.approval.delegation"].with_user(self.user_agent)
        one = delegations.create(
            {"user_id": self.user_agent.id, "deputy_id": self.user_approver.id}
        )
        with self.assertRaisesRegex(UserError, "for the record"):
            one.with_context(**claims).unlink()
        detector = self._create_detector()
        self._create_case(detector_id=detector.id)
        with self.assertRaises(UserError):
            detector.with_user(self.user_admin).with_context(**claims).unlink()
