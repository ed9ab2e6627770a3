import contextlib
import io
import json
import subprocess
import sys

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..tools import audit_chain, audit_verify
from .audit_common import AuditCommon


@tagged("post_install", "-at_install")
class TestAuditTamper(AuditCommon):
    """Every kind of tampering is found: by the verifier of one file, and by the desk's own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls._create_case()
        for number in range(4):
            (cls.case + cls.other)._audit("hold.set", after={"number": number}, reason="Why")
        cls.entries._seal()

    def setUp(self):
        super().setUp()
        self.checkpoints._cron_checkpoint()

    def _verify(self, *options, kind="jsonl"):
        """Run the verifier on an export and what was kept outside: (exit code, what it says)."""
        path, out = self._export(kind), io.StringIO()
        kept = self._outside()
        more = ["--checkpoints", str(kept)] if kept.exists() else []
        with contextlib.redirect_stdout(out):
            code = audit_verify.main([str(path), *more, *options])
        return code, out.getvalue()

    @mute_logger("odoo.addons.exception_core.models.exception_audit_check")
    def _assert_found(self, *words):
        """Assert that both verifiers find it, and say where."""
        code, said = self._verify()
        self.assertEqual(code, 1, said)
        for word in ("BROKEN", *words):
            self.assertIn(word, said)
        check = self.checks._run()
        self.assertEqual(check.state, "broken")
        for word in words:
            self.assertIn(word, check.finding)

    def test_a_whole_trail_is_ok(self):
        for kind in ("jsonl", "csv"):
            code, said = self._verify(kind=kind)
            self.assertEqual((code, said[:2]), (0, "OK"), said)
        check = self.checks._run()
        self.assertEqual(check.state, "whole", check.finding)
        self.assertEqual(check.entries, self.entries.search_count([]))

    def test_it_runs_alone(self):
        command = [sys.executable, "-I", audit_verify.__file__, str(self._export())]
        done = subprocess.run(
            [*command, "--checkpoints", str(self._outside())], capture_output=True, text=True
        )
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("OK", done.stdout)

    def test_changed(self):
        entry = self._chain(self.case)[2]
        for column, value in (
            ("reason", "Another reason"),
            ("after", '{"number":9}'),
            ("who", "Somebody else"),
            ("event", "hold.lifted"),
            ("at", "2020-01-01 00:00:00"),
            ("is_override", True),
            ("company_id", 99),
            ("previous", "0" * 64),
            ("hash", "0" * 64),
            ("place", 99_999),
        ):
            with self.subTest(column=column), contextlib.closing(self.env.cr.savepoint()):
                self._tamper(
                    f"UPDATE exception_audit_entry SET {column} = %s WHERE id = %s", value, entry.id
                )
                self._assert_found(f"of chain {self.case.id}")

    def test_changed_and_hashed_anew(self):
        """Somebody who knows the rules writes the rest of the chain anew: the checkpoint knows."""
        self._tamper(
            "UPDATE exception_audit_entry SET reason = 'Another' WHERE id = %s",
            self._chain(self.case)[2].id,
        )
        self._hash_anew(self._chain(self.case))
        self._assert_found("was another one at checkpoint 1", f"chain {self.case.id}")
        self._outside().unlink()
        code, said = self._verify()
        self.assertEqual(code, 0, "without what was kept outside it cannot be seen")
        self.assertIn("Without checkpoints", said)

    def _hash_anew(self, chain):
        previous = audit_chain.NOTHING
        for entry in chain:
            texts = {name: entry[name] for name in audit_chain.HIDEABLE if entry[name]}
            salts = json.loads(entry.salts)
            sums = {n: audit_chain.commitment(n, salts[n], text) for n, text in texts.items()}
            values = json.loads(
                next(line for line in self._lines() if json.loads(line)["place"] == entry.place)
            )
            digest = audit_chain.digest({n: values[n] for n in audit_chain.PLAIN}, sums)
            link = audit_chain.link(entry.chain, entry.sequence, entry.place, previous, digest)
            self._tamper(
                "UPDATE exception_audit_entry SET digest = %s, previous = %s, hash = %s"
                " WHERE id = %s",
                digest,
                previous,
                link,
                entry.id,
            )
            previous = link

    def _lines(self):
        return list(self.entries._export([]))[1:]

    def test_removed(self):
        self._tamper(
            "DELETE FROM exception_audit_entry WHERE id = %s", self._chain(self.case)[2].id
        )
        self._assert_found("Entry 3 of chain", "is missing")

    def test_the_first_is_removed(self):
        self._tamper(
            "DELETE FROM exception_audit_entry WHERE id = %s", self._chain(self.case)[0].id
        )
        self._assert_found("Entry 1 of chain", "is missing")

    def test_inserted(self):
        self._tamper(
            """INSERT INTO exception_audit_entry
                      (chain, sequence, place, event, at, case_id, is_override, is_automatic,
                       salts, digest, previous, hash)
               SELECT chain, 99, 99999, event, at, case_id, false, false, '{}', digest, hash, hash
                 FROM exception_audit_entry WHERE id = %s""",
            self._newest(self.case).id,
        )
        self._assert_found(f"of chain {self.case.id}")

    def test_swapped(self):
        second, third = self._chain(self.case)[1:3].ids
        self._tamper(
            """UPDATE exception_audit_entry e
                  SET (sequence, place, previous, hash) =
                      (SELECT CASE sequence WHEN 2 THEN -3 ELSE -2 END, -place, previous, hash
                         FROM exception_audit_entry o
                        WHERE o.id = CASE e.id WHEN %s THEN %s ELSE %s END)
                WHERE e.id IN (%s, %s)""",
            second,
            third,
            second,
            second,
            third,
        )
        self._tamper(
            "UPDATE exception_audit_entry SET sequence = -sequence, place = -place"
            " WHERE sequence < 0"
        )
        self._assert_found("Entry 2 of chain")

    def test_newest_cut_off(self):
        self._tamper(
            "DELETE FROM exception_audit_entry WHERE id IN %s",
            tuple(self._chain(self.case)[-2:].ids),
        )
        self._assert_found("is missing", "cut off")

    def test_whole_chain_removed(self):
        self._tamper("DELETE FROM exception_audit_entry WHERE chain = %s", self.case.id)
        self._assert_found("is missing")

    def test_whole_chain_removed_without_checkpoints(self):
        self._outside().unlink()
        newest = self._create_case()
        self._chain(newest)
        self._tamper("DELETE FROM exception_audit_entry WHERE chain = %s", self.case.id)
        code, said = self._verify()
        self.assertEqual(code, 1, said)
        self.assertIn("of the whole trail is missing", said)

    def test_blacked_out_by_hand(self):
        entry = self._chain(self.case)[2]
        said = audit_chain.commitment("reason", json.loads(entry.salts)["reason"], entry.reason)
        self._tamper(
            "UPDATE exception_audit_entry SET reason = NULL, redacted = %s WHERE id = %s",
            json.dumps({"reason": said}),
            entry.id,
        )
        self._assert_found("was blacked out, and no entry says who did it")

    def test_the_trigger_is_off(self):
        self.env.cr.execute("ALTER TABLE exception_audit_entry DISABLE TRIGGER USER")
        with mute_logger("odoo.addons.exception_core.models.exception_audit_check"):
            check = self.checks._run()
        self.assertEqual(check.state, "broken")
        self.assertIn("exception_audit_entry", check.finding)
