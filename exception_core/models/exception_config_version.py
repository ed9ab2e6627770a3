from odoo import _, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

WAYS = [
    ("person", "By a person"),
    ("agreed", "Agreed by a second person"),
    ("restored", "Taken back"),
    ("system", "By the system"),
    ("update", "Install or update of a module"),
    ("before", "State before versions were kept"),
    ("outside", "Found changed, past the screens and the API"),
]


class ExceptionConfigVersion(models.Model):
    """The state of a configured record after a change: by whom, when, why.

    Written by ``exception.versioned.base`` in the transaction of the change, one a transaction
    and record. No foreign key to the record: its versions outlive it. What differs from the
    version before is worked out when it is read, in the words and the language of the reader.
    """

    _name = "exception.config.version"
    _description = "Version of a Configuration"
    _inherit = "exception.kind.mixin"
    _order = "id desc"
    _rec_name = "title"

    res_model = fields.Char("Model", required=True, readonly=True)
    res_id = fields.Many2oneReference("Record", model_field="res_model", readonly=True)
    name = fields.Char("Of", readonly=True, help="The record's name at that time.")
    number = fields.Integer("Version", readonly=True, group_operator=None)
    title = fields.Char(compute="_compute_title")
    at = fields.Datetime("When", required=True, readonly=True)
    # set null: people may be deleted, their name stays
    author_id = fields.Many2one("res.users", "Changed by", readonly=True, ondelete="set null")
    author_name = fields.Char("Name of who changed it", readonly=True)
    agreed_by_id = fields.Many2one("res.users", "Agreed by", readonly=True, ondelete="set null")
    agreed_by_name = fields.Char("Name of who agreed", readonly=True)
    way = fields.Selection(WAYS, "How", required=True, readonly=True)
    restored = fields.Integer(
        "Taken back to", readonly=True, help="Number of the version whose values it restored."
    )
    reason = fields.Char(readonly=True)
    is_deleted = fields.Boolean("Deleted", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True, ondelete="set null")
    values = fields.Json(readonly=True, prefetch=False)

    def init(self):
        """Let the database refuse two versions of one number, and find those of a record."""
        self.env.cr.execute(
            SQL(
                "CREATE UNIQUE INDEX IF NOT EXISTS exception_config_version_number_uniq "
                "ON exception_config_version (res_model, res_id, number)"
            )
        )

    @api.depends("name", "number")
    @api.depends_context("lang")
    def _compute_title(self):
        for version in self:
            version.title = _(
                "%(name)s, version %(number)s", name=version.name, number=version.number
            )

    @api.model
    def _last_of(self, model, res_ids, before=None):
        """Return {record id: its newest version}, without reading the ones before.

        :param before: versions that are left out: the last one before them counts
        """
        domain = [("res_model", "=", model), ("res_id", "in", list(res_ids))]
        if before:
            domain.append(("id", "not in", before.ids))
        # numbers and ids grow together: see _queue_up
        newest = self._read_group(domain, ["res_id"], ["id:max"])
        versions = self.browse([last for _res_id, last in newest])
        return {version.res_id: version for version in versions}

    # ------------------------------------------------------------------
    # buttons
    # ------------------------------------------------------------------

    def _record_key(self):
        return self.res_model, self.res_id

    def _newest(self):
        """Return the newest version of the same record."""
        self.ensure_one()
        return self._last_of(self.res_model, [self.res_id])[self.res_id]

    def action_compare(self):
        """Compare two versions of one record; one alone is compared with the newest."""
        versions = self | self._newest() if len(self) == 1 else self
        if len(versions) == 1:
            before = self._last_of(self.res_model, [self.res_id], before=self)
            versions |= before.get(self.res_id, self.browse())
        if len(versions) != 2 or len({version._record_key() for version in versions}) != 1:
            raise UserError(_("Select two versions of one record, then compare them."))
        older, newer = versions.sorted("number")
        view = self.env.ref("exception_core.exception_config_version_view_form_compare")
        return {
            "type": "ir.actions.act_window",
            "name": _(
                "%(name)s: version %(older)s and version %(newer)s",
                name=newer.name,
                older=older.number,
                newer=newer.number,
            ),
            "res_model": self._name,
            "res_id": newer.id,
            "views": [(view.id, "form")],
            "target": "new",
            "context": {"exception_compare_with": older.id},
        }

    def action_restore(self):
        """Ask why the record is taken back to this version, and show what would change."""
        self.ensure_one()
        self._restorable()
        return {
            "type": "ir.actions.act_window",
            "name": _("Take back to version %s", self.number),
            "res_model": "exception.config.restore",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_version_id": self.id},
        }

    def action_open_record(self):
        """Open the record that the version is about."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self._restorable().id,
            "views": [(False, "form")],
        }

    def _restorable(self):
        """Return the record of a version.

        :raise UserError: when it is gone
        """
        record = self.res_model in self.env and self.env[self.res_model].browse(self.res_id)
        if not record or not record.exists():
            raise UserError(
                _(
                    "“%s” was deleted, so it cannot be opened or taken back. Its versions stay: "
                    "make a new one after them.",
                    self.name,
                )
            )
        return record

    def _restore(self, reason):
        """Take the record back to this version, as the user who asks."""
        self._restorable()._version_restore(self, reason)
