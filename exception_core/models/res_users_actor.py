import threading

from odoo import _, models

from ..tools.job import in_test


class ResUsers(models.Model):
    """Who really acts, where one person's word stands against another's."""

    _inherit = "res.users"

    def _exception_refuse_actor(self):
        """Say why it is not this person who acts here; None if it is.

        Code may take on the name of anybody (``with_user``, a Scheduled Action that runs as a
        manager). The server knows who is really logged in, and that is whose word it is.
        """
        login = getattr(threading.current_thread(), "uid", None)
        if login is None and not in_test():
            return _("Nobody is logged in here: a job cannot decide in the name of %s.", self.name)
        if login not in (None, self.id):
            return _("You are not %s. Everybody decides with their own login.", self.name)
        return None
