import threading

from odoo import SUPERUSER_ID, _, models

from ..tools.job import in_test

# Ways where a signed link or token, and no login, says who decides.
SIGNED = ("mail", "token")


class ExceptionApprovalStep(models.Model):
    """Who acts: a person, at the keyboard, as themselves."""

    _inherit = "exception.approval.step"

    def _refuse_actor(self, user, way):
        """Say why it is no person who decides here, or not this one; None if it is.

        Code may take on the name of anybody (``with_user``, a Scheduled Action that runs as a
        manager). The server knows who is really logged in, and that is whose decision it is.
        """
        if user.id == SUPERUSER_ID or user.share or not user.active:
            return _(
                "Only a person of the company decides, with a login of their own: neither the "
                "system nor anybody from outside."
            )
        if way in SIGNED:
            return None
        login = self._logged_in()
        if login is None and not in_test():
            return _("Nobody is logged in here: a job cannot decide in the name of %s.", user.name)
        if login not in (None, user.id):
            return _("You are not %s. Everybody decides with their own login.", user.name)
        return None

    def _logged_in(self):
        """Return the id of the user whom the server has authenticated; None for a job."""
        return getattr(threading.current_thread(), "uid", None)
