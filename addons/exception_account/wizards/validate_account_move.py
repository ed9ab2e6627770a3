from odoo import models


class ValidateAccountMove(models.TransientModel):
    """The list's *Post entries*: held documents stay drafts, the others are posted."""

    _inherit = "validate.account.move"

    def validate_move(self):
        """Post what is clean, and tell which documents are held."""
        moves = self._exception_moves()
        _clean, held = moves._exception_before("post")._exception_split("post")
        going, result = moves - held, None
        if going or not held:
            chosen = {"active_model": "account.move", "active_ids": going.ids} if held else {}
            wizard = super(ValidateAccountMove, self.with_context(**chosen))
            with going._exception_passing("post"):
                result = wizard.validate_move()
        if not held:
            return result
        held._exception_refused("post")
        return held._exception_answer("post", "action_post", going, result, True)

    def _exception_moves(self):
        """Return the drafts that the dialog was opened for: chosen ones, or a journal's."""
        chosen = {
            "account.move": [("id", "in", self.env.context.get("active_ids", []))],
            "account.journal": [("journal_id", "=", self.env.context.get("active_id"))],
        }
        domain = chosen.get(self.env.context.get("active_model"), [(0, "=", 1)])
        return self.env["account.move"].search([*domain, ("state", "=", "draft")])
