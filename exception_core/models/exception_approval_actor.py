from odoo import SUPERUSER_ID, _, models

# Ways where a signed link or token, and no login, says who decides.
SIGNED = ("mail", "token")


class ExceptionApprovalStep(models.Model):
    """Who acts: a person, at the keyboard, as themselves."""

    _inherit = "exception.approval.step"

    def _refuse_actor(self, user, way):
        """Say why it is no person who decides here, or not this one; None if it is."""
        if user.id == SUPERUSER_ID or user.share or not user.active:
            return _(
                "Only a person of the company decides, with a login of their own: neither the "
                "system nor anybody from outside."
            )
        return None if way in SIGNED else user._exception_refuse_actor()
