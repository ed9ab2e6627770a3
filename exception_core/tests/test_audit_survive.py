from odoo.tests import tagged

from ..tools.audit_chain import HIDEABLE, PLAIN
from ..tools.audit_verify import HIDEABLE as CHECKED_HIDEABLE
from ..tools.audit_verify import PLAIN as CHECKED_PLAIN
from .audit_common import AuditCommon


@tagged("post_install", "-at_install")
class TestAuditSurvive(AuditCommon):
    """What goes on elsewhere in Odoo neither fails because of the trail, nor changes it."""

    def _content(self):
        self.env.flush_all()
        self.env.cr.execute("SELECT t::text FROM exception_audit_entry t ORDER BY id")
        return [row[0] for row in self.env.cr.fetchall()]

    def _assert_kept(self, before):
        self.assertEqual(self._content()[: len(before)], before)
        self.assertEqual(self.checks._run().state, "whole")

    def test_a_user_is_deleted(self):
        user = self._create_user("audit_leaver", "exception_core.group_user")
        self.case.with_user(user).sudo()._audit("hold.set", on_behalf=user)
        entry = self._newest(self.case)
        before = self._content()
        user.unlink()
        self._assert_kept(before)
        self.assertEqual(entry.who, "audit_leaver (exception_core.group_user)")
        seen = entry.with_user(self.user_auditor).web_read(
            {"user_id": {}, "who": {}, "summary": {}}
        )
        self.assertFalse(seen[0]["user_id"] and seen[0]["user_id"] != entry.user_id.id)
        groups = self.entries.with_user(self.user_auditor).read_group([], ["who"], ["who"])
        self.assertTrue(groups)

    def test_contacts_are_merged(self):
        gone = self.env["res.partner"].create({"name": "Audit twin", "email": "twin@example.com"})
        case = self._create_case(res_id=gone.id, partner_id=gone.id)
        self._chain(case)
        before = self._content()
        merge = self.env["base.partner.merge.automatic.wizard"].create({})
        merge._merge((gone | self.partner).ids, self.partner)
        self.assertFalse(gone.exists())
        self._assert_kept(before)
        self.assertEqual(case.res_id, self.partner.id)
        self.assertIn("res_id", self._newest(case).after)

    def test_a_case_and_a_company_are_read_when_they_are_gone(self):
        case = self._create_case()
        before = self._content()
        case.unlink()
        self._assert_kept(before)
        entry = self.entries.search([("event", "=", "case.deleted")], limit=1)
        self.assertFalse(entry.action_open_case())
        self.assertIn(entry.case_name, entry.display_name)

    def test_nothing_writes_to_a_row_by_itself(self):
        """What an upgrade, a deletion or a recomputation would write to, is not there."""
        for name, field in self.entries._fields.items():
            if field.store and name != "id":
                self.assertFalse(field.compute, name)
                self.assertFalse(field.default, name)
                self.assertFalse(field.company_dependent, name)
        for table in ("exception_audit_entry", "exception_audit_checkpoint"):
            self.env.cr.execute(
                "SELECT conname FROM pg_constraint WHERE contype = 'f' AND %s::regclass"
                " IN (conrelid, confrelid)",
                [table],
            )
            self.assertEqual(self.env.cr.fetchall(), [])

    def test_init_again_keeps_the_guard(self):
        self.entries.init()
        self.checkpoints.init()
        self.assertEqual(self.checks._run().state, "whole")

    def test_both_sides_hash_the_same(self):
        self.assertEqual((*PLAIN,), (*CHECKED_PLAIN,))
        self.assertEqual((*HIDEABLE,), (*CHECKED_HIDEABLE,))
