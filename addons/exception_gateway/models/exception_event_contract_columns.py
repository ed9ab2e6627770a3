from odoo import fields, models
from odoo.tools import SQL


class ExceptionEventContractColumns(models.Model):
    """What is known of an event once it was understood."""

    _inherit = "exception.event"

    contract_id = fields.Many2one(
        "exception.event.contract", readonly=True, ondelete="restrict", index="btree_not_null"
    )
    contract_version = fields.Integer("Version", readonly=True)
    res_model = fields.Char("Kind of record", readonly=True)
    res_id = fields.Many2oneReference("Record", model_field="res_model", readonly=True)
    partner_id = fields.Many2one("res.partner", readonly=True, ondelete="set null")
    reference = fields.Char(
        readonly=True, index="btree_not_null", help="How the sender calls the record."
    )
    subject = fields.Char(
        "Order is kept for", readonly=True, help="Of what this is one part of the story."
    )
    ordering_key = fields.Char("Place in the order", readonly=True)
    business_key = fields.Char("Counts once by", readonly=True)
    occurred_at = fields.Datetime("Happened", readonly=True)
    parent_id = fields.Many2one(
        "exception.event",
        "Came with",
        readonly=True,
        ondelete="restrict",
        index="btree_not_null",
        help="The message that had several items.",
    )
    child_ids = fields.One2many("exception.event", "parent_id", "Items", readonly=True)
    replay_of_id = fields.Many2one(
        "exception.event", "Replay of", readonly=True, ondelete="restrict", index="btree_not_null"
    )
    replay_ids = fields.One2many("exception.event", "replay_of_id", "Replayed as", readonly=True)
    duplicate_of_id = fields.Many2one(
        "exception.event", readonly=True, ondelete="set null", index="btree_not_null"
    )
    case_ids = fields.Many2many(
        "exception.case", "exception_case_event_rel", "event_id", "case_id", "Cases", readonly=True
    )

    def init(self):
        """What counts once counts once, whoever understands it at the same time."""
        result = super().init()
        self.env.cr.execute(
            SQL(
                "CREATE UNIQUE INDEX IF NOT EXISTS exception_event_business_uniq"
                " ON exception_event (endpoint_id, business_key) WHERE business_key IS NOT NULL"
            )
        )
        return result
