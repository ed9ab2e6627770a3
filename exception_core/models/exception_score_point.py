from odoo import api, fields, models


class ExceptionScorePoint(models.Model):
    """A point of a part's curve: at this value, so much of the part's weight is given."""

    _name = "exception.score.point"
    _inherit = "exception.versioned.part"
    _description = "Exception Priority Point"
    _order = "part_id, x, id"
    _rec_name = "x"
    _versioned_parent = "part_id"

    part_id = fields.Many2one("exception.score.part", required=True, index=True, ondelete="cascade")
    x = fields.Float(
        "Value",
        required=True,
        digits=0,
        help="Between two points the share follows a straight line. Example: 100 gives 20 % and "
        "1,000 gives 60 %; 550 then gives 40 %.",
    )
    share = fields.Float("Share (%)", required=True, help="0 gives nothing, 100 the full weight.")

    @api.model_create_multi
    def create(self, vals_list):
        """Create points; the curve as a whole must make sense."""
        points = super().create(vals_list)
        points._changed()
        return points

    def write(self, vals):
        """Write points; the curve as a whole must make sense."""
        result = super().write(vals)
        self._changed()
        return result

    def unlink(self):
        """Delete points and have the cases ranked anew."""
        result = super().unlink()
        self.env["exception.score"]._config_changed()
        return result

    def _changed(self):
        self.part_id._check_curve()
        self.env["exception.score"]._config_changed()

    def _version_name(self):
        return f"{self.x:g}"
