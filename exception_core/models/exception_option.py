from odoo import _, api, fields, models
from odoo.tools import SQL

OPTION_STATES = [
    ("proposed", "Proposed"),
    ("chosen", "Chosen"),
    ("dismissed", "Not taken"),
    ("withdrawn", "Withdrawn"),
]
# A way out that was chosen is not over yet; of a failed one another may be chosen.
AT_WORK = ("proposed", "approval", "queued", "running", "unknown")


class ExceptionOption(models.Model):
    """A way out of a case: an action with its inputs, what it costs, brings, delays and needs.

    Filled by verticals (``exception.case._option_providers``), ranked by ``tools/option_rank.py``
    with the weights of the settings. Written by the model only; people use ``choose`` and
    ``dismiss``. A new proposal refreshes what is still proposed and withdraws what is no way out
    any more; what was chosen or dismissed stays as it was, with the figures it was chosen by.
    """

    _name = "exception.option"
    _description = "Way out of an Exception Case"
    _inherit = ["exception.evidence"]
    _order = "proposed_at desc, rank, id"

    case_id = fields.Many2one(
        "exception.case", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="restrict")
    key = fields.Char(
        required=True, readonly=True, help="Tells this way out from the others of the case."
    )
    name = fields.Char("Way out", required=True, readonly=True)
    action_id = fields.Many2one(
        "exception.action", required=True, readonly=True, index=True, ondelete="restrict"
    )
    values = fields.Json("Inputs", readonly=True)
    note = fields.Text(readonly=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True, ondelete="restrict")
    cost = fields.Monetary(readonly=True, help="What it costs more than doing nothing.")
    margin_effect = fields.Monetary(
        "Effect on the margin", readonly=True, help="What the margin gains; less than 0: loses."
    )
    delay_days = fields.Float(
        "Delay to the customer (days)", readonly=True, group_operator="avg", digits=(16, 2)
    )
    unknown = fields.Json("Not known", readonly=True, help="Figures that nobody could tell.")
    needs = fields.Json(readonly=True, help="Kind and words of each thing that it needs.")
    problem = fields.Text("Cannot be done because", readonly=True)

    score = fields.Float("Points", readonly=True, group_operator="avg", digits=(16, 1))
    rank = fields.Integer("Place", readonly=True, group_operator=None)
    rank_of = fields.Integer("Of", readonly=True, group_operator=None)
    points = fields.Json("Points by part", readonly=True)

    state = fields.Selection(
        OPTION_STATES, required=True, readonly=True, default="proposed", index=True
    )
    proposer_ids = fields.Many2many(
        "res.users",
        "exception_option_proposer_rel",
        "option_id",
        "user_id",
        "Proposed by",
        readonly=True,
        ondelete="restrict",
        help="Who had it worked out. They cannot approve it.",
    )
    proposed_at = fields.Datetime("Proposed", required=True, readonly=True)
    chosen_by = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    chosen_at = fields.Datetime("Chosen", readonly=True)
    dismissed_by = fields.Many2one("res.users", "Ruled out by", readonly=True, ondelete="restrict")
    reason = fields.Text("Ended because", readonly=True)
    run_id = fields.Many2one(
        "exception.action.run", "Action done", readonly=True, index="btree_not_null"
    )
    run_state = fields.Selection(related="run_id.state", string="State of the action")
    case_step_id = fields.Many2one(
        "exception.case.step",
        "Step of a playbook",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )

    def init(self):
        """Each way out is proposed once at a time on a case, whoever proposes."""
        result = super().init()
        self.env.cr.execute(
            SQL(
                "CREATE UNIQUE INDEX IF NOT EXISTS exception_option_proposed_uniq"
                " ON exception_option (case_id, key) WHERE state = 'proposed'"
            )
        )
        return result

    @api.depends("name", "case_id.name")
    def _compute_display_name(self):
        for option in self:
            option.display_name = _(
                "“%(option)s” for %(case)s", option=option.name, case=option.case_id.name
            )

    @api.model
    def _lock_proposed(self, case):
        """Let one at a time propose or choose on a case; return what is proposed, the best first.

        Writes the row of the case as it is: under REPEATABLE READ whoever comes second gets a
        serialization failure, and Odoo tries their whole request again, which then sees what the
        first one did. A mere lock would let them go on with what they saw before.
        """
        self.env.cr.execute(
            SQL("UPDATE exception_case SET write_date = write_date WHERE id = %s", case.id)
        )
        domain = [("case_id", "=", case.id), ("state", "=", "proposed")]
        return self.search(domain, order="rank, id")

    def _withdraw(self, reason):
        """Take back what is still proposed: it is no way out any more, or nobody waits for it."""
        left = self.filtered(lambda option: option.state == "proposed")
        if left:
            left._store({"state": "withdrawn", "reason": reason})


class ExceptionActionRun(models.Model):
    """A run that a person chose as the way out of a case."""

    _inherit = "exception.action.run"

    option_id = fields.Many2one(
        "exception.option", "Chosen way out", readonly=True, index="btree_not_null"
    )
    option_ids = fields.One2many(
        "exception.option",
        "run_id",
        "Chosen ways out",
        readonly=True,
        help="More than one where it was asked for before and is done once.",
    )

    def _option_people(self):
        """Return who proposed or chose what the run does."""
        options = self.option_id | self.option_ids
        return options.proposer_ids | options.chosen_by
