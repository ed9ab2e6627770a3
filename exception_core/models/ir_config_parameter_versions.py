from odoo import _, api, models
from odoo.exceptions import AccessError

from ..tools.config_note import NOTE, ConfigNote
from .exception_peak import DEFAULT_HOURS, HOURS
from .exception_versioned_guard import DEFAULTS

SECOND_PERSON = "exception_core.second_person_"
# Who may decide in whose stead: whoever could allow it alone would agree to what they asked for.
DUTIES = ("exception_core.approval_admin_override", "exception_core.approval_middleware_draws")
# What must not be read off a version.
SECRETS = ("secret", "token", "password", "_key")


class IrConfigParameterVersions(models.Model):
    """Settings of the suite have versions, and those of the second person need one themselves."""

    _name = "ir.config_parameter"
    _inherit = ["ir.config_parameter", "exception.versioned.base"]

    def _versioned_records(self):
        # sudo: only the key is read
        return self.filtered(lambda one: (one.sudo().key or "").startswith("exception_"))

    @api.model
    def _versioned_fields(self):
        return ["key", "value"]

    def _version_value(self, name):
        if name == "value" and any(mark in self.key for mark in SECRETS):
            return self._version_digest(name)
        return super()._version_value(name)

    def _version_title(self):
        """Call a setting as its screen does."""
        for field in self.env["exception.settings"]._parameter_fields():
            if field.config_parameter == self.key:
                label = field.get_description(self.env, ["string"])["string"]
                return _("Setting: %s", label)
        return _("Setting: %s", self.key)

    # ------------------------------------------------------------------
    # the second person
    # ------------------------------------------------------------------

    @api.model
    def _second_person_kind(self):
        return "setting"

    @api.model
    def _second_person_in_sudo(self):
        # settings are saved by model code in the name of who saves them
        return True

    @api.model
    def _guarded_settings(self):
        """Return {key: function (before, after) that tells whether the change loosens a guard}."""
        loosens = {
            f"{SECOND_PERSON}{kind}": lambda before, after: before == "yes" != after
            for kind in ("hold", "matrix", "rule", "policy", "action", "desk", "setting")
        }
        for key in (f"{SECOND_PERSON}admin", *DUTIES):
            loosens[key] = lambda before, after: after == "yes" != before
        loosens[HOURS] = lambda before, after: _whole(after) > _whole(before)
        return loosens

    @api.model
    def _guarded_default(self, key):
        """Return the value that holds while a guarded setting is not stored."""
        if key == HOURS:
            return str(DEFAULT_HOURS)
        return DEFAULTS.get(key.removeprefix(SECOND_PERSON), "no")

    def _second_person_in_force(self):
        guarded = self._guarded_settings()
        return self.filtered(lambda one: one.sudo().key in guarded)

    @api.model
    def _second_person_matters(self, before, after):
        key = before["fields"]["key"]
        loosens = self._guarded_settings().get(key)
        renamed = after["fields"]["key"] != key
        values = [state["fields"]["value"] for state in (before, after)]
        return bool(loosens and (renamed or loosens(*values)))

    def _second_person_new(self):
        guarded = self._guarded_settings()
        loose = self._second_person_in_force().filtered(
            lambda one: guarded[one.key](self._guarded_default(one.key), one.value)
        )
        return super(IrConfigParameterVersions, loose)._second_person_new()

    def _second_person_rest(self):
        self.ensure_one()
        wanted = self.value
        # sudo: as the model; who saves settings was checked
        held = self.sudo().with_context(**{NOTE: ConfigNote(way="agreed")})
        held.write({"value": self._guarded_default(self.key)})
        return {"value": wanted}

    def _second_person_check_entitled(self, operation):
        if not self.env.user.has_group("exception_core.group_admin"):
            raise AccessError(_("Administrators of exceptions agree to changes of its settings."))

    @api.model
    def _second_person_env(self):
        # sudo: parameters are for system administrators; who agrees was checked to be entitled
        return self.env(su=True)


def _whole(text):
    """Return a setting as a whole number; what is none counts as what holds then."""
    return int(text) if str(text or "").isdecimal() else DEFAULT_HOURS
