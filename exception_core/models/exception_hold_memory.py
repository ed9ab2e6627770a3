from odoo import api, models

FREE = "exception_core.without_hold"
UNKNOWN = "unknown"


class ExceptionHoldMemory(models.Model):
    """What a transaction knows by itself: records without any holding case, or without any.

    A step asks for holds and cases, and what is taken within it asks again, and so does the check
    before the commit. Under REPEATABLE READ nothing that others commit meanwhile is seen, so an
    answer stands until this transaction writes cases. From then on it remembers nothing more: what
    it wrote may be taken back by a savepoint.
    """

    _inherit = "exception.case"

    @api.model_create_multi
    def create(self, vals_list):
        """Create cases; they may hold what was free."""
        self._forget_free()
        return super().create(vals_list)

    def write(self, vals):
        """Write cases; they may hold what was free."""
        self._forget_free()
        return super().write(vals)

    def unlink(self):
        """Delete cases; a savepoint may bring them back."""
        self._forget_free()
        return super().unlink()

    @api.model
    def _free(self):
        """Return ``{model: ids known to be free}``; None once this transaction wrote cases.

        ``(model, UNKNOWN)`` are those of which no case matters to a detector, either.
        """
        # lives as long as the transaction: neither a flush nor a savepoint empties it
        return self.env.cr.postrollback.data.setdefault(FREE, {})

    @api.model
    def _forget_free(self):
        self.env.cr.postrollback.data[FREE] = None

    @api.model
    def _note_free(self, model, ids):
        """Remember that no case held these records from any step when this transaction began."""
        free = self._free()
        if free is not None:
            free.setdefault(model, set()).update(ids)

    @api.model
    def _note_unknown(self, model, ids):
        """Remember that no case of these records mattered to any detector, see ``_free``."""
        self._note_free((model, UNKNOWN), ids)

    @api.model
    def _not_noted_unknown(self, model, ids):
        """Return those of the records whose cases have to be asked for."""
        known = (self._free() or {}).get((model, UNKNOWN), ())
        return [id_ for id_ in ids if id_ not in known]

    @api.model
    def _open_holds(self, sources):
        free = self._free() or {}
        unknown = [(model, id_) for model, id_ in sources if id_ not in free.get(model, ())]
        rows = super()._open_holds(unknown)
        held = {(model, res_id) for _case, _step, model, res_id in rows}
        for model, res_id in unknown:
            if (model, res_id) not in held:
                self._note_free(model, [res_id])
        return rows
