from odoo import _, fields, models


class ExceptionTeamRebalanceLine(models.TransientModel):
    """One case that would change hands."""

    _name = "exception.team.rebalance.line"
    _inherit = "exception.dialog"
    _description = "Case to Move"

    rebalance_id = fields.Many2one("exception.team.rebalance", required=True, ondelete="cascade")
    selected = fields.Boolean("Move", default=True)
    case_id = fields.Many2one("exception.case", required=True, readonly=True, ondelete="cascade")
    from_user_id = fields.Many2one(
        "res.users", "From", required=True, readonly=True, ondelete="cascade"
    )
    to_user_id = fields.Many2one(
        "res.users", "To", required=True, readonly=True, ondelete="cascade"
    )
    points = fields.Integer(readonly=True)
    from_load = fields.Char("Points of the giver", readonly=True)
    to_load = fields.Char("Points of the taker", readonly=True)

    def _refuse(self, locked, able):
        """Say why the case cannot move any more; None if it can.

        :param locked: cases that nobody else is changing
        :param able: Member by user id, of those who may get work now
        """
        self.ensure_one()
        # sudo: the lead may move the team's cases; only owner and state are read
        case, wizard = self.case_id.sudo(), self.rebalance_id
        if case not in locked:
            return _("Somebody is working on it at this moment.")
        if case.team_id != wizard.team_id or case.user_id != self.from_user_id:
            return _("It has changed hands meanwhile.")
        if case.state not in (("new", "open", "waiting") if wizard.include_started else ("new",)):
            return _("It was begun or has ended meanwhile.")
        taker = able.get(self.to_user_id.id)
        if not taker or case.company_id.id not in taker.companies:
            return _("%s cannot take it now.", self.to_user_id.name)
        return None
