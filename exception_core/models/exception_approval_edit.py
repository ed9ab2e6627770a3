from collections import defaultdict

from odoo import SUPERUSER_ID, api, fields, models
from odoo.tools import SQL

# What of a case is approved along with it; noted by ``exception_case_edit``.
OF_CASE = {"amount", "currency_id", "partner_id"}


class ExceptionApprovalEdit(models.Model):
    """Who changed what is material on a document: rows are only appended, by the model.

    The document's own ``write_uid`` names whoever touched it last, for whatever reason, and a job
    or the website after a person hides the person. Here stands each person who changed a price, a
    quantity, an address … (``_exception_material_paths``). Documents note it by themselves through
    ``exception.hold.mixin``, their lines through ``exception.material.line``.
    """

    _name = "exception.approval.edit"
    _description = "Change of a Document"
    _log_access = False
    _rec_name = "res_model"

    res_model = fields.Char("Record model", required=True, readonly=True)
    res_id = fields.Many2oneReference("Record", model_field="res_model", readonly=True)
    user_id = fields.Many2one(
        "res.users", "Who", required=True, readonly=True, index=True, ondelete="cascade"
    )
    at = fields.Datetime("When", required=True, readonly=True)

    def init(self):
        """Index what is looked up: the people of one record."""
        result = super().init()
        self.env.cr.execute(
            SQL(
                "CREATE INDEX IF NOT EXISTS exception_approval_edit_record_idx"
                " ON exception_approval_edit (res_model, res_id, user_id)"
            )
        )
        return result

    @api.model
    def _note(self, records, creator=False):
        """Note that the current person changes what is material on these records.

        :param creator: also on records of their own; else whoever made a record is known by that,
            so that making one costs nothing
        """
        if not self._is_person(self.env.user):
            return
        if not creator:
            # sudo: who made it, for the model
            records = records.sudo().filtered(lambda one: one.create_uid.id != self.env.uid)
        if not records.ids:
            return
        self.env.cr.execute(
            SQL(
                "INSERT INTO exception_approval_edit (res_model, res_id, user_id, at)"
                " SELECT %s, id, %s, %s FROM unnest(%s) AS id",
                records._name,
                self.env.uid,
                fields.Datetime.now(),
                records.ids,
            )
        )

    @api.model
    def _is_person(self, user):
        # sudo: whether somebody is a technical user is no secret
        return user.id != SUPERUSER_ID and not user.sudo()._is_public()

    # ------------------------------------------------------------------
    # who
    # ------------------------------------------------------------------

    @api.model
    def _involved(self, questions):
        """Return who made and who changed what these questions ask about.

        :return: {case id: {"initiators": users, "editors": users}}
        """
        users = self.env["res.users"].sudo()  # sudo: names of colleagues, for the model
        of_case = self._of_case([one.case.id for one in questions])
        by_model = defaultdict(list)
        for one in questions:
            if one.record is not None:
                by_model[one.record._name].append(one.record)
        first, changed = {}, defaultdict(set)
        for model, group in by_model.items():
            records = self.env[model].sudo().union(*group)  # sudo: as above
            for record_id, ids in self._first_authors(records).items():
                first[model, record_id] = ids
            for record_id, ids in self._changers(records).items():
                changed[model, record_id] |= ids
        found = {}
        for one in questions:
            key = (one.record._name, one.record.id) if one.record is not None else None
            editors = users.browse(of_case.get(one.case.id, set()) | changed.get(key, set()))
            found[one.case.id] = {
                "initiators": users.browse(first.get(key, ())),
                "editors": editors.filtered(self._is_person),
            }
        return found

    @api.model
    def _changers(self, records):
        """Return {record id: ids of users who changed what is material on it}."""
        changers = self._noted(records._name, records.ids)
        names = self._material_fields(records)
        for record_id, ids in self._tracked(records._name, records.ids, names).items():
            changers[record_id] |= ids
        lines = [name for name in names if self._lines_note_nothing(records, name)]
        notes = hasattr(records, "_exception_material_paths")
        for record in records:
            for name in lines:
                changers[record.id] |= set(record[name].write_uid.ids)
            if not notes:
                # such a model notes nothing by itself
                changers[record.id] |= set(record.write_uid.ids)
        return changers

    @api.model
    def _noted(self, model, ids):
        """Return {record id: ids of users who are noted to have changed it}."""
        self.env.cr.execute(
            SQL(
                "SELECT DISTINCT res_id, user_id FROM exception_approval_edit"
                " WHERE res_model = %s AND res_id = ANY(%s)",
                model,
                list(ids),
            )
        )
        found = defaultdict(set)
        for record_id, user_id in self.env.cr.fetchall():
            found[record_id].add(user_id)
        return found

    @api.model
    def _of_case(self, ids):
        """Return {case id: ids of users who changed what is at stake, or for whom}."""
        found = self._noted("exception.case", ids)
        # cases from before it was noted
        for case_id, users in self._tracked(
            "exception.case", ids, ("amount", "currency_id")
        ).items():
            found[case_id] |= users
        return found

    @api.model
    def _lines_note_nothing(self, records, name):
        """Tell whether a field holds lines that do not say themselves who changed them.

        Of these the last writer counts, though Odoo also names whoever had a sum computed anew.
        """
        field = records._fields.get(name)
        if not field or field.type != "one2many":
            return False
        return not hasattr(self.env[field.comodel_name], "_exception_note_edit")

    @api.model
    def _material_fields(self, records):
        """Return the names of a model's own fields from which its material paths begin."""
        paths = self.env["exception.snapshot"]._paths(records)
        return {path.partition(".")[0] for path in paths}

    @api.model
    def _tracked(self, model, ids, names):
        """Return {record id: ids of users who changed these fields}, as messages tell it."""
        self.env["mail.tracking.value"].flush_model()
        self.env["mail.message"].flush_model(["model", "res_id"])
        self.env.cr.execute(
            SQL(
                """SELECT message.res_id, value.create_uid FROM mail_tracking_value AS value
                     JOIN mail_message AS message ON message.id = value.mail_message_id
                     JOIN ir_model_fields AS field ON field.id = value.field_id
                    WHERE message.model = %s AND message.res_id = ANY(%s)
                      AND field.name = ANY(%s) AND value.create_uid != %s""",
                model,
                list(ids),
                list(names),
                SUPERUSER_ID,
            )
        )
        found = defaultdict(set)
        for record_id, user_id in self.env.cr.fetchall():
            found[record_id].add(user_id)
        return found

    @api.model
    def _first_authors(self, records):
        """Return {record id: ids of the users who are named as author of its first message}."""
        if "message_ids" not in records._fields:
            return {}
        self.env["mail.message"].flush_model(["model", "res_id", "author_id"])
        self.env.cr.execute(
            SQL(
                """SELECT first.res_id, array_agg(users.id) FROM (
                       SELECT DISTINCT ON (res_id) res_id, author_id FROM mail_message
                        WHERE model = %s AND res_id = ANY(%s) ORDER BY res_id, id) AS first
                     JOIN res_users AS users ON users.partner_id = first.author_id
                    GROUP BY first.res_id""",
                records._name,
                records.ids,
            )
        )
        return dict(self.env.cr.fetchall())

    # ------------------------------------------------------------------
    # retention
    # ------------------------------------------------------------------

    @api.autovacuum
    def _gc_edits(self):
        """Keep one row for a person and record: the last one."""
        self.env.cr.execute(
            SQL(
                """DELETE FROM exception_approval_edit AS older
                    USING exception_approval_edit AS newer
                    WHERE newer.res_model = older.res_model AND newer.res_id = older.res_id
                      AND newer.user_id = older.user_id AND newer.id > older.id"""
            )
        )
