from lxml import etree

from odoo import _, api, models
from odoo.exceptions import AccessError


class ExceptionSettings(models.TransientModel):
    """*Exceptions → Configuration → Settings*, for the administrators of the suite.

    Odoo's own settings are closed to them for good reason (see ``exception.settings.mixin``).
    The screen is the app "Exceptions" of the general settings, cut out, so that nobody has to
    keep two screens alike.
    """

    _name = "exception.settings"
    _inherit = "exception.settings.mixin"
    _description = "Exception Settings"

    @api.depends_context("lang")
    def _compute_display_name(self):
        for settings in self:
            settings.display_name = _("Settings")

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        arch, view = super()._get_view(view_id, view_type, **options)
        if view_type == "form":
            # sudo: views are read by everybody through their models only
            whole = self.env.ref("base.res_config_settings_view_form")
            app = whole.sudo()._get_combined_arch().find(".//app[@name='exception_core']")
            arch = etree.Element("form", js_class="base_settings")
            arch.append(app)
        return arch, view

    @api.model
    def default_get(self, fields_list):
        """Return the present values."""
        values = super().default_get(fields_list)
        present = {**self._parameter_values(), **self._company_values()}
        return {**values, **{name: present[name] for name in present if name in fields_list}}

    @api.model
    def _parameter_fields(self):
        return [
            field for field in self._fields.values() if getattr(field, "config_parameter", False)
        ]

    @api.model
    def _parameter_values(self):
        """Return the stored parameters as values of their fields; those not stored are left out."""
        # sudo: the suite's own parameters only, as the fields name them
        parameters = self.env["ir.config_parameter"].sudo()
        values = {}
        for field in self._parameter_fields():
            text = parameters.get_param(field.config_parameter)
            unknown = field.type == "selection" and text not in field.get_values(self.env)
            if text and not unknown:
                values[field.name] = self._parse_parameter(field, text)
        return values

    @api.model
    def _parse_parameter(self, field, text):
        try:
            if field.type == "many2one":
                return self.env[field.comodel_name].browse(int(text)).exists().id
            if field.type in ("integer", "float"):
                return {"integer": int, "float": float}[field.type](text)
        except ValueError:
            # somebody wrote nonsense by hand: the screen must open so that it can be mended
            return False
        return True if field.type == "boolean" else text

    def execute(self):
        """Save the settings.

        :return: the client action that shows the screen anew
        :raise AccessError: for anybody but an administrator of the suite
        """
        self.ensure_one()
        if not (self.env.su or self.env.user.has_group("exception_core.group_admin")):
            raise AccessError(_("Only administrators of the exception desk change its settings."))
        self._check_settings()
        # sudo: the suite's own parameters only, as the fields name them
        parameters = self.env["ir.config_parameter"].sudo()
        for field in self._parameter_fields():
            value = self[field.name]
            value = value.id if field.type == "many2one" else value
            parameters.set_param(field.config_parameter, str(value) if value else False)
        self._save_company_values()
        return {"type": "ir.actions.client", "tag": "reload"}

    def cancel(self):
        """Show the settings as they are stored."""
        return self.env["ir.actions.act_window"]._for_xml_id(
            "exception_core.exception_settings_action"
        )
