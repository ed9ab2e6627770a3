import uuid

from odoo import _, api, fields, models
from odoo.tools import SQL

RUN_STATES = [
    ("proposed", "Proposed"),
    ("approval", "Waits for approval"),
    ("queued", "Queued"),
    ("running", "Running"),
    ("done", "Done"),
    ("failed", "Failed"),
    ("unknown", "Outcome unknown"),
    ("undone", "Taken back"),
    ("abandoned", "Given up"),
    ("rejected", "Rejected"),
]
# Their key is free again: what they asked for may be asked for anew.
RELEASED = ("undone", "abandoned", "rejected")
# One line an index: name, unique, columns, condition.
INDEXES = [
    # what makes doing something twice impossible
    (
        "exception_action_run_key_uniq",
        True,
        "(key)",
        "state NOT IN ('undone', 'abandoned', 'rejected')",
    ),
    # one remediation at a time on a record; one whose outcome is unknown is not over
    (
        "exception_action_run_record_uniq",
        True,
        "(record_key)",
        "state IN ('running', 'unknown')",
    ),
    (
        "exception_action_run_undo_uniq",
        True,
        "(undo_of_id)",
        "state NOT IN ('abandoned', 'failed')",
    ),
    (
        "exception_action_run_todo_idx",
        False,
        "(state, next_try_at)",
        "state IN ('queued', 'running', 'unknown')",
    ),
    ("exception_action_run_untold_idx", False, "(id)", "told IS NOT TRUE"),
    (
        "exception_action_run_budget_idx",
        False,
        "(action_id, company_id, started_at)",
        "started_at IS NOT NULL",
    ),
    ("exception_action_run_type_idx", False, "(type_id, started_at)", "automated"),
]


class ExceptionActionRun(models.Model):
    """One execution of one action on one case: proposed, agreed to, done once, perhaps undone.

    Written by the model only; this is evidence. The concerns live beside it: what is asked
    before it is done (``_submit``), doing it (``_execute``), what was interrupted (``_recover``),
    limits (``_budget``), people who decide about it (``_verbs``) and taking it back (``_undo``).
    """

    _name = "exception.action.run"
    _description = "Exception Action Run"
    _inherit = ["exception.evidence"]
    _order = "id desc"
    _rec_name = "key"

    action_id = fields.Many2one(
        "exception.action", required=True, readonly=True, ondelete="restrict", index=True
    )
    case_id = fields.Many2one(
        "exception.case", required=True, readonly=True, ondelete="cascade", index=True
    )
    type_id = fields.Many2one("exception.type", required=True, readonly=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="restrict")
    res_model = fields.Char("Record model", required=True, readonly=True)
    res_id = fields.Many2oneReference("Record", model_field="res_model", readonly=True)
    record_key = fields.Char(required=True, readonly=True)
    key = fields.Char("Done once for", required=True, readonly=True)
    token = fields.Char(
        "Idempotency key",
        readonly=True,
        default=lambda self: uuid.uuid4().hex,
        help="Sent to the outside with every attempt, so that it acts once.",
    )
    values = fields.Json("Inputs", readonly=True)
    state = fields.Selection(RUN_STATES, required=True, readonly=True, default="proposed")
    reason = fields.Text("Asked because", readonly=True)
    why = fields.Text("Waits because", readonly=True)
    error = fields.Text("What went wrong", readonly=True)
    result = fields.Text("What came of it", readonly=True)
    outcome = fields.Json("What it made", readonly=True, help="For taking it back.")
    before = fields.Json("Fields before", readonly=True)
    after = fields.Json("Fields after", readonly=True)
    changes = fields.Json("What it changed", compute="_compute_changes")

    approval_id = fields.Many2one(
        "exception.approval", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    requested_by = fields.Many2one(
        "res.users", "Asked by", required=True, readonly=True, ondelete="restrict"
    )
    on_behalf_id = fields.Many2one("res.users", "On behalf of", readonly=True, ondelete="restrict")
    automated = fields.Boolean(readonly=True, help="No person asked for it.")
    amount = fields.Monetary(readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True, ondelete="restrict")
    company_amount = fields.Monetary(
        "Amount (company currency)", currency_field="company_currency_id", readonly=True
    )
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company currency"
    )

    attempts = fields.Integer(readonly=True)
    interruptions = fields.Integer(readonly=True, help="How often the server stopped meanwhile.")
    asked_back = fields.Integer("Times asked back", readonly=True)
    queued_at = fields.Datetime("Queued", readonly=True)
    started_at = fields.Datetime("Started", readonly=True, help="Of the last attempt.")
    ended_at = fields.Datetime("Ended", readonly=True)
    duration = fields.Float("Seconds", readonly=True, group_operator="avg")
    next_try_at = fields.Datetime("Not before", readonly=True)
    waits_for_id = fields.Many2one(
        "exception.action.run", "Waits for", readonly=True, ondelete="set null"
    )
    told = fields.Boolean(readonly=True, default=True, help="The case has been told how it ended.")
    job_uuid = fields.Char("Job", readonly=True)
    undo_of_id = fields.Many2one(
        "exception.action.run", "Takes back", readonly=True, ondelete="restrict"
    )
    undo_ids = fields.One2many("exception.action.run", "undo_of_id", "Taken back by", readonly=True)

    def init(self):
        """Create the partial and unique indexes, which a field cannot declare."""
        result = super().init()
        for name, unique, columns, condition in INDEXES:
            self.env.cr.execute(
                SQL(
                    "CREATE %s INDEX IF NOT EXISTS %s ON exception_action_run %s WHERE %s",
                    SQL("UNIQUE") if unique else SQL(),
                    SQL.identifier(name),
                    SQL(columns),
                    SQL(condition),
                )
            )
        return result

    @api.depends("action_id.name", "case_id.name", "undo_of_id.action_id.name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for run in self:
            action = (run.undo_of_id or run).action_id
            names = {"action": action.name, "case": run.case_id.name}
            if run.undo_of_id:
                run.display_name = _("Take back “%(action)s” of %(case)s", **names)
            else:
                run.display_name = _("“%(action)s” of %(case)s", **names)

    @api.model
    def _of_key(self, key):
        """Return the run that holds this key, if any."""
        return self.search([("key", "=", key), ("state", "not in", RELEASED)], limit=1)

    @api.depends("before", "after")
    @api.depends_context("lang")
    def _compute_changes(self):
        for run in self:
            before, after = run.before or {}, run.after or {}
            known = self.env[run.res_model]._fields if run.res_model in self.env else {}
            run.changes = [
                {
                    "label": known[name].get_description(self.env)["string"],
                    "before": kept["text"],
                    "after": after.get(name, {}).get("text"),
                }
                for name, kept in before.items()
                if name in known and kept["value"] != after.get(name, {}).get("value")
            ]

    def _target(self):
        """Return the record that the run works on; it may be gone."""
        self.ensure_one()
        return self.env[self.res_model].browse(self.res_id)

    def _locked(self):
        """Lock the rows until the end of the transaction, so that nobody decides twice.

        Under REPEATABLE READ a row that somebody changed meanwhile raises a serialization
        failure, and Odoo tries the whole request again.
        """
        self.flush_recordset()
        self.env.cr.execute(
            SQL(
                # another run that says it waits for this one needs the key only
                "SELECT id FROM exception_action_run WHERE id = ANY(%s) FOR NO KEY UPDATE",
                list(self.ids),
            )
        )
        self.invalidate_recordset(["state"], flush=False)
        return self
