import base64
import json
import logging
import os

from odoo import _, api, fields, models
from odoo.tools import SQL, email_normalize

from ..tools import audit_key
from ..tools.audit_chain import NOTHING, canonical, sha256
from ..tools.audit_seal import own_transaction
from ..tools.job import AUDIT_LOCK

_logger = logging.getLogger(__name__)

GUARD = """
CREATE OR REPLACE FUNCTION exception_audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $guard$
BEGIN
    RAISE EXCEPTION USING MESSAGE = 'Checkpoints are append-only, and refuse ' || TG_OP,
                          ERRCODE = 'insufficient_privilege';
END $guard$
"""
# Which checkpoint went out by mail last, and on which day.
MAILED = "exception_core.audit_mailed"


class ExceptionAuditCheckpoint(models.Model):
    """What the heads of all chains were at a moment, signed, and kept outside of the database.

    A chain by itself shows neither that its newest entries were cut off, nor that it was removed
    as a whole, nor that all of it was written anew. A checkpoint names the newest entry of each
    chain that has grown since the one before, and the hash of the one before; so the checkpoints
    together say how every chain stood.
    """

    _name = "exception.audit.checkpoint"
    _description = "Audit Checkpoint"
    _order = "number desc"
    _rec_name = "number"
    _log_access = False

    number = fields.Integer(required=True, readonly=True, group_operator=None)
    at = fields.Datetime("When", required=True, readonly=True)
    place = fields.Integer(
        "Entries of the trail", required=True, readonly=True, group_operator=None
    )
    content = fields.Text(required=True, readonly=True)
    hash = fields.Char(required=True, readonly=True)
    key = fields.Char("Public key", readonly=True, help="Empty: made without a key, and unsigned.")
    signature = fields.Char(readonly=True)

    _sql_constraints = [("number_uniq", "unique(number)", "Checkpoints are numbered.")]

    def init(self):
        """Create the trigger that refuses every change."""
        cr = self.env.cr
        cr.execute(SQL(GUARD))
        for name, when in (("rows", "UPDATE OR DELETE"), ("table", "TRUNCATE")):
            trigger = SQL.identifier(f"exception_audit_checkpoint_{name}")
            table = SQL.identifier(self._table)
            cr.execute(SQL("DROP TRIGGER IF EXISTS %s ON %s", trigger, table))
            cr.execute(
                SQL(
                    "CREATE TRIGGER %s BEFORE %s ON %s FOR EACH STATEMENT"
                    " EXECUTE FUNCTION exception_audit_refuse()",
                    trigger,
                    SQL(when),
                    table,
                )
            )
            cr.execute(SQL("ALTER TABLE %s ENABLE ALWAYS TRIGGER %s", table, trigger))

    @api.model_create_multi
    def create(self, vals_list):  # pylint: disable=method-required-super
        """Refuse: the suite makes checkpoints by itself."""
        self.env["exception.audit.entry"]._refuse()

    def write(self, vals):  # pylint: disable=method-required-super
        """Refuse: a checkpoint stays as it is."""
        self.env["exception.audit.entry"]._refuse()

    def unlink(self):  # pylint: disable=method-required-super
        """Refuse: a checkpoint stays."""
        if self:
            self.env["exception.audit.entry"]._refuse()
        return True

    # ------------------------------------------------------------------
    # making one
    # ------------------------------------------------------------------

    @api.model
    def _cron_checkpoint(self):
        """Chain what waits, make a checkpoint, and see to it that it leaves the database.

        A checkpoint is committed before anybody outside hears of it.
        """
        self.env["exception.audit.entry"]._seal()
        with own_transaction(self.env) as cr:
            self._make(cr)
        with own_transaction(self.env) as cr:
            # what was committed a moment ago can be seen on a fresh cursor only
            fresh = self.with_env(self.env(cr=cr))
            fresh._keep_outside()
            fresh._mail()

    @api.model
    def _make(self, cr):
        """Make a checkpoint if the trail has grown since the last one."""
        cr.execute(SQL("SELECT pg_advisory_xact_lock(%s, 2)", AUDIT_LOCK))
        last = self._last(cr)
        cr.execute(
            SQL(
                """SELECT DISTINCT ON (chain) chain, sequence, hash, place
                     FROM exception_audit_entry WHERE place > %s
                    ORDER BY chain, sequence DESC""",
                last["place"],
            )
        )
        heads = cr.fetchall()
        if heads:
            self._store(cr, last, heads)

    @api.model
    def _last(self, cr):
        cr.execute(
            SQL(
                "SELECT number, place, hash FROM exception_audit_checkpoint"
                " ORDER BY number DESC LIMIT 1"
            )
        )
        return cr.dictfetchone() or {"number": 0, "place": 0, "hash": NOTHING}

    @api.model
    def _store(self, cr, last, heads):
        content = {
            "log": self._log(),
            "number": last["number"] + 1,
            "at": fields.Datetime.to_string(fields.Datetime.now()),
            "place": max(head[3] for head in heads),
            "previous": last["hash"],
            "heads": [list(head[:3]) for head in heads],
            "key": audit_key.public_key(),
        }
        digest = sha256(canonical(content))
        _key, signature = audit_key.sign(digest.encode())
        cr.execute(
            SQL(
                "INSERT INTO exception_audit_checkpoint"
                " (number, at, place, content, hash, key, signature)"
                " VALUES (%s, %s, %s, %s, %s, %s, %s)",
                content["number"],
                content["at"],
                content["place"],
                canonical(content),
                digest,
                content["key"] or None,
                signature or None,
            )
        )

    @api.model
    def _log(self):
        """Return the name of this trail, which a copy of the database keeps."""
        # sudo: no secret
        first = self.sudo().search([], order="number", limit=1)
        if first:
            return json.loads(first.content)["log"]
        return self.env["ir.config_parameter"].sudo().get_param("database.uuid")

    def _lines(self):
        """Return the checkpoints as they leave the database, a line each, oldest first."""
        return [
            canonical(
                {
                    **json.loads(checkpoint.content),
                    "hash": checkpoint.hash,
                    "signature": checkpoint.signature or "",
                }
            )
            for checkpoint in self.sorted("number")
        ]

    # ------------------------------------------------------------------
    # out of the database
    # ------------------------------------------------------------------

    @api.model
    def _file(self):
        """Return the path of the file of checkpoints; None without a folder."""
        place = audit_key.folder()
        return place / f"{self.env.cr.dbname}.checkpoints.jsonl" if place else None

    @api.model
    def _kept_outside(self):
        """Return the number of the newest checkpoint in the file."""
        path = self._file()
        if not path or not path.exists():
            return 0
        newest = 0
        with path.open(encoding="utf-8") as lines:
            for line in filter(str.strip, lines):
                newest = json.loads(line)["number"]
        return newest

    @api.model
    def _keep_outside(self):
        """Append to the file what it lacks; a file that cannot be written is caught up later."""
        path = self._file()
        if not path:
            return
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            missing = self.search([("number", ">", self._kept_outside())])
            with path.open("a", encoding="utf-8") as out:
                out.writelines(f"{line}\n" for line in missing._lines())
                out.flush()
                os.fsync(out.fileno())
        except (OSError, ValueError) as error:
            _logger.error("Checkpoints of the audit trail cannot be kept in %s: %s", path, error)

    @api.model
    def _mail(self):
        """Send what is new once a day to the address of the settings."""
        # sudo: parameters are not for users
        params = self.env["ir.config_parameter"].sudo()
        address = email_normalize(params.get_param("exception_core.audit_mail") or "")
        day, _sep, number = (params.get_param(MAILED) or "").partition(" ")
        today = fields.Date.to_string(fields.Date.today())
        fresh = self.search([("number", ">", int(number or 0))])
        if not address or day == today or not fresh:
            return
        name = f"{self.env.cr.dbname}-{fresh[-1].number}-{fresh[0].number}.checkpoints.jsonl"
        lines = "".join(f"{line}\n" for line in fresh._lines())
        # sudo: the machine's own mail
        self.env["mail.mail"].sudo().create(
            {
                "subject": _("Checkpoints of the audit trail of %s", self.env.company.name),
                "body_html": _(
                    "<p>Keep this file where nobody who works on the database can change it. The "
                    "verifier takes it with the option --checkpoints.</p>"
                ),
                "email_to": address,
                "auto_delete": False,
                "attachment_ids": [
                    fields.Command.create({"name": name, "datas": base64.b64encode(lines.encode())})
                ],
            }
        )
        params.set_param(MAILED, f"{today} {fresh[0].number}")
