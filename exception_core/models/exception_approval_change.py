from odoo import _, api, models


class ExceptionApprovalChange(models.Model):
    """What was approved is what runs: a document that changed meanwhile is asked about again."""

    _inherit = "exception.approval"

    @api.model
    def _snapshot(self, question):
        """Return what is asked about, as it is now."""
        snapshot = {}
        if question.record is not None:
            snapshot["record"] = self.env["exception.snapshot"]._take(question.record)
        if question.run:
            snapshot["values"] = question.run.values or {}
        if not question.run or question.run.action_id.money != "input":
            # else the inputs say how much
            snapshot["case"] = self._stake(question.case)
        return snapshot

    @api.model
    def _stake(self, case):
        """Return what is at stake in a case, and for whom, as plain values and as words."""
        raw, words = self.env["exception.snapshot"]._raw(case, "amount")
        currency = case.currency_id.name
        partner = case.partner_id
        return {
            "amount": {"raw": f"{raw} {currency}", "text": f"{words} {currency}"},
            "partner_id": {"raw": partner.id, "text": partner.display_name or ""},
        }

    def _changes_now(self):
        """Return what changed since it was asked: rows ``{"label", "before", "after"}``."""
        self.ensure_one()
        request = self.sudo()  # sudo: compared whoever looks; shown to who sees the request
        snapshot, rows = request.snapshot or {}, []
        if "record" in snapshot:
            record = self.env[request.res_model].sudo().browse(request.res_id)
            rows += self.env["exception.snapshot"]._changed(record, snapshot["record"])
        if "case" in snapshot:
            now = self._stake(request.case_id)
            rows += [
                {
                    "label": request.case_id._fields[name].get_description(self.env)["string"],
                    "before": was["text"],
                    "after": now[name]["text"],
                }
                for name, was in snapshot["case"].items()
                if was["raw"] != now[name]["raw"]
            ]
        if "values" in snapshot and (request.run_id.values or {}) != snapshot["values"]:
            rows.append({"label": _("Inputs of the action"), "before": False, "after": False})
        return rows

    def _is_unchanged(self):
        """Tell whether what was approved is still so; for whoever carries it out.

        The document is locked until the end of the transaction, so that nobody changes it between
        this look and what is carried out.

        :return: False when it changed: then it is asked for again, and must not be carried out
        """
        self.ensure_one()
        request = self.sudo()  # sudo: as in _changes_now
        request._lock_subject()
        changes = request._changes_now()
        if changes:
            request._renew(changes)
        return not changes

    def _renew(self, changes):
        """Ask again, since what was asked about has changed; nothing is decided.

        :return: as ``step._decide``
        """
        request = self.sudo()  # sudo: the machine's own doing, whoever noticed
        request.step_ids.filtered(lambda step: step.state in ("waiting", *step._deciding()))._close(
            "skipped"
        )
        request._store({"state": "stale", "changes": changes})
        case = request.case_id
        request._audited("approval.stale", changes=changes)
        case._note(
            _(
                "%(record)s has changed since “%(request)s” was asked for, so it is asked again: "
                "%(changes)s",
                record=request.res_name,
                request=request.name,
                changes=request._changes_in_words(changes),
            )
        )
        again = request._ask_anew()
        return {
            "state": "stale",
            "message": _(
                "Nothing was decided: %(record)s has changed since it was asked for "
                "(%(changes)s). It is asked again: look at it as it is now.",
                record=request.res_name,
                changes=request._changes_in_words(changes),
            ),
            "approval_id": again.id,
        }

    def _ask_anew(self):
        """Make the same request about things as they are now."""
        question = self._questions([(self.case_id, self.run_id)])[0]
        question.requester = self.requested_by
        question.owner |= self.owner_id
        verdict = self.env["exception.approval.matrix"]._judge([question])[0]
        return self._open(question, verdict, self.reason, renewed_from_id=self.id)

    def _changes_in_words(self, changes):
        """Return what changed as one line."""
        return "; ".join(
            _(
                "%(what)s: %(before)s → %(after)s",
                what=row["label"],
                before=row["before"] or _("nothing"),
                after=row["after"] or _("nothing"),
            )
            if row["before"] or row["after"]
            else row["label"]
            for row in changes
        )
