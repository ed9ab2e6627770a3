from odoo import _, api, fields, models
from odoo.exceptions import ValidationError


class ExceptionType(models.Model):
    """The playbook that new cases of a type start with."""

    _inherit = "exception.type"

    playbook_id = fields.Many2one(
        "exception.playbook",
        index="btree_not_null",
        ondelete="restrict",
        help="Started on every new case of the type; a triage rule may choose another one.",
    )

    @api.constrains("playbook_id")
    def _check_playbook(self):
        for kind in self:
            if kind.playbook_id and not kind.playbook_id.active:
                raise ValidationError(
                    _("%s is archived: choose another playbook.", kind.playbook_id.name)
                )

    def _playbook_for(self, company_id):
        """Return the id of the playbook that a case of this type starts with, or False."""
        playbook = self.playbook_id
        if not playbook or not playbook.enabled:
            return False
        return playbook.id if playbook.company_id.id in (False, company_id) else False
