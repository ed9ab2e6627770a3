from odoo import _, api, fields, models

from .exception_detector_run import RUN_STATES

BARS = 20


class ExceptionDetectorStats(models.Model):
    """Numbers of the detector's form and list, each of which opens what it counts."""

    _inherit = "exception.detector"

    case_count = fields.Integer(compute="_compute_case_counts", string="Cases found")
    open_case_count = fields.Integer(compute="_compute_case_counts", string="Open cases")
    false_alarm_count = fields.Integer(compute="_compute_case_counts", string="False alarms")
    false_alarm_rate = fields.Float(
        compute="_compute_case_counts",
        string="False alarm rate",
        help="Cases that a person marked as false alarm, of all that it opened.",
    )
    last_run_at = fields.Datetime(compute="_compute_last_runs", string="Last run")
    last_run_state = fields.Selection(
        RUN_STATES, compute="_compute_last_runs", string="Last result"
    )
    last_error = fields.Text(compute="_compute_last_runs")
    last_runs = fields.Json(
        compute="_compute_last_runs", help="The newest runs, oldest first, for the strip of bars."
    )

    def _compute_case_counts(self):
        groups = self.env["exception.case"]._read_group(
            [("detector_id", "in", self.ids)],
            ["detector_id", "is_open", "outcome"],
            ["__count"],
        )
        for detector in self:
            own = [(is_open, out, n) for d, is_open, out, n in groups if d.id == detector.id]
            detector.case_count = sum(n for _open, _out, n in own)
            detector.open_case_count = sum(n for is_open, _out, n in own if is_open)
            detector.false_alarm_count = sum(n for _open, out, n in own if out == "false_alarm")
            detector.false_alarm_rate = (
                detector.false_alarm_count / detector.case_count if detector.case_count else 0.0
            )

    @api.depends("run_ids")
    def _compute_last_runs(self):
        runs_by_detector = self.env["exception.detector.run"]._newest(self.ids, BARS)
        for detector in self:
            runs = runs_by_detector.get(detector.id, self.env["exception.detector.run"])
            detector.last_run_at = runs[:1].started_at
            detector.last_run_state = runs[:1].state
            detector.last_error = runs[:1].error
            detector.last_runs = [run._as_bar() for run in reversed(runs)]

    def action_open_cases(self):
        """Open the cases of the detector; context ``case_filter`` names a search filter."""
        self.ensure_one()
        chosen = self.env.context.get("case_filter")
        context = {f"search_default_{chosen}": 1} if chosen else {}
        return self.env["ir.actions.act_window"]._exception_narrowed(
            "exception_core.exception_case_action_all", [("detector_id", "=", self.id)], context
        )

    def action_open_runs(self):
        """Open the run history."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": _("Runs of %s", self.name),
            "res_model": "exception.detector.run",
            "view_mode": "tree,graph",
            "domain": [("detector_id", "=", self.id)],
        }
