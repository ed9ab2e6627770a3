from odoo import api, models


class ExceptionMaterialLine(models.AbstractModel):
    """A line of a document: who adds, changes or deletes it has changed the document.

    Apply it to the model of the lines and name the field that leads to the document::

        _name = "sale.order.line"
        _inherit = ["sale.order.line", "exception.material.line"]
        _exception_root = "order_id"
    """

    _name = "exception.material.line"
    _description = "Line of a Document"
    _exception_root = None

    @api.model_create_multi
    def create(self, vals_list):
        """Create lines; whoever adds them is noted on their documents."""
        lines = super().create(vals_list)
        self._exception_note_edit(lines)
        return lines

    def write(self, vals):
        """Write lines; whoever changes something material is noted on their documents."""
        if self._exception_material_names() & vals.keys():
            self._exception_note_edit(self)
        return super().write(vals)

    def unlink(self):
        """Delete lines; whoever does it is noted on their documents."""
        self._exception_note_edit(self)
        return super().unlink()

    def _exception_material_lines(self):
        """Return those of the lines that people write; a model may leave out some."""
        return self

    @api.model
    def _exception_note_edit(self, lines):
        lines = lines._exception_material_lines()
        self.env["exception.approval.edit"]._note(lines[self._exception_root])

    @api.model
    def _exception_material_names(self):
        """Return the names of the line's fields that are material for its document."""
        root = self.env[self._fields[self._exception_root].comodel_name]
        names = set()
        for path in root._exception_material_paths():
            head, _dot, rest = path.partition(".")
            if rest and root._fields[head].comodel_name == self._name:
                names.add(rest.partition(".")[0])
        return names
