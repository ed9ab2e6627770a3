import re

from odoo import api, fields, models
from odoo.tools import remove_accents


class ExceptionSystem(models.Model):
    """A system that events come from or go to: a shop, a payment provider, a warehouse, a desk.

    Endpoints and subscriptions belong to one. The table of authority says for each kind of data
    which system is right.
    """

    _name = "exception.system"
    _description = "External System"
    _inherit = "exception.versioned"
    _order = "sequence, name"

    name = fields.Char(required=True, help="As people call it. Example: Web shop.")
    code = fields.Char(
        required=True,
        copy=False,
        compute="_compute_code",
        store=True,
        readonly=False,
        precompute=True,
        help="Stable technical name; made from the name where you leave it empty. Example: shop.",
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", help="Empty: serves all companies.")

    _sql_constraints = [
        ("code_uniq", "unique(code)", "This code is in use by another system; choose another."),
    ]

    @api.depends("name")
    def _compute_code(self):
        """A system that is made on the fly has a name only; a code that is there stays."""
        nameless = self.filtered(lambda system: system.name and not system.code)
        if not nameless:
            return
        systems = self.with_context(active_test=False)
        # sudo: unique over all companies
        used = {row["code"] for row in systems.sudo().search_read([], ["code"])}
        for system in nameless:
            base = re.sub(r"[^a-z0-9]+", "_", remove_accents(system.name).lower()).strip("_")
            base, number = base or "system", 1
            code = base
            while code in used:
                number += 1
                code = f"{base}_{number}"
            used.add(code)
            system.code = code
