from odoo import models

from ..tools.pull import Pull


class IrActionsServer(models.Model):
    """The code of a puller sees what it asks with."""

    _inherit = "ir.actions.server"

    def _get_eval_context(self, action=None):
        context = super()._get_eval_context(action=action)
        pull = self.env.context.get("exception_pull")
        # an object, because no client can put one into its context
        if isinstance(pull, Pull):
            context["pull"] = pull
        return context
