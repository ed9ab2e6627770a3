from odoo import _, api, models
from odoo.exceptions import UserError

# An object, because no client can send one in its context.
_MARK = object()
_KEY = "exception_evidence"


class ExceptionEvidence(models.AbstractModel):
    """Records that only the model writes, for everybody: administrators and superuser included.

    What such a record says must be worth believing, so that no form, import, RPC call, default or
    data file makes one. Model code uses ``_record`` and ``_store``; what they return carries no
    right to write, so that none leaks into actions that run later. Nobody deletes them.
    """

    _name = "exception.evidence"
    _description = "Evidence"

    @api.model
    def _by_model(self):
        return self.env.context.get(_KEY) is _MARK

    @api.model
    def _record(self, vals_list):
        """Create records; for code of the model, which has checked who may ask for it."""
        # sudo: nobody has the right to create them by hand
        marked = self.sudo().with_context(**{_KEY: _MARK})
        return self.browse(marked.create(vals_list).ids)

    def _store(self, vals):
        """Write records; for code of the model, as ``_record``."""
        # sudo: nobody has the right to write them by hand
        self.sudo().with_context(**{_KEY: _MARK}).write(vals)

    @api.model
    def default_get(self, fields_list):  # pylint: disable=method-required-super
        """Return the model's own defaults only: contexts and stored defaults could forge."""
        fields_ = [self._fields[name] for name in fields_list if name in self._fields]
        return {field.name: field.default(self) for field in fields_ if field.default}

    @api.model
    def _written_by_others(self):
        """Names of fields that Odoo itself writes, for example of the chatter."""
        return frozenset()

    def _refuse_by_hand(self):
        if not self._by_model():
            raise UserError(
                _(
                    "“%s” cannot be made, changed or deleted by hand, by nobody: it is written "
                    "by what happens, so that everybody can rely on it. Use the buttons.",
                    self.env["ir.model"]._get(self._name).name or self._description,
                )
            )

    @api.model_create_multi
    def create(self, vals_list):
        """Create records; refused unless the model itself asks."""
        self._refuse_by_hand()
        return super().create(vals_list)

    def write(self, vals):
        """Write records; refused unless the model itself asks."""
        if not vals.keys() <= self._written_by_others():
            self._refuse_by_hand()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_by_nobody(self):
        self._refuse_by_hand()
