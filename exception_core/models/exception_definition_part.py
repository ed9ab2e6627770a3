from odoo import api, models


class ExceptionDefinitionPart(models.AbstractModel):
    """A line of a detector or a rule: what is cached of its definition ends with a change."""

    _name = "exception.definition.part"
    _description = "Part of a Definition"

    @api.model_create_multi
    def create(self, vals_list):
        """Create lines; the definition is read anew."""
        parts = super().create(vals_list)
        self.env.registry.clear_cache()
        return parts

    def write(self, vals):
        """Write lines; the definition is read anew."""
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        """Delete lines; the definition is read anew."""
        result = super().unlink()
        self.env.registry.clear_cache()
        return result
