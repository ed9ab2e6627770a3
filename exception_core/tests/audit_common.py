import json
import tempfile
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from odoo.tools import SQL, config

from .common import ExceptionCommon

KEY = "11" * 32


class AuditCommon(ExceptionCommon):
    """A trail that is chained, a key and a folder outside, and hands that tamper by SQL."""

    @classmethod
    def setUpClass(cls):
        """Chain what was there before, so that each test begins with a whole trail."""
        super().setUpClass()
        cls.entries = cls.env["exception.audit.entry"]
        cls.checkpoints = cls.env["exception.audit.checkpoint"]
        cls.checks = cls.env["exception.audit.check"]
        cls.case = cls._create_case()
        cls.entries._seal()

    def setUp(self):
        """Give each test a key and a folder of its own, with the checkpoints there are."""
        super().setUp()
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.options = {"audit_key": KEY, "audit_folder": str(self.folder)}
        self.enterContext(patch.dict(config.misc, {"exception_core": self.options}))
        self.checkpoints._keep_outside()

    def _chain(self, record=None):
        """Return the chained entries of a case, or of the configuration, oldest first."""
        self.entries._seal()
        chain = record.id if record else 0
        return self.entries.search([("chain", "=", chain)], order="sequence, id")

    def _newest(self, record=None):
        return self._chain(record)[-1:]

    @contextmanager
    def _as_owner(self):
        """Switch the trigger off, as the owner of the table can."""
        self.env.flush_all()
        self.env.cr.execute("ALTER TABLE exception_audit_entry DISABLE TRIGGER USER")
        yield self.env.cr
        for name in ("exception_audit_rows", "exception_audit_table"):
            self.env.cr.execute(
                SQL(
                    "ALTER TABLE exception_audit_entry ENABLE ALWAYS TRIGGER %s",
                    SQL.identifier(name),
                )
            )
        self.entries.invalidate_model()

    def _tamper(self, statement, *params):
        with self._as_owner() as cr:
            cr.execute(statement, params)

    def _export(self, kind="jsonl", domain=()):
        """Write the trail to a file and return its path."""
        self.entries._seal()
        path = self.folder / f"trail.{kind}"
        path.write_text("".join(self.entries._export(list(domain), kind)))
        return path

    def _outside(self):
        """Return the path of the checkpoints that were kept outside."""
        return self.checkpoints._file()

    @staticmethod
    def _json(text):
        return json.loads(text) if text else {}
