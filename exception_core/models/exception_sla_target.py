from odoo import fields, models

from ..tools.vocabulary import SEVERITIES


class ExceptionSlaTarget(models.Model):
    """How fast a policy promises to answer and to resolve cases of one severity."""

    _name = "exception.sla.target"
    _description = "Exception SLA Target"
    _order = "policy_id, severity"
    _rec_name = "severity"

    policy_id = fields.Many2one("exception.sla.policy", required=True, ondelete="cascade")
    severity = fields.Selection(SEVERITIES, required=True)
    response_minutes = fields.Integer(
        "First response (minutes)",
        required=True,
        help="Working time until somebody takes care. Example: 60 is one working hour.",
    )
    resolution_minutes = fields.Integer(
        "Resolution (minutes)",
        required=True,
        help="Working time until it is put right. Example: 480 is one working day of eight hours.",
    )

    _sql_constraints = [
        (
            "severity_uniq",
            "unique(policy_id, severity)",
            "A policy has one target for each severity.",
        ),
        (
            "minutes_ordered",
            "CHECK(response_minutes > 0 AND resolution_minutes >= response_minutes)",
            "Give both times, and let the resolution not be due before the first response.",
        ),
    ]
