import contextlib
import io
import json
from datetime import timedelta

import psycopg2.errors

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..tools import audit_key, audit_verify
from .audit_common import AuditCommon


@tagged("post_install", "-at_install")
class TestAuditProcedures(AuditCommon):
    """Blacking out, archiving, checkpoints, and who may do what."""

    def _verify(self, *options, path=None):
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            code = audit_verify.main([str(path or self._export()), *options])
        return code, out.getvalue()

    # ------------------------------------------------------------------
    # blacking out
    # ------------------------------------------------------------------

    def test_blacking_out_keeps_the_chain(self):
        self.case._audit("hold.set", reason="Mrs Miller has moved", after={"step": "confirm"})
        entry = self._newest(self.case)
        self.checkpoints._cron_checkpoint()
        wizard = self.env["exception.audit.redact"].with_user(self.user_admin)
        wizard.create({"entry_id": entry.id, "reason": True, "why": "She asked"}).action_apply()
        self.assertFalse(entry.reason)
        self.assertEqual(json.loads(entry.after), {"step": "confirm"})
        said = self._newest(self.case)
        self.assertEqual((said.event, said.reason), ("audit.redacted", "She asked"))
        self.assertEqual(said.user_id, self.user_admin)
        path = self._export()
        self.assertNotIn("Miller", path.read_text())
        code, text = self._verify("--checkpoints", str(self._outside()), path=path)
        self.assertEqual(code, 0, text)
        self.env.cr.execute("SELECT t::text FROM exception_audit_entry t WHERE id = %s", [entry.id])
        self.assertNotIn("Miller", self.env.cr.fetchone()[0])

    def test_only_administrators_black_out(self):
        entry = self._newest(self.case)
        for role in ("manager", "auditor", "lead"):
            with self.assertRaises(AccessError):
                entry.with_user(self.users[role])._redact(["who"], "Because")
        with self.assertRaises(UserError):
            entry.with_user(self.user_admin)._redact(["who"], " ")

    # ------------------------------------------------------------------
    # archiving
    # ------------------------------------------------------------------

    def _archive_old(self):
        for number in range(4):
            self.case._audit("hold.set", after={"number": number})
        self.case.write({"state": "closed", "closed_at": fields.Datetime.now() - timedelta(400)})
        self.checkpoints._cron_checkpoint()
        wizard = self.env["exception.audit.archive"].with_user(self.user_admin)
        before = fields.Date.today() - timedelta(days=365)
        wizard.create({"before": before, "why": "Kept for a year"}).action_apply()

    def test_archiving_leaves_a_seal(self):
        self._archive_old()
        kept = self._chain(self.case)
        self.assertEqual(kept.mapped("event")[-1], "audit.archived")
        self.assertEqual(len(kept), 2, "the newest entry and the seal")
        self.assertGreater(kept[0].sequence, 4)
        self.checkpoints._cron_checkpoint()
        code, text = self._verify("--checkpoints", str(self._outside()))
        self.assertEqual(code, 0, text)
        self.assertEqual(self.checks._run().state, "whole")
        seal = json.loads(kept[-1].data)
        archive = self.folder / seal["file"]
        code, text = self._verify(path=archive)
        self.assertEqual(code, 0, text)
        self.assertIn(f"{kept[0].sequence} entries in 1 chains", text)

    def test_archiving_twice(self):
        self._archive_old()
        self._archive_old()
        code, text = self._verify("--checkpoints", str(self._outside()))
        self.assertEqual(code, 0, text)

    @mute_logger("odoo.addons.exception_core.models.exception_audit_check")
    def test_a_seal_covers_no_more_than_it_says(self):
        self._archive_old()
        self._tamper(
            "DELETE FROM exception_audit_entry WHERE id = %s", self._chain(self.case)[0].id
        )
        self.assertEqual(self.checks._run().state, "broken")

    @mute_logger("odoo.sql_db")
    def test_deleting_stays_refused_afterwards(self):
        self._archive_old()
        with self.assertRaises(psycopg2.errors.InsufficientPrivilege), self.env.cr.savepoint():
            self.env.cr.execute("DELETE FROM exception_audit_entry")

    def test_without_a_folder_nothing_is_archived(self):
        self.options.pop("audit_folder")
        with self.assertRaises(UserError):
            self._archive_old()

    # ------------------------------------------------------------------
    # checkpoints
    # ------------------------------------------------------------------

    def _kept(self):
        return [json.loads(line) for line in self._outside().read_text().splitlines()]

    def test_checkpoints_follow_each_other_and_are_signed(self):
        self.checkpoints._cron_checkpoint()
        first = len(self._kept())
        self.checkpoints._cron_checkpoint()
        self.assertEqual(len(self._kept()), first, "nothing new, no checkpoint")
        self.case._audit("hold.set")
        self.checkpoints._cron_checkpoint()
        kept = self._kept()
        self.assertEqual(kept[-1]["previous"], kept[-2]["hash"])
        self.assertEqual([head[0] for head in kept[-1]["heads"]], [self.case.id])
        self.assertEqual(kept[-1]["key"], audit_key.public_key())
        options = ("--checkpoints", str(self._outside()), "--key")
        self.assertEqual(self._verify(*options, audit_key.public_key())[0], 0)
        self.assertEqual(self._verify(*options, "ab" * 32)[0], 1)

    def test_a_forged_checkpoint_is_found(self):
        self.checkpoints._cron_checkpoint()
        forged = {**self._kept()[-1], "at": "2020-01-01 00:00:00"}
        content = {k: v for k, v in forged.items() if k not in ("hash", "signature")}
        forged["hash"] = audit_verify.sha256(audit_verify.canonical(content))
        path = self.folder / "forged.jsonl"
        path.write_text(audit_verify.canonical(forged) + "\n")
        code, text = self._verify("--checkpoints", str(path))
        self.assertEqual(code, 1)
        self.assertIn("false signature", text)

    @mute_logger("odoo.addons.exception_core.models.exception_audit_check")
    def test_the_database_must_say_what_was_kept_outside(self):
        self.checkpoints._cron_checkpoint()
        lines = self._kept()
        lines[-1]["hash"] = "0" * 64
        self._outside().write_text("".join(json.dumps(line) + "\n" for line in lines))
        self.assertIn("kept outside", self.checks._run().finding)

    def test_without_a_key_it_says_so(self):
        self.options.pop("audit_key")
        self.case._audit("hold.set")
        self.checkpoints._cron_checkpoint()
        check = self.checks._run()
        self.assertEqual(check.state, "whole")
        self.assertIn("not signed", check.notes)
        self.assertFalse(check.public_key)

    def test_checkpoints_go_out_by_mail_once_a_day(self):
        self.env["ir.config_parameter"].set_param("exception_core.audit_mail", "audit@example.com")
        mails = self.env["mail.mail"].search([("email_to", "=", "audit@example.com")])
        for _round in range(2):
            self.case._audit("hold.set")
            self.checkpoints._cron_checkpoint()
        mails = self.env["mail.mail"].search([("email_to", "=", "audit@example.com")]) - mails
        self.assertEqual(len(mails), 1)
        lines = mails.attachment_ids.raw.decode().splitlines()
        self.assertEqual(lines[0], self._outside().read_text().splitlines()[0])

    @mute_logger("odoo.sql_db")
    def test_checkpoints_cannot_be_changed(self):
        self.checkpoints._cron_checkpoint()
        for statement in (
            "UPDATE exception_audit_checkpoint SET place = 1",
            "DELETE FROM exception_audit_checkpoint",
            "TRUNCATE exception_audit_checkpoint",
        ):
            with (
                self.subTest(statement=statement),
                self.assertRaises(psycopg2.errors.InsufficientPrivilege),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(statement)

    # ------------------------------------------------------------------
    # who is told, and who may look
    # ------------------------------------------------------------------

    def test_a_broken_trail_is_told_until_it_is_whole(self):
        self.case._audit("hold.set")
        logger = "odoo.addons.exception_core.models.exception_audit_check"
        with contextlib.closing(self.env.cr.savepoint()), mute_logger(logger):
            self._tamper(
                "DELETE FROM exception_audit_entry WHERE id = %s", self._chain(self.case)[0].id
            )
            for _round in range(2):
                check = self.checks._run()
            told = self.env["mail.activity"].search(
                [("res_model", "=", self.checks._name), ("user_id", "=", self.user_auditor.id)]
            )
            self.assertEqual(told.mapped("res_id"), check.ids, "one activity, on the newest")
            found = self.env["exception.watchdog"]._judge()[-1]
            self.assertIn("audit trail is broken", self.env["exception.watchdog"]._sentence(found))
        self.env.invalidate_all()
        self.assertEqual(self.checks._run().state, "whole")

    def test_auditors_verify_and_leave_a_record(self):
        action = self.checks.with_user(self.user_auditor).verify_now()
        check = self.checks.browse(action["res_id"])
        self.assertEqual((check.state, check.user_id), ("whole", self.user_auditor))
        for role in ("agent", "lead", "approver", "outsider"):
            with self.assertRaises(AccessError):
                self.checks.with_user(self.users[role]).verify_now()

    def test_other_companies_are_not_seen(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        case = self._create_case(
            company_id=company.id, team_id=False, res_model=False, res_id=False
        )
        entries = self.entries.with_user(self.user_auditor)
        self.assertFalse(entries.search([("chain", "=", case.id)]))
        self.assertTrue(entries.search([("chain", "=", self.case.id)]))
        header = json.loads(next(entries._export([])))
        self.assertFalse(header["whole"], "an export of a part says so")
