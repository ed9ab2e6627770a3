from odoo import api, models
from odoo.fields import Command
from odoo.tools import ormcache


class ResUsersVersions(models.Model):
    """Who has which role in the suite is configuration, too: each change is a version."""

    _name = "res.users"
    _inherit = ["res.users", "exception.versioned.base"]

    @api.model
    def _versioned_fields(self):
        return ["groups_id", "active"]

    def _version_value(self, name):
        value = super()._version_value(name)
        if name == "groups_id":
            own = self._exception_group_ids()
            return {"refs": [ref for ref in value["refs"] if ref[0] in own]}
        return value

    @api.model
    def _version_worth(self, state):
        return bool(state["fields"]["groups_id"]["refs"])

    @api.model
    def _version_vals(self, now, then):
        """Give and take roles of the suite; groups of other apps stay as they are."""
        vals = super()._version_vals(now, then)
        if "groups_id" in vals:
            had, has = (
                {ref[0] for ref in state["fields"]["groups_id"]["refs"]} for state in (now, then)
            )
            vals["groups_id"] = [
                *(Command.unlink(group_id) for group_id in sorted(had - has)),
                *(Command.link(group_id) for group_id in sorted(has - had)),
            ]
        return vals

    @api.model
    @ormcache()
    def _exception_group_ids(self):
        """Return the ids of the groups that addons of the suite bring."""
        # sudo: ids of groups only
        links = self.env["ir.model.data"].sudo()
        found = links.search([("model", "=", "res.groups"), ("module", "=like", "exception\\_%")])
        return frozenset(found.mapped("res_id"))
