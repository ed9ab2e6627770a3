from odoo import api, models


class ExceptionDetectorPart(models.AbstractModel):
    """A line that belongs to a detector's definition: what is cached of it ends with a change."""

    _name = "exception.detector.part"
    _description = "Part of a Detector"

    @api.model_create_multi
    def create(self, vals_list):
        parts = super().create(vals_list)
        self.env.registry.clear_cache()
        return parts

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result
