from datetime import timedelta

from odoo import api, models

from .exception_case_open import BATCH, HIT_FIELDS

# How a recorder opens what was found when a transaction was rolled back: only what a hit says.
NOT_KEPT = {"recurrence_of_id", "title"}


class ExceptionCaseRefuse(models.Model):
    """What a case keeps of steps that were refused because of it."""

    _inherit = "exception.case"

    def _note_refused_step(self, uid, now):
        """Note that somebody was refused a step because of these cases."""
        # sudo: written by the model, whoever was refused
        hour_ago = now - timedelta(hours=1)
        # the trail keeps one entry an hour of somebody, or a job, that tries again and again
        news = self.sudo().filtered(
            lambda case: case.hold_refused_by.id != uid or case.hold_refused_at < hour_ago
        )
        person = self.env["res.users"].browse(uid)
        for step, cases in news.grouped("hold_step").items():
            cases.with_user(person).sudo()._audit("hold.refused", step=step)
        for count, cases in self.sudo().grouped("hold_refused_count").items():
            cases.with_context(**BATCH).write(
                {
                    "hold_refused_at": now,
                    "hold_refused_by": uid,
                    "hold_refused_count": count + 1,
                }
            )

    def _refusal_vals(self):
        """Return the case as plain values from which it can be opened again."""
        self.ensure_one()
        dimensions = self.env["exception.case"]._dimension_fields()
        names = (HIT_FIELDS - NOT_KEPT) | set(dimensions)
        values = self.read(sorted(names), load=None)[0]
        return {"id": values.pop("id"), "values": values}

    @api.model
    def _keep_refusals(self, kept, uid, now):
        """Note refusals that did not survive their transaction; safe to run twice.

        :param kept: list of what ``_refusal_vals`` gave
        """
        known = self.browse([row["id"] for row in kept]).exists()
        lost = [row["values"] for row in kept if row["id"] not in known.ids]
        cases = known + self._open_lost(lost)
        cases.filtered(
            lambda case: case.is_open and (not case.hold_refused_at or case.hold_refused_at < now)
        )._note_refused_step(uid, now)

    @api.model
    def _open_lost(self, rows):
        """Open what was found in a transaction that was rolled back; its records may be gone."""
        rows = [row for row in rows if row["detector_id"]]
        there = set()
        for model in {row["res_model"] for row in rows}:
            ids = [row["res_id"] for row in rows if row["res_model"] == model]
            there |= {(model, id_) for id_ in self.env[model].browse(ids).exists().ids}
        return self._open_batch([r for r in rows if (r["res_model"], r["res_id"]) in there])
