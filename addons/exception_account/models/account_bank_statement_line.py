from odoo import api, models

from .account_move_line_reconcile import LEAVE_HELD


class AccountBankStatementLine(models.Model):
    """What the bank has done is done: its lines come in, and do not pay what is held."""

    _inherit = "account.bank.statement.line"

    @api.model_create_multi
    def create(self, vals_list):
        """Create lines; what is matched at once leaves out held documents."""
        lines = super(AccountBankStatementLine, self.with_context(**LEAVE_HELD)).create(vals_list)
        return lines.with_env(self.env)
