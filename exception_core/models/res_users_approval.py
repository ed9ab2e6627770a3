from odoo import fields, models

from .res_users import ROLES


class ResUsers(models.Model):
    """Who decides what a person asks for, where a policy asks the requester's manager."""

    _inherit = "res.users"

    exception_manager_id = fields.Many2one(
        "res.users",
        "Manager in approvals",
        groups=ROLES,
        copy=False,
        domain="[('share', '=', False)]",
        help="Decides what the person asks for, where a policy asks the requester's manager.",
    )

    def write(self, vals):
        """Write users; administrators of the suite say who is whose manager."""
        if "exception_manager_id" not in vals:
            return super().write(vals)
        users, before = self, {user.id: user.sudo().exception_manager_id for user in self}
        alone = vals.keys() == {"exception_manager_id"}
        if alone and not self.env.su and self.env.user.has_group("exception_core.group_admin"):
            # sudo: a field of this suite, by those who administer it
            users = self.sudo()
        result = super(ResUsers, users).write(vals)
        self.env["exception.audit.entry"]._audit_config(
            self,
            "config.changed",
            before=lambda user: {"manager": before[user.id]},
            after=lambda user: {"manager": user.exception_manager_id},
        )
        return result
