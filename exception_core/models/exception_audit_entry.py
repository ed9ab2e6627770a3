from odoo import _, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools.plain_link import PlainMany2one
from ..tools.vocabulary import AUDIT_EVENTS

# The one function of the database that stands before the table. An entry is written in two
# strokes, its content and then its seal (see tools/audit_seal.py); after that nothing changes,
# except in the two procedures that leave an entry behind: blacking out and archiving.
GUARD = """
CREATE OR REPLACE FUNCTION exception_audit_guard() RETURNS trigger LANGUAGE plpgsql AS $guard$
DECLARE
    kept exception_audit_entry;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        kept := NEW;
        IF OLD.hash IS NULL AND OLD.sequence IS NULL THEN
            kept.sequence := NULL;
            kept.place := NULL;
            kept.previous := NULL;
            kept.hash := NULL;
        ELSIF current_setting('exception_core.audit_redacts', true) = 'yes' THEN
            kept.who := OLD.who;
            kept.on_behalf := OLD.on_behalf;
            kept.res_name := OLD.res_name;
            kept.reason := OLD.reason;
            kept.before := OLD.before;
            kept.after := OLD.after;
            kept.data := OLD.data;
            kept.salts := OLD.salts;
            kept.redacted := OLD.redacted;
        END IF;
        IF kept IS NOT DISTINCT FROM OLD THEN
            RETURN NEW;
        END IF;
    ELSIF TG_OP = 'DELETE' THEN
        IF current_setting('exception_core.audit_archives', true) = 'yes' THEN
            RETURN OLD;
        END IF;
    END IF;
    RAISE EXCEPTION USING MESSAGE = 'The audit trail is append-only, and refuses ' || TG_OP,
                          ERRCODE = 'insufficient_privilege';
END $guard$
"""
TRIGGERS = [
    ("exception_audit_rows", "BEFORE UPDATE OR DELETE", "ROW"),
    ("exception_audit_table", "BEFORE TRUNCATE", "STATEMENT"),
]
INDEXES = [
    ("exception_audit_chain_uniq", "UNIQUE INDEX", "(chain, sequence)"),
    ("exception_audit_place_uniq", "UNIQUE INDEX", "(place)"),
    ("exception_audit_unsealed_idx", "INDEX", "(id) WHERE hash IS NULL"),
    ("exception_audit_at_idx", "INDEX", "(at)"),
]


class ExceptionAuditEntry(models.Model):
    """One line of the audit trail. Nothing may change it, and nothing does.

    Written by ``exception.case._audit`` and ``_audit_config`` only. Whatever would write to a row
    by the back door is left out: no foreign keys, no ``create_uid``, no stored computed fields,
    no defaults (a new column with one would be filled in by the upgrade). New columns stay empty
    for the entries that were there before.

    Each case is a chain of its own; chain 0 is the configuration. ``before``, ``after`` and
    ``data`` hold JSON as text, since the hash is over the text.
    """

    _name = "exception.audit.entry"
    _description = "Audit Entry"
    _order = "id desc"
    _rec_name = "event"
    _log_access = False

    chain = fields.Integer(required=True, readonly=True, group_operator=None)
    sequence = fields.Integer("Number", readonly=True, group_operator=None)
    place = fields.Integer("Number in the whole trail", readonly=True, group_operator=None)
    event = fields.Selection(
        lambda self: self._audit_labels(), "What", required=True, readonly=True
    )
    at = fields.Datetime("When", required=True, readonly=True)
    user_id = PlainMany2one("res.users", "User", readonly=True)
    who = fields.Char(readonly=True)
    on_behalf_id = PlainMany2one("res.users", "On behalf of (user)", readonly=True)
    on_behalf = fields.Char("On behalf of", readonly=True)
    company_id = PlainMany2one("res.company", readonly=True)
    case_id = PlainMany2one("exception.case", readonly=True)
    case_name = fields.Char("Reference", readonly=True)
    res_model = fields.Char("Model", readonly=True)
    res_id = fields.Integer("Record id", readonly=True, group_operator=None)
    res_name = fields.Char("Name of the record", readonly=True)
    is_override = fields.Boolean("Decided otherwise", readonly=True)
    is_automatic = fields.Boolean("By the machine", readonly=True)
    reason = fields.Text(readonly=True)
    before = fields.Text(readonly=True)
    after = fields.Text(readonly=True)
    data = fields.Text("More", readonly=True)
    salts = fields.Text(readonly=True)
    redacted = fields.Text("Hashes of what was blacked out", readonly=True)
    digest = fields.Char("Hash of the content", readonly=True)
    previous = fields.Char("Hash of the entry before", readonly=True)
    hash = fields.Char(readonly=True)

    def init(self):
        """Create the indexes, and the triggers that refuse every change."""
        cr = self.env.cr
        for name, kind, definition in INDEXES:
            cr.execute(
                SQL(
                    "CREATE %s IF NOT EXISTS %s ON exception_audit_entry %s",
                    SQL(kind),
                    SQL.identifier(name),
                    SQL(definition),
                )
            )
        cr.execute(SQL(GUARD))
        for name, when, each in TRIGGERS:
            trigger = SQL.identifier(name)
            cr.execute(SQL("DROP TRIGGER IF EXISTS %s ON exception_audit_entry", trigger))
            cr.execute(
                SQL(
                    "CREATE TRIGGER %s %s ON exception_audit_entry FOR EACH %s"
                    " EXECUTE FUNCTION exception_audit_guard()",
                    trigger,
                    SQL(when),
                    SQL(each),
                )
            )
            # also in a session that replays a replica's changes
            cr.execute(SQL("ALTER TABLE exception_audit_entry ENABLE ALWAYS TRIGGER %s", trigger))

    @api.model
    def _audit_events(self):
        """Return (key, label) of everything the trail writes down; an addon adds its own."""
        return AUDIT_EVENTS

    @api.model
    def _audit_labels(self):
        """Return (key, label) of every event, in the language of the reader."""
        events = dict(self._audit_events())
        # by map: a lazy text looks for the language in the frame that wants it
        return list(zip(events, map(str, events.values()), strict=True))

    # ------------------------------------------------------------------
    # nobody writes
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):  # pylint: disable=method-required-super
        """Refuse: the suite writes the trail by itself."""
        self._refuse()

    def write(self, vals):  # pylint: disable=method-required-super
        """Refuse: what is on the trail stays as it is."""
        self._refuse()

    def unlink(self):  # pylint: disable=method-required-super
        """Refuse: what is on the trail stays there."""
        if self:
            self._refuse()
        return True

    @api.model
    def _refuse(self):
        raise UserError(
            _(
                "The audit trail cannot be changed by anybody: the suite writes it by itself, and "
                "what is on it stays. To correct something, do it on the case."
            )
        )
