from datetime import timedelta

from odoo import _, api, fields, models
from odoo.exceptions import UserError

from .exception_case_open import QUIET
from .exception_case_work import WORKABLE

ENDED = ("resolved", "closed", "cancelled")


class ExceptionCaseClose(models.Model):
    """How cases end and begin again. The verbs run as ``exception_case_work`` says."""

    _inherit = "exception.case"

    # ------------------------------------------------------------------
    # resolve
    # ------------------------------------------------------------------

    def resolve(self, root_cause_id=None, resolution_id=None, note=None, cover_bundle=False):
        """Resolve the cases; each type says what must be known for that.

        :param cover_bundle: end the other open cases on the same records, too, as covered
        :return: as every verb, and under ``covered`` the ids of the cases ended with it
        """
        cause = self._reason(root_cause_id, "root_cause")
        resolution = self._reason(resolution_id, "resolution")
        evident = self._with_evidence()

        def refuse(case):
            return (
                case._refuse_ended()
                or case._refuse_to_free(resolved=True)
                or case._refuse_reason(cause)
                or case._refuse_reason(resolution)
                or case._refuse_incomplete(cause, resolution, note, case.id in evident)
            )

        vals = {
            "root_cause_id": cause.id,
            "resolution_id": resolution.id,
            "resolution_note": note or False,
        }
        result = self._run_verb(refuse, lambda cases: cases._end("manual", **vals))
        done = self.browse(result["done"])
        result["covered"] = done._cover_bundles().ids if cover_bundle else []
        return result

    def _refuse_incomplete(self, cause, resolution, note, evident):
        """Say what the type's closure criteria still ask for; None when they are met."""
        kind = self.type_id.sudo()  # sudo: the criteria hold for everybody
        missing = []
        if kind.requires_root_cause and not cause:
            missing.append(_("the root cause"))
        if kind.requires_resolution and not resolution:
            missing.append(_("the resolution"))
        if kind.requires_note and not (note or "").strip():
            missing.append(_("a note"))
        if kind.requires_evidence and not evident:
            missing.append(_("an attached document as evidence"))
        if not missing:
            return None
        return _(
            "%(case)s cannot be resolved yet. “%(type)s” asks for: %(missing)s.",
            case=self.name,
            type=kind.name,
            missing=", ".join(missing),
        )

    def _with_evidence(self):
        """Return the ids of those cases that have an attachment."""
        # sudo: counts only; access to the cases is checked by the verb
        attachments = self.env["ir.attachment"].sudo()
        domain = [("res_model", "=", self._name), ("res_id", "in", self.ids)]
        groups = attachments._read_group([*domain, ("res_field", "=", False)], ["res_id"])
        return {res_id for (res_id,) in groups}

    def _cover_bundles(self):
        """End the other open cases on the records of these, as far as the user may."""
        covered = self._others_on_records().filtered(
            lambda case: case.state in WORKABLE and not case._refuse_to_free()
        )
        first = {(case.res_model, case.res_id): case for case in reversed(self)}
        by_record = covered.grouped(lambda case: (case.res_model, case.res_id))
        for key, others in by_record.items():
            case = first[key]
            # sudo: found with the user's own rules, by a user who may write cases
            others.sudo().write({**case._ended_values("covered"), "covered_by_id": case.id})
        return covered

    # ------------------------------------------------------------------
    # end without resolving
    # ------------------------------------------------------------------

    def mark_false_alarm(self, reason_id, note=None):
        """End cases that were none; the detector is told by the count of these."""
        reason = self._reason(reason_id, "false_alarm")
        if not reason:
            raise UserError(_("Say why it was a false alarm: it helps to tune the detector."))
        return self._end_with(reason, note, "false_alarm")

    def accept_risk(self, until, reason_id=None, note=None):
        """End cases whose risk is accepted until a date; before it they are not raised again."""
        reason = self._reason(reason_id, "acceptance")
        until = fields.Date.to_date(until) if until else None
        if not until or until <= fields.Date.context_today(self):
            raise UserError(_("A risk is accepted until a date in the future."))
        if not reason:
            raise UserError(_("Say why the risk can be accepted."))
        return self._end_with(reason, note, "accepted", accepted_until=until)

    def cancel_case(self, reason_id=None, note=None):
        """Cancel cases that nobody needs to work, with a reason or a note."""
        reason = self._reason(reason_id, "cancellation")
        if not reason and not (note or "").strip():
            raise UserError(_("Say why the case is cancelled: choose a reason or write a note."))
        return self._end_with(reason, note, "cancelled")

    def _end_with(self, reason, note, outcome, **vals):
        return self._run_verb(
            lambda case: (
                case._refuse_ended() or case._refuse_to_free() or case._refuse_reason(reason)
            ),
            lambda cases: cases._end(
                outcome, resolution_id=reason.id, resolution_note=note or False, **vals
            ),
        )

    def _end(self, outcome, **vals):
        """End the cases by a person's decision."""
        # the answer comes first: an ended case needs none any more
        self._respond(fields.Datetime.now())
        self.write({**self._ended_values(outcome), **vals})

    def merge_into(self, master_id):
        """End these cases as duplicates of another open case."""
        master = self.browse(master_id).exists()
        master.check_access_rule("write")
        if not master.is_open:
            raise UserError(_("Choose an open case that the others are merged into."))

        def refuse(case):
            if case == master:
                return _("%s cannot be merged into itself.", case.name)
            if case.company_id != master.company_id:
                return _("%s belongs to another company.", case.name)
            return case._refuse_ended() or case._refuse_to_free()

        def apply(cases):
            cases._end("duplicate", duplicate_of_id=master.id)
            # sudo: the user may write the master, checked above
            master.sudo()._note(_("Merged into this case: %s", ", ".join(cases.mapped("name"))))

        return self._run_verb(refuse, apply)

    # ------------------------------------------------------------------
    # begin again
    # ------------------------------------------------------------------

    def reopen(self, note=None):
        """Take up ended cases again. What was said about their end stays in the chatter."""
        rivals = self._open_rivals()

        def refuse(case):
            if case.state not in ENDED:
                return _("%s is open already.", case.name)
            if rival := rivals.get(case.id):
                return _(
                    "%(case)s cannot be re-opened: %(rival)s is open for the same problem of the "
                    "same record. Work on that one.",
                    case=case.name,
                    rival=rival,
                )
            return None

        def apply(cases):
            alike = cases.grouped(lambda case: (bool(case.user_id), case.reopen_count))
            for group in alike.values():
                group.write(group[0]._reopened_values())
            if note:
                cases._note(note)

        return self._run_verb(refuse, apply)

    def _open_rivals(self):
        """Return {case id: name of the open case with the same hit}."""
        found = self.filtered("detector_id")
        # sudo: a rival in a private team blocks as well, because the database does
        rivals = self.sudo().search(
            [
                ("detector_id", "in", found.detector_id.ids),
                ("res_id", "in", found.mapped("res_id")),
                ("is_open", "=", True),
            ]
        )
        names = {(r.detector_id.id, r.res_id, r.fingerprint or ""): r.name for r in rivals}
        blocked, seen = {}, {}
        for case in found:
            key = (case.detector_id.id, case.res_id, case.fingerprint or "")
            if name := names.get(key) or seen.get(key):
                blocked[case.id] = name
            # of two ended cases of one hit only the first can come back
            seen[key] = case.name
        return blocked

    def _reopened_values(self):
        """Values that make an ended case an open one again."""
        self.ensure_one()
        return {
            "state": "open" if self.user_id else "new",
            "reopen_count": self.reopen_count + 1,
            **dict.fromkeys(
                (
                    "outcome",
                    "resolved_at",
                    "closed_at",
                    "root_cause_id",
                    "resolution_id",
                    "resolution_note",
                    "accepted_until",
                    "duplicate_of_id",
                    "covered_by_id",
                ),
                False,
            ),
        }

    @api.model
    def _ended_values(self, outcome):
        """Values that end cases with this outcome, now."""
        now = fields.Datetime.now()
        vals = {
            "state": "cancelled" if outcome == "cancelled" else "resolved",
            "outcome": outcome,
            "waiting_for": False,
            "waiting_until": False,
            "waiting_note": False,
        }
        vals["closed_at" if outcome == "cancelled" else "resolved_at"] = now
        return vals

    @api.model
    def _cron_close_resolved(self):
        """Close cases that have been resolved for some days. Safe to run twice."""
        number = self.env["ir.config_parameter"]._exception_number
        days = number("exception_core.close_after_days", 7)
        now = fields.Datetime.now()
        domain = [("state", "=", "resolved"), ("resolved_at", "<=", now - timedelta(days=days))]
        # sudo: of every company
        for cases in self.sudo().with_context(**QUIET).search(domain)._cron_batches():
            cases.write({"state": "closed", "closed_at": now})

    # ------------------------------------------------------------------
    # reasons
    # ------------------------------------------------------------------

    @api.model
    def _reason(self, reason_id, kind):
        """Return the reason of this kind, empty without an id; other kinds are refused."""
        reason = self.env["exception.reason"].browse(reason_id or ()).exists()
        if reason_id and reason.kind != kind:
            kinds = dict(reason._fields["kind"]._description_selection(self.env))
            raise UserError(_("Choose a reason of the kind “%s”.", kinds[kind]))
        return reason

    def _refuse_reason(self, reason):
        """Say that a reason does not fit the case's category; None if it does."""
        if not reason or reason._applies_to(self.category_id):
            return None
        return _("“%(reason)s” is not a reason for %(case)s.", reason=reason.name, case=self.name)
