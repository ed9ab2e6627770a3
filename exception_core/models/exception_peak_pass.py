from odoo import api, fields, models


class ExceptionPeakPass(models.Model):
    """A document that took a step in peak mode which a case would have kept it from."""

    _name = "exception.peak.pass"
    _description = "Let Pass in Peak Mode"
    _order = "id desc"
    _rec_name = "document"

    peak_id = fields.Many2one(
        "exception.peak", "Occasion", required=True, readonly=True, index=True, ondelete="restrict"
    )
    case_id = fields.Many2one(
        "exception.case", required=True, readonly=True, index=True, ondelete="restrict"
    )
    detector_id = fields.Many2one("exception.detector", readonly=True, ondelete="set null")
    step = fields.Char(readonly=True)
    res_model = fields.Char("Model", readonly=True)
    res_id = fields.Many2oneReference("Record", model_field="res_model", readonly=True)
    document = fields.Char(readonly=True)
    at = fields.Datetime("When", readonly=True)
    user_id = fields.Many2one("res.users", "By", readonly=True, ondelete="set null")
    amount = fields.Monetary("At stake", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True, index=True)
    case_state = fields.Selection(related="case_id.state", string="Case is")

    _sql_constraints = [
        (
            "once",
            "unique(peak_id, case_id, res_model, res_id, step)",
            "What passed is listed once.",
        )
    ]

    @api.model
    def _note(self, passing, step, now):
        """Keep what passes; what is listed already stays as it is.

        :param passing: pairs (record that takes the step, case that would have held it)
        """
        peaks = self.env["exception.peak"]
        fresh = {}
        for record, case in passing:
            peak = peaks._peak_of(case.detector_id, now, case.company_id)
            fresh[peak.id, case.id, record._name, record.id] = (peak, case, record)
        known = self.search(
            [("case_id", "in", list({key[1] for key in fresh})), ("step", "=", step)]
        )
        for line in known:
            fresh.pop((line.peak_id.id, line.case_id.id, line.res_model, line.res_id), None)
        lines = self.create([self._vals(*found, step, now) for found in fresh.values()])
        for peak in lines.peak_id:
            cases = lines.filtered(lambda line, peak=peak: line.peak_id == peak).case_id
            cases._audit("hold.passed", after={"peak": peak.name}, reason=peak.reason)
        return lines

    @api.model
    def _vals(self, peak, case, record, step, now):
        return {
            "peak_id": peak.id,
            "case_id": case.id,
            "detector_id": case.detector_id.id,
            "step": step,
            "res_model": record._name,
            "res_id": record.id,
            "document": record.display_name,
            "at": now,
            "user_id": self.env.uid,
            "amount": case.amount,
            "currency_id": case.currency_id.id,
            "company_id": case.company_id.id,
        }

    def action_open_record(self):
        """Open the document."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [(False, "form")],
        }
