from odoo import _, api, fields, models

from .exception_case_close import ENDED


class ExceptionCaseParent(models.Model):
    """Work that another team does for a case, as a case of its own in their queue."""

    _inherit = "exception.case"

    parent_case_id = fields.Many2one(
        "exception.case",
        "Task for",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="The case that asked for this task; it is told how the task ended.",
    )
    task_ids = fields.One2many(
        "exception.case", "parent_case_id", "Tasks of other teams", readonly=True
    )

    @api.model
    def _protected_fields(self):
        return super()._protected_fields() | {"parent_case_id", "task_ids"}

    def write(self, vals):
        """Write cases; one that asked for a task is told when it has ended."""
        result = super().write(vals)
        if vals.get("state") in ENDED and vals["state"] != "closed":
            # sudo: the case that asked may be of a team whose cases the user does not see
            for task in self.sudo().filtered("parent_case_id"):
                outcomes = dict(task._fields["outcome"]._description_selection(self.env))
                words = _(
                    "Task %(task)s has ended: %(outcome)s.",
                    task=task.display_name,
                    outcome=outcomes.get(task.outcome, ""),
                )
                note = task.resolution_note
                task.parent_case_id._note(f"{words} {note}" if note else words)
        return result

    def _open_task(self, title, kind, team, note=None):
        """Open a task for another team about the same record; return its case."""
        self.ensure_one()
        # sudo: the link is written by the model; the task is made with the user's rights
        task = self.create(
            {
                "title": title,
                "type_id": kind.id,
                "team_id": team.id,
                "description": note or False,
                "res_model": self.res_model,
                "res_id": self.res_id,
                "partner_id": self.partner_id.id,
                "company_id": self.company_id.id,
                "currency_id": self.currency_id.id,
                "severity": self.severity,
            }
        )
        task.sudo().parent_case_id = self
        return task
