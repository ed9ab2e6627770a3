from contextlib import contextmanager

from odoo import _, api, models
from odoo.exceptions import UserError


class ExceptionHoldBackstop(models.AbstractModel):
    """Refuses a step that is taken round its methods: by writing the state, an import, any code.

    The mixin stands behind all overrides of a document's ``create`` and ``write``, directly before
    the ORM, so that none of them is walked around.
    """

    _inherit = "exception.hold.mixin"

    @api.model_create_multi
    def create(self, vals_list):
        """Create documents; those that begin behind a guarded step are checked as if taking it."""
        with self._exception_undone(self._exception_begins(vals_list)):
            records = super().create(vals_list)
            # sudo: nothing is read; what is new cannot have a case yet
            cases = self.env["exception.case"].sudo()
            cases._note_free(self._name, records.ids)
            cases._note_unknown(self._name, records.ids)
            for step, guard in self._exception_steps().items():
                if guard.field:
                    # read from the record: whatever default it came from
                    born = records._exception_guarded(step)
                    born = born.filtered(lambda r, guard=guard: r[guard.field] in guard.after)
                    born._exception_backstop(step)
        return records

    def write(self, vals):
        """Write documents; a value that means a guarded step was taken is refused if held.

        Checked after the write, so that what is written beside the state counts.
        """
        taking = {}
        for step, guard in self._exception_steps().items():
            if guard.field and vals.get(guard.field) in guard.after:
                passed = self._exception_passed(step)
                taking[step] = self._exception_guarded(step).filtered(
                    lambda record, guard=guard, passed=passed: (
                        record.id not in passed and record[guard.field] not in guard.after
                    )
                )
        with self._exception_undone(any(taking.values())):
            result = super().write(vals)
            for step, records in taking.items():
                records._exception_backstop(step)
        return result

    @api.model
    def _exception_begins(self, vals_list):
        """Tell whether one of these documents begins behind a guarded step."""
        for guard in self._exception_steps().values():
            if guard.field:
                default = self.env.context.get(f"default_{guard.field}")
                if {default, *(vals.get(guard.field) for vals in vals_list)} & set(guard.after):
                    return True
        return False

    @contextmanager
    def _exception_undone(self, checked):
        """Take back what a refused write did, also when its caller catches the error."""
        if not checked:
            yield
            return
        with self.env.cr.savepoint():
            yield

    def _exception_backstop(self, step):
        """Raise when one of these records is held from a step that its caller takes.

        :raise UserError: what holds, and what to do; the holds found are recorded although the
            transaction is rolled back
        """
        passed = self._exception_passed(step)
        asking = self.filtered(lambda record: record.id not in passed)
        if not asking:
            return
        _clean, held = asking._exception_split(step)
        if held:
            held._exception_refused(step, raising=True)
            raise UserError(held._exception_refusal(step))

    def _exception_refusal(self, step):
        """Say in a few lines what holds these records from a step, and what to do."""
        holding, lines = self._exception_holding(step), []
        for record in self:
            # sudo: the name of a record that the user is working with
            name = record.sudo().display_name
            why = ", ".join(holding[record.id].mapped(lambda case: case._hold_words()))
            lines.append(_("%(record)s is on hold: %(why)s.", record=name, why=why))
        lines.append(
            _(
                "Put right what is wrong, or ask for an approval or for lifting the hold on the "
                "case; then try again."
            )
        )
        return "\n".join(lines)
