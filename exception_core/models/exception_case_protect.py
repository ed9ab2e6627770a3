from odoo import _, api, models
from odoo.exceptions import UserError

# Written by the model only, for everybody, administrators included. What a case says about who
# found it, when, and how it ended must be worth believing.
PROTECTED_FIELDS = {
    "name",
    "category_id",
    "state",
    "is_open",
    "outcome",
    "detector_id",
    "fingerprint",
    "condition_active",
    "facts",
    "res_name",
    "company_amount",
    "detected_at",
    "assigned_at",
    "first_response_at",
    "resolved_at",
    "closed_at",
    "response_due",
    "date_due",
    "sla_policy_id",
    "root_cause_id",
    "resolution_id",
    "resolution_note",
    "accepted_until",
    "waiting_for",
    "waiting_until",
    "waiting_note",
    "duplicate_of_id",
    "covered_by_id",
    "recurrence_of_id",
    "recurrence_ids",
    "reopen_count",
    "is_leading",
    "bundle_size",
}
# Given when the case is made, then fixed: a case cannot be moved to another record or company.
LOCKED_FIELDS = {"res_model", "res_id", "occurred_at", "company_id"}
# Chatter and attachments use these context keys for themselves; a case must not catch them.
AMBIGUOUS_DEFAULTS = {"res_model", "res_id"}


class ExceptionCaseProtect(models.Model):
    """Protection of a case's evidence against forging.

    ``create`` and ``write`` are the only doors of the ORM: load, copy, web_save and commands of
    other models' x2many fields all end here, as the user who asked. A model method that has
    checked access passes with ``sudo()``. Defaults are the side door: context keys and
    user-defined defaults of these fields are dropped, for the superuser too.
    """

    _inherit = "exception.case"

    @api.model
    def _protected_fields(self):
        return super()._protected_fields() | PROTECTED_FIELDS

    @api.model
    def _refuse_fields(self, names):
        if self.env.su or not names:
            return
        labels = sorted(self._fields[name].get_description(self.env)["string"] for name in names)
        raise UserError(
            _(
                "“%s” cannot be set by hand: the case keeps it by itself, so that everybody can "
                "rely on it. Use the buttons of the case.",
                "”, “".join(labels),
            )
        )

    @api.model
    def _without_forged_defaults(self):
        names = self._protected_fields() | AMBIGUOUS_DEFAULTS
        context = self.env.context
        forged = {key for key in context if key[:8] == "default_" and key[8:] in names}
        if not forged:
            return self
        kept = {key: value for key, value in context.items() if key not in forged}
        # the whole context is replaced: single keys cannot be taken out otherwise
        return self.with_context(kept)  # pylint: disable=context-overridden

    @api.model
    def default_get(self, fields_list):
        """Leave protected fields to the model's own defaults."""
        clean = self._without_forged_defaults()
        values = super(ExceptionCaseProtect, clean).default_get(fields_list)
        for name in (self._protected_fields() | AMBIGUOUS_DEFAULTS) & values.keys():
            default = self._fields[name].default
            if default:
                values[name] = default(clean)
            else:
                del values[name]
        return values

    @api.model_create_multi
    def create(self, vals_list):
        """Create cases; protected fields are refused unless the model itself asks."""
        names = self._protected_fields()
        for vals in vals_list:
            self._refuse_fields(names & vals.keys())
        clean = self._without_forged_defaults()
        return super(ExceptionCaseProtect, clean).create(vals_list)

    def write(self, vals):
        """Write cases; protected and locked fields are refused unless the model itself asks."""
        self._refuse_fields((self._protected_fields() | LOCKED_FIELDS) & vals.keys())
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_by_the_model(self):
        """Nobody deletes cases: they are cancelled, with a reason, and stay as evidence."""
        if not self.env.su:
            raise UserError(_("Cases are not deleted. Cancel the case and say why instead."))

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        """Show protected fields as read-only everywhere, so that clients do not send them."""
        result = super().fields_get(allfields, attributes)
        if not attributes or "readonly" in attributes:
            for name in self._protected_fields() & result.keys():
                result[name]["readonly"] = True
        return result
