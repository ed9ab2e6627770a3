from odoo import _, models

from ..tools.outcome import Outcome


class ExceptionEventUnderstand(models.Model):
    """Where events get their meaning."""

    _inherit = "exception.event"

    def _understand(self):
        """Return {event id: Outcome}, and have done what the events ask for.

        Called by the drain with the rows locked, as superuser in the company of the events, which
        all belong to one endpoint. Whatever it writes is committed with the outcome. It may raise:
        then the events are tried one by one, and the one that raises is tried again later.
        """
        return {event.id: Outcome("dead", _("No contract applies.")) for event in self}
