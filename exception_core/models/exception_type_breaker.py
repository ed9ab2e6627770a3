from odoo import _, api, fields, models
from odoo.exceptions import ValidationError


class ExceptionTypeBreaker(models.Model):
    """How much is done about a type without a person before it stops and people are asked."""

    _inherit = "exception.type"

    breaker_runs = fields.Integer(
        "Stops after actions an hour",
        default=60,
        help="So many actions without a person within an hour stop the automation of this type; "
        "0: no limit. Example: 60",
    )
    breaker_amount = fields.Float(
        "Stops after money an hour",
        help="In the company's currency; 0: no limit. Example: 2,000",
    )
    breaker_failures = fields.Integer(
        "Stops after failures an hour",
        default=5,
        help="So many failed actions without a person within an hour; 0: no limit. Example: 5",
    )
    stop_ids = fields.One2many("exception.automation.stop", "type_id", "Stops", readonly=True)
    automation_stopped = fields.Boolean(compute="_compute_automation_stopped")

    @api.depends("stop_ids.resumed_at")
    @api.depends_context("company")
    def _compute_automation_stopped(self):
        for kind in self:
            kind.automation_stopped = any(
                not stop.resumed_at and stop.company_id == self.env.company
                # sudo: that it stopped is no secret to whoever reads the type
                for stop in kind.sudo().stop_ids
            )

    @api.constrains("breaker_runs", "breaker_amount", "breaker_failures")
    def _check_breaker(self):
        for kind in self:
            if min(kind.breaker_runs, kind.breaker_amount, kind.breaker_failures) < 0:
                raise ValidationError(_("A limit cannot be negative; 0 means none."))
