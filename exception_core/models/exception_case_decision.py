import json
from collections import defaultdict
from dataclasses import dataclass

from odoo import _, api, fields, models
from odoo.exceptions import UserError

from .exception_rule import SETS

# Marked as changed by a person whoever decided before; the others only after a rule, because to
# take a case or to tag it is daily work.
ALWAYS_MARKED = {"severity", "team_id", "disposition", "sla_policy_id"}
# What ``change_decision`` takes, and the fields that it changes. Which policy judges a case is not
# for whoever works on it: they would choose who has to agree.
CHANGES = {
    **{name: name for name in SETS if name not in ("tag_ids", "matrix_id")},
    "add_tag_ids": "tag_ids",
    "remove_tag_ids": "tag_ids",
}


@dataclass(frozen=True)
class Override:
    """Why a person decides otherwise. An object, because no client can send one in its context."""

    reason: object
    note: str


class ExceptionCaseDecision(models.Model):
    """What persons decide otherwise than the rules: marked, and with a reason where it is asked."""

    _inherit = "exception.case"

    disposition = fields.Selection(tracking=True)

    # ------------------------------------------------------------------
    # marks
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Create cases; what a person chooses otherwise than the type counts as chosen."""
        if not self.env.su:
            vals_list = [self._with_choices(vals) for vals in vals_list]
        return super().create(vals_list)

    @api.model
    def _with_choices(self, vals):
        # sudo: the defaults of the type hold for everybody
        kind = self.env["exception.type"].sudo().browse(vals.get("type_id") or ())
        usual = {
            "severity": kind.default_severity,
            "disposition": kind.disposition,
            "team_id": kind.team_id.id,
            "user_id": False,
        }
        trace = self._person_trace(fields.Datetime.now())
        decisions = {
            name: {"was": vals[name], "person": {**trace, "value": vals[name], "chosen": True}}
            for name, default in usual.items()
            if vals.get(name) and vals[name] != default
        }
        return {**vals, "decisions": decisions} if decisions else vals

    def write(self, vals):
        """Write cases; a person's change of what was decided is marked, or refused."""
        override = self.env.context.get("exception_override")
        override = override if isinstance(override, Override) else None
        names = [name for name in SETS if name in vals]
        if not names or self.env.su and not override:
            return super().write(vals)
        before = {case.id: {name: case._plain(name) for name in names} for case in self}
        result = super().write(vals)
        self._mark_changes(before, override)
        return result

    def _mark_changes(self, before, override):
        """Note on each case what the person has changed.

        :raise UserError: when a rule asks for a reason that was not given
        """
        now = fields.Datetime.now()
        groups = defaultdict(list)
        # sudo: the trace is the model's own; what was written was the user's right
        for case in self.sudo():
            decisions = case.decisions or {}
            changes = {
                name: (old, case._plain(name))
                for name, old in before[case.id].items()
                if old != case._plain(name)
                and (name in ALWAYS_MARKED or "rule" in decisions.get(name, {}))
            }
            if not changes:
                continue
            if not (override and override.reason) and (refusal := case._refuse_change(changes)):
                raise UserError(refusal)
            for name, change in changes.items():
                entry = decisions.get(name, {"was": change[0]})
                decisions[name] = self._marked(entry, *change, now, override)
            groups[json.dumps(decisions, sort_keys=True)].append(case.id)
        for text, ids in groups.items():
            # sudo: as above
            self.sudo().browse(ids)._store_decisions(text)

    def _marked(self, entry, old, value, now, override):
        """Return a field's trace with the person's change; a change taken back leaves none."""
        entry = {key: entry[key] for key in ("was", "rule") if key in entry}
        if value == (entry["rule"]["value"] if "rule" in entry else entry["was"]):
            return entry
        person = {**self._person_trace(now), "old": old, "value": value}
        if override and override.reason:
            person.update(reason_id=override.reason.id, reason=override.reason.name)
        if override and override.note:
            person["note"] = override.note
        return {**entry, "person": person}

    @api.model
    def _person_trace(self, now):
        user = self.env.user
        return {"id": user.id, "name": user.name, "at": fields.Datetime.to_string(now)}

    # ------------------------------------------------------------------
    # protection
    # ------------------------------------------------------------------

    def _protecting(self, names):
        """Return {field: name of the rule} of those of the fields that ask for a reason."""
        self.ensure_one()
        found = {}
        # sudo: the trace itself is no secret to who sees the case
        for name, entry in (self.sudo().decisions or {}).items():
            rule = entry.get("rule")
            if name in names and rule and rule["protect"]:
                found[name] = rule["name"]
        return found

    def _refuse_change(self, names):
        """Say which rule asks for a reason; None when none does."""
        protecting = self._protecting(names)
        if not protecting:
            return None
        labels = [self._fields[name]._description_string(self.env) for name in protecting]
        return _(
            "The rule “%(rule)s” has decided %(fields)s of %(case)s, and a change needs a reason. "
            "Use “Change decision…” on the case.",
            rule="”, “".join(sorted(set(protecting.values()))),
            fields=", ".join(labels),
            case=self.name,
        )

    def _refuse_owner(self, user, team):
        """Say why this person or team cannot have the case, a protecting rule included."""
        refusal = super()._refuse_owner(user, team)
        if refusal or isinstance(self.env.context.get("exception_override"), Override):
            return refusal
        changed = []
        if team and team != self.team_id:
            changed.append("team_id")
        if self.user_id and (user or team) and user != self.user_id:
            changed.append("user_id")
        return self._refuse_change(changed) if changed else None

    # ------------------------------------------------------------------
    # the verb
    # ------------------------------------------------------------------

    def change_decision(self, values, reason_id=None, note=None):
        """Decide otherwise than the rules, and say why.

        :param dict values: new values of severity, team_id, user_id (False: nobody), disposition,
            sla_policy_id and playbook_id; lists of ids under add_tag_ids and remove_tag_ids
        :param reason_id: reason of the kind “Override”; a must where a rule protects its decision
        """
        unknown = values.keys() - CHANGES.keys()
        if unknown or not values:
            raise UserError(_("Choose what you decide otherwise."))
        reason = self._reason(reason_id, "override")
        team = self.env["exception.team"].browse(values.get("team_id") or ())
        user = self.env["res.users"].browse(values.get("user_id") or ())
        team.check_access_rule("read")
        playbook = self.env["exception.playbook"].browse(values.get("playbook_id") or ())
        playbook.check_access_rule("read")
        names = {CHANGES[name] for name in values}
        override = Override(reason, (note or "").strip())

        def refuse(case):
            return (
                case._refuse_ended()
                or case._refuse_reason(reason)
                or case.with_context(exception_override=override)._refuse_owner(user, team)
                or (playbook and playbook._refuse_case(case))
                or (None if reason else case._refuse_change(names))
            )

        def apply(cases):
            cases.with_context(exception_override=override)._apply_changes(values)

        return self._run_verb(refuse, apply)

    def _apply_changes(self, values):
        vals = {name: value for name, value in values.items() if name in SETS}
        policy = vals.pop("sla_policy_id", None)
        playbook = vals.pop("playbook_id", None)
        tags = [(4, tag_id) for tag_id in values.get("add_tag_ids") or ()]
        tags += [(3, tag_id) for tag_id in values.get("remove_tag_ids") or ()]
        if tags:
            vals["tag_ids"] = tags
        if vals:
            # as the user: the checks of a write by hand hold here as well
            self.sudo(False).write(vals)
        if policy:
            # the promise is the model's own; whoever works on the case may ask for another one
            self.write({"sla_policy_id": policy})
        if playbook:
            # what a playbook does is set down by its author; whoever works on the case starts it
            self._start_playbook(self.env["exception.playbook"].browse(playbook))._go_on()
        override = self.env.context["exception_override"]
        if override.reason or override.note:
            text = ": ".join(filter(None, (override.reason.name, override.note)))
            self._note(_("Decided otherwise. %s", text))

    def action_change_decision(self):
        """Ask what is decided otherwise and why."""
        return self._open_wizard("exception.case.decide", _("Change decision"))
