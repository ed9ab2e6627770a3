from odoo import api, models


class IrActionsActWindow(models.Model):
    """One of the suite's screens, narrowed to what a button is about."""

    _inherit = "ir.actions.act_window"

    @api.model
    def _exception_narrowed(self, xmlid, domain, context=None, name=None):
        """Return the action of this XML id, showing only what matches the domain.

        :param context: replaces that of the action, with its filters; none by default
        :param name: heads the screen instead of the action's own name
        """
        action = {**self._for_xml_id(xmlid), "domain": domain, "context": context or {}}
        if name:
            action["name"] = action["display_name"] = name
        return action
