from odoo import _, api, fields, models


class ExceptionVersioned(models.AbstractModel):
    """A configured record with a form of its own: versions, and why something was changed.

    To use it, inherit it, let the models of its lines inherit ``exception.versioned.part``, and
    name the lines in ``_versioned_children``. In the form, put the button ``action_open_versions``
    into the button box and the field ``change_reason`` where people save
    (``views/exception_versioned_views.xml`` shows it).
    """

    _name = "exception.versioned"
    _inherit = "exception.versioned.base"
    _description = "Configuration with Versions and a Form"

    version_count = fields.Integer("Versions", compute="_compute_version_count")
    change_reason = fields.Char(
        "Why it is changed",
        compute="_compute_change_reason",
        readonly=False,
        help="Kept with the version that your change makes. Example: Agreed with finance on 3 May.",
    )

    def _compute_version_count(self):
        # sudo: only a number; the versions themselves are read with the rights of the reader
        groups = (
            self.env["exception.config.version"]
            .sudo()
            ._read_group(
                [("res_model", "=", self._name), ("res_id", "in", self.ids)],
                ["res_id"],
                ["__count"],
            )
        )
        counts = dict(groups)
        for record in self:
            record.version_count = counts.get(record.id, 0)

    def _compute_change_reason(self):
        self.change_reason = False

    @api.model
    def _reason_taken(self, vals_list):
        """Return (model that knows the reason, values without it)."""
        reasons = [vals["change_reason"] for vals in vals_list if vals.get("change_reason")]
        bare = [{k: v for k, v in vals.items() if k != "change_reason"} for vals in vals_list]
        if not reasons:
            return self, bare
        return self.with_context(exception_config_reason=reasons[0]), bare

    @api.model_create_multi
    def create(self, vals_list):
        """Create records; the reason goes to their first version."""
        told, vals_list = self._reason_taken(vals_list)
        return super(ExceptionVersioned, told).create(vals_list).with_env(self.env)

    def write(self, vals):
        """Write records; the reason goes to the version."""
        told, [vals] = self._reason_taken([vals])
        return super(ExceptionVersioned, told).write(vals)

    def action_open_versions(self):
        """Open the versions of the record, the newest first."""
        self.ensure_one()
        return self.env["ir.actions.act_window"]._exception_narrowed(
            "exception_core.exception_config_version_action",
            [("res_model", "=", self._name), ("res_id", "=", self.id)],
            name=_("Versions of %s", self.display_name),
        )
