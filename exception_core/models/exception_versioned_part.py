from odoo import api, models


class ExceptionVersionedPart(models.AbstractModel):
    """A line of a configured record: its changes are kept in the versions of that record.

    A model says in ``_versioned_parent`` which many2one leads to the record, or to a line of it.
    """

    _name = "exception.versioned.part"
    _inherit = "exception.versioned.base"
    _description = "Line of a Configuration with Versions"

    _versioned_parent = None

    @api.model
    def _versioned_fields(self):
        return [name for name in super()._versioned_fields() if name != self._versioned_parent]

    def _version_touched(self, vals):
        # a line that goes to another record changes both
        return self._versioned_parent in vals or super()._version_touched(vals)

    def _version_roots(self):
        return self[self._versioned_parent]._version_roots()

    def _version_parents_of(self, vals_list):
        """Return the records to which lines with these values will belong."""
        parents = self.env[self._fields[self._versioned_parent].comodel_name]
        ids = [vals.get(self._versioned_parent) for vals in vals_list]
        return parents.browse(dict.fromkeys(filter(None, ids)))._version_roots()

    @api.model_create_multi
    def create(self, vals_list):
        """Create lines; the record to which they belong gets a version."""
        parents = self._version_parents_of(vals_list)
        parents._second_person_refuse_lines(creating=self._version_making()["depth"] > 0)
        parents._version_mark()
        lines = super().create(vals_list)
        # whose parent came from the context
        lines._version_roots()._version_mark()
        return lines

    def write(self, vals):
        """Write lines; the record to which they belong gets a version, also if it is another."""
        if self._versioned_parent in vals:
            self._version_parents_of([vals])._version_mark()
            self._version_mark()
        return super().write(vals)

    def _version_mark(self, is_new=False):
        # a line's own state is not kept by itself
        if not is_new:
            self._version_roots()._version_mark()

    def _second_person_new(self):
        # asked before they were made
        return
