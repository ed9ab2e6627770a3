from odoo import SUPERUSER_ID, api, models

from odoo.addons.base.models.ir_model import MODULE_UNINSTALL_FLAG

from ..tools.config_note import config_note
from ..tools.uninstall import unclaimed

# What was changed in this transaction, and which creates are at work.
MARKS = "exception_core.config_marks"
MAKING = "exception_core.config_making"


class ExceptionVersionedBase(models.AbstractModel):
    """Configuration whose changes are kept as versions (``exception.config.version``).

    Every create, write and unlink of a record, or of a line that belongs to it
    (``exception.versioned.part``), only notes that it happened and how the record was before.
    What changed is worked out once, before the commit, so that a record gets one version a
    transaction, in the same transaction as the change.

    A model that is about its own screen inherits ``exception.versioned`` instead, which adds what
    the form shows. What belongs to a version says ``exception_versioned_values``.
    """

    _name = "exception.versioned.base"
    _description = "Configuration with Versions"

    def _versioned_records(self):
        """Return those of the records whose changes are kept; a model may leave some out."""
        return self

    def _version_roots(self):
        """Return the records to whose versions these belong."""
        return self

    @api.model_create_multi
    def create(self, vals_list):
        """Create records; each gets its first version."""
        # their lines are made before they are whole; what flushes meanwhile must not keep them yet
        making = self._version_making()
        making["depth"] += 1
        try:
            records = super().create(vals_list)
        finally:
            making["depth"] -= 1
            if not making["depth"] and making["marks"]:
                self._version_marks().update(making["marks"])
                making["marks"] = {}
        records._version_mark(is_new=True)
        records._second_person_new()
        return records

    def write(self, vals):
        """Write records; a version is kept when something changed that belongs to it.

        What needs a second person is not written but waits, see ``exception_versioned_guard``.
        """
        if not self._version_touched(vals):
            return super().write(vals)
        free = self - self._second_person_holds("write", vals)
        free._version_mark()
        return super(ExceptionVersionedBase, free).write(vals) if free else True

    def unlink(self):
        """Delete records; their versions stay, and tell who did it."""
        free = unclaimed(self - self._second_person_holds("unlink"))
        free._version_mark()
        return super(ExceptionVersionedBase, free).unlink() if free else True

    def _update_field_translations(self, field_name, translations, digest=None):
        # words in another language are written past ``write``
        if self._version_touched({field_name: None}):
            self._version_mark()
        return super()._update_field_translations(field_name, translations, digest=digest)

    def _version_touched(self, vals):
        return bool(vals.keys() & {*self._versioned_fields(), *self._versioned_children()})

    def _version_mark(self, is_new=False):
        """Note that these records are about to change, or are new.

        :param is_new: there is no state before
        """
        records = self._versioned_records()
        if not records:
            return
        marks = self._version_marks()
        unknown = records.filtered(lambda record: (record._name, record.id) not in marks)
        before = {} if is_new else unknown._version_states()
        for record in records:
            mark = marks.setdefault((record._name, record.id), {})
            if is_new or "is_new" not in mark:
                mark.update(is_new=is_new, before=before.get(record.id))
            self._version_sign(mark)

    @api.model
    def _version_sign(self, mark):
        """Note on a mark whose change it is. A person's name stays, whatever code goes on."""
        note = config_note(self.env)
        person = note.author_id or self.env.uid
        if mark.get("user_id", SUPERUSER_ID) == SUPERUSER_ID:
            mark["user_id"] = person
        if note.way or "note" not in mark:
            mark["note"] = note
        if reason := self.env.context.get("exception_config_reason") or note.reason:
            mark["reason"] = str(reason)
        loading = not self.env.registry.ready or self.env.context.get("install_mode")
        mark["is_update"] = bool(loading or self.env.context.get(MODULE_UNINSTALL_FLAG))
        mark["is_uninstall"] = bool(self.env.context.get(MODULE_UNINSTALL_FLAG))

    @api.model
    def _version_marks(self):
        """Return what was changed and not kept yet; a rollback to a savepoint drops it."""
        hooks = self.env.cr.precommit
        if MARKS not in hooks.data:
            hooks.data[MARKS] = {}
            hooks.add(self._version_keep)
        return hooks.data[MARKS]

    @api.model
    def _version_making(self):
        """Return how many creates are at work, and what was marked before they are done."""
        data = self.env.cr.postrollback.data
        return data.setdefault(MAKING, {"depth": 0, "marks": {}})

    @api.model
    def _version_keep(self):
        """Make versions before the commit, and before each savepoint, where Odoo flushes too."""
        marks = self.env.cr.precommit.data.pop(MARKS, {})
        making = self._version_making()
        if making["depth"]:
            making["marks"].update(marks)
            return
        # versions are the model's: neither rights nor the language of whoever was first
        env = api.Environment(self.env.cr, SUPERUSER_ID, {})
        env["exception.config.version"]._keep(marks)
