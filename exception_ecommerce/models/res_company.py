from odoo import fields, models


class ResCompany(models.Model):
    """How much may be settled without asking, and where it is booked."""

    _inherit = "res.company"

    exception_settle_tolerance = fields.Monetary(
        "Differences settled without asking",
        default=2.0,
        help="Differences between what was paid and the total of an order up to this are written "
        "off. Example: with 2.00, an order of 120.00 for which 118.50 came in is settled.",
    )
    exception_write_off_loss_id = fields.Many2one(
        "account.account",
        "Account of what was paid too little",
        ondelete="restrict",
        help="Empty: the account of cash differences (loss) of the company.",
    )
    exception_write_off_gain_id = fields.Many2one(
        "account.account",
        "Account of what was paid too much",
        ondelete="restrict",
        help="Empty: the account of cash differences (gain) of the company.",
    )
    exception_write_off_journal_id = fields.Many2one(
        "account.journal",
        "Journal of differences",
        ondelete="restrict",
        help="Empty: the first journal for miscellaneous entries.",
    )
    exception_refund_journal_id = fields.Many2one(
        "account.journal",
        "Refunds are paid from",
        ondelete="restrict",
        help="For money that no payment provider gives back. Empty: the first bank journal.",
    )
