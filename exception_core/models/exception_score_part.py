from odoo import api, fields, models
from odoo.exceptions import ValidationError

# What a case's points may come from; each has its measure in ``exception.score``.
PARTS = [
    ("severity", "Severity"),
    ("money", "Money at risk"),
    ("tier", "Customer tier"),
    ("promise", "Promise to the customer"),
    ("sla", "Time that is used up"),
    ("recurrence", "Recurrence"),
]


class ExceptionScorePart(models.Model):
    """One thing that makes a case urgent: how many points it can give, and for what."""

    _name = "exception.score.part"
    _inherit = "exception.versioned"
    _description = "Exception Priority Part"
    _order = "sequence, id"

    code = fields.Selection(PARTS, required=True, readonly=True)
    name = fields.Char(required=True, translate=True)
    help = fields.Text(translate=True)
    weight = fields.Float(
        required=True,
        help="The most points it can give. Example: with weights of 30 and 10, the first counts "
        "three times as much. Together they are brought to 100.",
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    point_ids = fields.One2many("exception.score.point", "part_id", "Curve")

    _sql_constraints = [("code_uniq", "unique(code)", "Each part exists once.")]

    @api.constrains("weight", "active")
    def _check_weights(self):
        every = self.search([])
        weights = [(part.name, part.weight) for part in every]
        if sentence := self.env["exception.score"]._refuse_weights(weights):
            raise ValidationError(sentence)

    @api.constrains("point_ids")
    def _check_curve(self):
        for part in self:
            curve = [(point.x, point.share) for point in part.point_ids.sorted("x")]
            if sentence := self.env["exception.score"]._refuse_curve(part.name, curve):
                raise ValidationError(sentence)

    @api.model_create_multi
    def create(self, vals_list):
        """Create parts and have the cases ranked anew."""
        parts = super().create(vals_list)
        self.env["exception.score"]._config_changed()
        return parts

    def write(self, vals):
        """Write parts and have the cases ranked anew."""
        result = super().write(vals)
        self.env["exception.score"]._config_changed()
        return result

    def unlink(self):
        """Delete parts and have the cases ranked anew."""
        result = super().unlink()
        self.env["exception.score"]._config_changed()
        return result

    @api.model
    def _versioned_children(self):
        return [*super()._versioned_children(), "point_ids"]

    @api.model
    def _second_person_kind(self):
        return "desk"
