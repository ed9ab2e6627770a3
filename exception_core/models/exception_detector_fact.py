import re

from odoo import api, fields, models

FACT_KINDS = [
    ("text", "Text"),
    ("number", "Number"),
    ("amount", "Amount"),
    ("date", "Date"),
    ("datetime", "Date and time"),
    ("duration_days", "Days"),
    ("duration_hours", "Hours"),
    ("percent", "Percent"),
]


class ExceptionDetectorFact(models.Model):
    """A fact that a hit carries so that a person understands it, e.g. “Promised on”."""

    _name = "exception.detector.fact"
    _inherit = ["exception.definition.part", "exception.versioned.part"]
    _description = "Exception Detector Fact"
    _order = "sequence, id"
    _versioned_parent = "detector_id"

    detector_id = fields.Many2one("exception.detector", required=True, ondelete="cascade")
    sequence = fields.Integer(default=10)
    key = fields.Char(
        required=True,
        compute="_compute_key",
        store=True,
        precompute=True,
        readonly=False,
        help="Name in the data, e.g. promised_on. Derived from the label when left empty.",
    )
    name = fields.Char("Label", required=True, translate=True)
    path = fields.Char(
        "Field", help="Field of the checked record, e.g. commitment_date or partner_id.country_id."
    )
    kind = fields.Selection(FACT_KINDS, required=True, default="text")

    _sql_constraints = [
        ("key_uniq", "unique(detector_id, key)", "A fact with this key exists on the detector.")
    ]

    @api.depends("name")
    def _compute_key(self):
        for fact in self.filtered(lambda f: not f.key):
            fact.key = re.sub(r"\W+", "_", (fact.name or "").lower()).strip("_") or "fact"

    def _version_key(self):
        return self.key

    @api.constrains("path", "detector_id")
    def _check_path(self):
        """Check a fact that is written by itself just as one written with its detector."""
        for fact in self.filtered("path"):
            detector = fact.detector_id
            if detector.source == "domain":
                detector._walk_path(detector.model_id.model, fact.path)
