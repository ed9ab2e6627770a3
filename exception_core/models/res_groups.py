from odoo import models


class ResGroups(models.Model):
    """People get into a group, and out of it, from its own form, too."""

    _inherit = "res.groups"

    def write(self, vals):
        """Write groups; whoever loses the right to work on a case gives it back."""
        before = self.users.ids if "users" in vals else []
        if {"users", "implied_ids"} & vals.keys():
            self._exception_people(vals)._version_mark()
        result = super().write(vals)
        if before:
            self.env["exception.case"]._return_of_unable(before)
        return result

    def _exception_people(self, vals):
        """Return the people whose roles in the suite may change with these values."""
        own = self.env["res.users"]._exception_group_ids()
        # sudo: only which people are concerned; whether it may be written is checked by write()
        groups = self.sudo().with_context(active_test=False)
        implied = groups.new({"implied_ids": vals.get("implied_ids") or []}).implied_ids._origin
        if not own & {*(groups | implied).trans_implied_ids.ids, *groups.ids, *implied.ids}:
            return self.env["res.users"]
        # sudo: whose roles change is kept, whoever changes them
        users = groups.new({"users": vals.get("users") or []}).users._origin
        return (groups.users | users).with_env(self.env)
