from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass

from odoo import api, models

from .exception_audit_append import Watch
from .exception_case_close import ENDED
from .exception_case_decision import ALWAYS_MARKED, Override
from .exception_rule import SETS

# Written down when they change, whichever verb, job or addon changes them.
AUDITED = {
    "title",
    "type_id",
    "severity",
    "disposition",
    "state",
    "outcome",
    "user_id",
    "team_id",
    "sla_policy_id",
    "matrix_id",
    "tag_ids",
    "amount",
    "currency_id",
    "res_model",
    "res_id",
    "partner_id",
    "root_cause_id",
    "resolution_id",
    "accepted_until",
    "waiting_for",
    "waiting_until",
    "duplicate_of_id",
    "covered_by_id",
    "problem_id",
}
# What may follow by itself from a change of something else, inside the same write.
FOLLOWING = ("state", "user_id")


@dataclass(frozen=True)
class Because:
    """Why something is done to cases, and in whose name. An object: as ``Watch``."""

    reason: str
    on_behalf: object = None


class ExceptionCaseAuditWatch(models.Model):
    """Every change of a case that matters gets one entry, however many writes it took.

    The outermost write compares what the case was with what it has become; the writes inside it
    are part of the same change.
    """

    _inherit = "exception.case"

    @api.model
    def _audited_fields(self):
        """Names of the fields whose changes are written down; an addon adds its own."""
        return AUDITED

    def _because(self, reason, on_behalf=None):
        """Return the cases in a context that says why; the trail keeps it with each change."""
        return self.with_context(exception_because=Because((reason or "").strip(), on_behalf))

    def write(self, vals):
        """Write cases; what changed is written down."""
        names = self._audited_fields() & vals.keys()
        if not names:
            return super().write(vals)
        with self._watching(names) as cases:
            return super(ExceptionCaseAuditWatch, cases).write(vals)

    @contextmanager
    def _watching(self, names):
        """Compare the cases before and after, unless somebody further out does.

        Gives the cases in a context in which the writes inside are not written down again.
        """
        watch = self.env.context.get("exception_watch")
        known = watch.ids if isinstance(watch, Watch) else frozenset()
        # sudo: what was, whoever changes it
        cases = self.sudo().filtered(lambda case: case.id not in known)
        if not cases:
            yield self
            return
        names = sorted({*names, *FOLLOWING})
        before = cases._audit_view(names)
        ours = Watch(known.union(cases.ids))
        yield self.with_context(exception_watch=ours)
        cases._audit_changes(names, before)

    def _audit_view(self, names):
        """Return {case id: list of the plain values of these fields}."""
        fields = [self._fields[name] for name in names]
        return {
            case.id: [field.convert_to_read(case[field.name], case, False) for field in fields]
            for case in self
        }

    # ------------------------------------------------------------------
    # what changed
    # ------------------------------------------------------------------

    def _audit_changes(self, names, before):
        """Write down what has changed since, one entry a case."""
        after = self._audit_view(names)
        changed = {
            case_id: [
                name
                for name, old, new in zip(names, before[case_id], now, strict=True)
                if old != new and (old or new)
            ]
            for case_id, now in after.items()
        }
        overriding = self._audit_overrides(changed)
        groups = defaultdict(list)
        for case in self:
            if not changed[case.id]:
                continue
            old, new = (dict(zip(names, view[case.id], strict=True)) for view in (before, after))
            event = self._audit_event(changed[case.id], old, new, case.id in overriding)
            groups[event].append((case, old, new))
        for event, found in groups.items():
            self._audit_group(event, found, changed, overriding)

    def _audit_group(self, event, found, changed, overriding):
        entries, names = self.env["exception.audit.entry"], {}
        because = self._audit_because()
        subjects = []
        for case, old, new in found:
            was, now = (
                {name: case._audit_value(name, view[name], names) for name in changed[case.id]}
                for view in (old, new)
            )
            subjects.append(
                {
                    **case._audit_subject(),
                    "before": entries._plain_text(was, case),
                    "after": entries._plain_text(now, case),
                    "reason": (because and because.reason) or case._audit_reason(changed[case.id]),
                    "is_override": case.id in overriding,
                }
            )
        entries._append(event, subjects, on_behalf=because and because.on_behalf)

    @api.model
    def _audit_event(self, changed, old, new, overriding):
        """Return which event of the trail a change is."""
        if "state" in changed and new["state"] in ENDED and old["state"] not in ENDED:
            return "case.ended"
        if "state" in changed and old["state"] in ENDED and new["state"] not in ENDED:
            return "case.reopened"
        if overriding and not {"user_id", "team_id"}.intersection(changed):
            return "case.overridden"
        if {"user_id", "team_id"}.intersection(changed):
            return "case.assigned"
        return "case.state" if "state" in changed else "case.changed"

    def _audit_overrides(self, changed):
        """Return the ids of those cases on which a person has decided otherwise just now."""
        if self.env["exception.audit.entry"]._is_automatic():
            return set()
        decided = self.filtered(lambda case: ALWAYS_MARKED.union(SETS) & {*changed[case.id]})
        return {
            case.id
            for case in decided
            if any("person" in (case.decisions or {}).get(name, {}) for name in changed[case.id])
        }

    def _audit_because(self):
        because = self.env.context.get("exception_because")
        if isinstance(because, Because):
            return because
        override = self.env.context.get("exception_override")
        if isinstance(override, Override):
            parts = (override.reason and override.reason.name, override.note)
            return Because(": ".join(filter(None, parts)))
        return None

    def _audit_reason(self, changed):
        """Return why, as the case itself says it."""
        if "outcome" in changed and self.outcome:
            parts = (self.root_cause_id.name, self.resolution_id.name, self.resolution_note)
            return " · ".join(filter(None, parts)) or None
        if "waiting_for" in changed and self.waiting_for:
            return self.waiting_note or None
        return None

    def _audit_value(self, name, value, names):
        """Return a value with the name that it has now; names are looked up once a batch."""
        field = self._fields[name]
        if field.type == "many2one" and value:
            key = field.comodel_name, value
            if key not in names:
                names[key] = self[name].display_name or self.env[key[0]].browse(value).display_name
            return [value, names[key]]
        if field.type == "many2many":
            found = self.env[field.comodel_name].browse(value)
            return [[record.id, record.display_name] for record in found]
        if field.type == "monetary":
            return f"{value:.{self.currency_id.decimal_places}f}"
        return value or None
