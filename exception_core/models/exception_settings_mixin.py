from odoo import _, api, fields, models
from odoo.exceptions import ValidationError

# Largest number of days, minutes or mails.
MOST = 100_000


class ExceptionSettingsMixin(models.AbstractModel):
    """The settings of the suite, defined once and shown in two places.

    *Settings → Exceptions* is for system administrators, who alone may use Odoo's
    ``res.config.settings``: whoever saves that model may write any parameter of the database.
    *Exceptions → Configuration → Settings* (``exception.settings``) is for the suite's
    administrators and knows these fields only.

    A part adds its settings by inheriting this model and, for the screen, a ``<block>`` in the
    app ``exception_core`` of ``res_config_settings_view_form``. A field has either

    - ``config_parameter="exception_core.…"``: one value for the database, or
    - ``company_value=True``: a field of the same name on ``res.company``.
    """

    _name = "exception.settings.mixin"
    _description = "Exception Settings (fields)"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )

    # working time
    exception_calendar_id = fields.Many2one(
        "resource.calendar",
        "Working hours of the desk",
        company_value=True,
        domain="['|', ('company_id', '=', False), ('company_id', '=', company_id)]",
    )

    # promises
    exception_first_response = fields.Selection(
        [
            ("state", "A person begins, or answers"),
            ("message", "A person writes to the outside"),
        ],
        "First response is kept when",
        default="state",
        required=True,
        config_parameter="exception_core.first_response",
    )
    exception_warn_percent = fields.Integer(
        "Warn after (% of the time)", default=80, config_parameter="exception_core.warn_percent"
    )

    # currency of limits
    exception_limit_currency_id = fields.Many2one(
        "res.currency",
        "Currency of limits",
        default=lambda self: self._default_limit_currency(),
        config_parameter="exception_core.limit_currency_id",
    )

    # problems
    exception_problem_cases = fields.Integer(
        "Cases that make a problem", default=5, config_parameter="exception_core.problem_cases"
    )
    exception_problem_days = fields.Integer(
        "Within days", default=14, config_parameter="exception_core.problem_days"
    )
    exception_related_days = fields.Integer(
        "Related cases of the last days", default=30, config_parameter="exception_core.related_days"
    )

    # mail
    exception_digest_hour = fields.Integer("Hour of the morning digest", company_value=True)

    # watching over the desk
    exception_watch_user_id = fields.Many2one(
        "res.users",
        "Is told when the desk stands still",
        domain=lambda self: [
            ("groups_id", "in", self.env.ref("exception_core.group_lead").id),
            ("share", "=", False),
        ],
        config_parameter="exception_core.watch_user_id",
    )

    # retention
    exception_close_after_days = fields.Integer(
        "Close resolved cases after days",
        default=7,
        config_parameter="exception_core.close_after_days",
    )
    exception_run_retention_days = fields.Integer(
        "Keep runs of detectors for days",
        default=90,
        config_parameter="exception_core.run_retention_days",
    )

    def _valid_field_parameter(self, field, name):
        return name in ("config_parameter", "company_value") or super()._valid_field_parameter(
            field, name
        )

    @api.model
    def _default_limit_currency(self):
        # sudo: only its currency is read
        return self.env["res.company"].sudo().search([], order="id", limit=1).currency_id

    @api.model
    def _positive_settings(self):
        """Return the names of the numbers that must be at least 1."""
        return [
            "exception_problem_days",
            "exception_related_days",
            "exception_close_after_days",
            "exception_run_retention_days",
        ]

    def _check_settings(self):
        """Refuse values that cannot work.

        Called when the settings are saved, and not a constraint, so that a wrong value of ours
        never keeps the settings of other apps from being opened.

        :raise ValidationError: what is wrong, and which values are possible
        """
        self.ensure_one()
        for name in self._positive_settings():
            label = self._fields[name].get_description(self.env)["string"]
            if self[name] < 1:
                raise ValidationError(_("“%s” must be at least 1.", label))
            if self[name] > MOST:
                # no calendar reaches as far, and whatever counts days would fail
                raise ValidationError(_("“%(name)s” is %(most)s at most.", name=label, most=MOST))
        if not 1 <= self.exception_warn_percent <= 99:
            raise ValidationError(
                _("Warn after a share of the time between 1 and 99 %, for example 80.")
            )
        if self.exception_problem_cases < 2:
            raise ValidationError(_("A problem needs at least two cases."))
        if not -1 <= self.exception_digest_hour <= 23:
            raise ValidationError(
                _("Give the hour of the morning digest as 0 to 23, or -1 for no digest.")
            )

    @api.model
    def _company_fields(self):
        """Return the fields whose values live on the company."""
        return [field for field in self._fields.values() if getattr(field, "company_value", False)]

    @api.model
    def _company_values(self):
        """Return the values of the user's current company, as ``default_get`` gives them."""
        # sudo: the settings of the desk are read by its administrators
        company = self.env.company.sudo()
        return {
            field.name: field.convert_to_write(company[field.name], company)
            for field in self._company_fields()
        }

    def _save_company_values(self):
        """Write what was changed on the company that the user works in."""
        vals = {
            field.name: field.convert_to_write(self[field.name], self)
            for field in self._company_fields()
        }
        current = self._company_values()
        changed = {name: value for name, value in vals.items() if value != current[name]}
        if changed:
            # sudo: only fields of this suite, by those who may save its settings
            self.env.company.sudo().write(changed)
