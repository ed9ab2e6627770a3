from odoo import _, api, models
from odoo.http import request

# Where the web client asks for a button or an action, and shows what comes back.
BUTTON_ROUTES = ("/web/dataset/call_button", "/web/action/run")


class ExceptionHoldAnswer(models.AbstractModel):
    """Tells the caller of a guarded step which records stayed, and why."""

    _inherit = "exception.hold.mixin"

    def _exception_answer(self, step, name, going, result, outermost):
        """Return what the caller gets when these records were held.

        A person who pressed a button gets the dialog. All others get a notification, which the
        web client shows if it comes that far, with plain values under ``params.exception_hold``
        for programs: ``{"step", "done": [ids], "held": [{"id", "name", "why", "case_ids"}]}``.

        :param going: the records that took the step
        :param result: what the method returned for them
        """
        if outermost and self._exception_by_button(name):
            dialog = self.env["exception.hold.dialog"]._show(self, step, going)
            if not isinstance(result, dict):
                return dialog
        message = self._exception_told(step, going)
        if isinstance(result, dict):
            # what the others need next comes first, and it is said that some stayed
            message["params"]["next"] = result
        return message

    @api.model
    def _exception_by_button(self, name):
        """Tell whether a person pressed the button of this method and sees what is returned."""
        if not request or request.httprequest.path not in BUTTON_ROUTES:
            return False
        params = request.params
        pressed = self.env.get(params.get("model"))
        # the button itself, an action, or the button of a dialog on the way, like a backorder's
        return (
            "action_id" in params
            or (params.get("model"), params.get("method")) == (self._name, name)
            or (pressed is not None and pressed._transient)
        )

    def _exception_told(self, step, going):
        """Return the notification that says which records are held."""
        holding = self._exception_holding(step)
        held = [
            {
                "id": record.id,
                # sudo: the name of a record that the caller is working with
                "name": record.sudo().display_name,
                "why": [case._hold_words() for case in holding[record.id]],
                "case_ids": holding[record.id].ids,
            }
            for record in self
        ]
        names = ", ".join(row["name"] for row in held)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "sticky": True,
                "title": _("%s on hold", len(held)),
                "message": _("Held, nothing was done: %s", names),
                "exception_hold": {"step": step, "done": going.ids, "held": held},
            },
        }
