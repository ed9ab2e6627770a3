from odoo import fields, models

HELP = "Who is told, and who takes over, when a promise runs out."


class ExceptionTeam(models.Model):
    """A team's escalation, where the type of the case names none."""

    _inherit = "exception.team"

    escalation_policy_id = fields.Many2one(
        "exception.escalation.policy",
        "Escalation",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help=HELP + " Empty: the default. A type's own policy comes first.",
    )

    def write(self, vals):
        """Write teams; the next tick applies another escalation to their open cases."""
        if "escalation_policy_id" not in vals:
            return super().write(vals)
        before = self.escalation_policy_id
        result = super().write(vals)
        (before | self.escalation_policy_id)._schedule_again()
        return result


class ExceptionType(models.Model):
    """A type's escalation."""

    _inherit = "exception.type"

    escalation_policy_id = fields.Many2one(
        "exception.escalation.policy",
        "Escalation",
        index="btree_not_null",
        ondelete="restrict",
        help=HELP + " Empty: the team's, else the default.",
    )

    def write(self, vals):
        """Write types; the next tick applies another escalation to their open cases."""
        if "escalation_policy_id" not in vals:
            return super().write(vals)
        before = self.escalation_policy_id
        result = super().write(vals)
        (before | self.escalation_policy_id)._schedule_again()
        return result
