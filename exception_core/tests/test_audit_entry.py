import json
from unittest.mock import patch

import psycopg2.errors

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger
from odoo.tools.translate import code_translations

from .common import ExceptionCommon


@tagged("post_install", "-at_install")
class TestAuditEntry(ExceptionCommon):
    """What an entry says, how entries are chained, and that nobody changes them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.entries = cls.env["exception.audit.entry"]
        cls.case = cls._create_case()

    def _newest(self, record=None):
        self.entries._seal()
        chain = record.id if record else 0
        return self.entries.search([("chain", "=", chain)], limit=1)

    def test_people_read_labels_and_names(self):
        action = self.env.ref("exception_core.action_set_field")
        self.case._audit("hold.refused", step="confirm")
        self.assertIn("Confirm", self._newest(self.case).summary)
        self.case._audit("action.proposed", action=action.code, run=7, automated=False)
        self.assertEqual(self._newest(self.case).summary, f"Action: {action.name}")
        self.case._audit("playbook.step", step="2. Ask the warehouse")
        self.assertEqual(self._newest(self.case).summary, "Step: 2. Ask the warehouse")

    def test_an_entry_says_who_what_why(self):
        case = self.case.with_user(self.user_agent).sudo()
        case._audit(
            "hold.lifted",
            before={"held": True},
            after=lambda one: {"held": False, "amount": 1.5, "case": one.name},
            reason="The customer called",
            on_behalf=self.user_lead,
            override=True,
            document="S00012",
        )
        entry = self._newest(self.case)
        self.assertEqual(entry.event, "hold.lifted")
        self.assertEqual((entry.user_id, entry.who), (self.user_agent, self.user_agent.name))
        self.assertEqual(entry.on_behalf_id, self.user_lead)
        self.assertEqual(entry.on_behalf, self.user_lead.name)
        self.assertEqual(entry.case_name, self.case.name)
        self.assertTrue(entry.is_override)
        self.assertFalse(entry.is_automatic)
        self.assertEqual(json.loads(entry.before), {"held": True})
        self.assertEqual(
            json.loads(entry.after), {"held": False, "amount": "1.5", "case": self.case.name}
        )
        self.assertEqual(json.loads(entry.data), {"document": "S00012"})

    def test_one_statement_for_a_batch(self):
        cases = self._create_cases(5)
        cases.mapped("name")
        self.env.flush_all()
        with self.assertQueryCount(1):
            cases._audit("hold.set", after={"step": "confirm"})

    def test_chains_without_gap(self):
        other = self._create_case()
        for _round in range(3):
            (self.case + other)._audit("hold.set")
        self.entries._audit_config(self.team, "config.changed", after={"name": "New"})
        self.entries._seal()
        for chain in (self.case.id, other.id, 0):
            found = self.entries.search([("chain", "=", chain)], order="sequence")
            self.assertEqual(found.mapped("sequence"), list(range(1, len(found) + 1)))
            self.assertEqual(found[1:].mapped("previous"), found[:-1].mapped("hash"))
        places = self.entries.search([], order="place").mapped("place")
        self.assertEqual(places, list(range(1, len(places) + 1)))

    def test_events_are_named_in_the_language_of_the_reader(self):
        entries = self.env["exception.audit.entry"]
        self.env["res.lang"]._activate_lang("fr_FR")
        texts = {"exception_core": {"Case opened": "Dossier ouvert"}}
        with patch.object(
            code_translations,
            "get_python_translations",
            lambda module, lang: texts.get(module, {}) if lang == "fr_FR" else {},
        ):
            french = dict(entries.with_context(lang="fr_FR")._audit_labels())
            self.assertEqual(french["case.opened"], "Dossier ouvert")
            shown = entries.with_context(lang="fr_FR").fields_get(["event"])["event"]["selection"]
            self.assertEqual(dict(shown)["case.opened"], "Dossier ouvert")
        self.assertEqual(dict(entries._audit_labels())["case.opened"], "Case opened")

    def test_unknown_events_are_refused(self):
        with self.assertRaises(ValueError):
            self.case._audit("made.up")

    def test_configuration_has_a_chain_of_its_own(self):
        self.entries._audit_config(
            self.team, "config.changed", before={"name": "Old"}, after={"name": "New"}, reason="x"
        )
        entry = self._newest()
        self.assertEqual((entry.res_model, entry.res_id), ("exception.team", self.team.id))
        self.assertEqual(entry.res_name, self.team.display_name)
        self.assertFalse(entry.case_id)

    # ------------------------------------------------------------------
    # nobody changes it
    # ------------------------------------------------------------------

    def test_the_orm_refuses(self):
        self.case._audit("hold.set")
        entry = self._newest(self.case)
        for attempt in (
            lambda: entry.write({"reason": "x"}),
            lambda: entry.unlink(),
            lambda: entry.create({"chain": 0, "event": "hold.set", "at": "2026-01-01"}),
        ):
            with self.assertRaises(UserError):
                attempt()
        for user in (self.user_auditor, self.user_admin):
            with self.assertRaises(UserError):
                entry.with_user(user).write({"reason": "x"})

    @mute_logger("odoo.sql_db")
    def test_the_database_refuses(self):
        self.case._audit("hold.set")
        entry = self._newest(self.case)
        self.case._audit("hold.lifted")
        for statement in (
            f"UPDATE exception_audit_entry SET reason = 'x' WHERE id = {entry.id}",
            f"UPDATE exception_audit_entry SET hash = NULL WHERE id = {entry.id}",
            "UPDATE exception_audit_entry SET reason = 'x' WHERE hash IS NULL",
            f"DELETE FROM exception_audit_entry WHERE id = {entry.id}",
            "TRUNCATE exception_audit_entry",
        ):
            with (
                self.subTest(statement=statement),
                self.assertRaises(psycopg2.errors.InsufficientPrivilege),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(statement)
