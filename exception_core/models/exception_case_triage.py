import json
from collections import defaultdict
from contextlib import contextmanager

from odoo import _, api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from .exception_case_open import BATCH
from .exception_rule import SETS


class ExceptionCaseTriage(models.Model):
    """What the triage rules say of a case.

    ``decisions`` keeps for each decided field what it was when the case was opened, which rule has
    set it, and which person has changed it since (``exception_case_decision``)::

        {"severity": {"was": "3",
                      "rule": {"id": 7, "name": …, "value": "2", "at": …, "protect": true},
                      "person": {"id": 9, "name": …, "old": "2", "value": "3", "at": …}}}
    """

    _inherit = "exception.case"

    rule_ids = fields.Many2many(
        "exception.rule",
        "exception_case_rule_rel",
        "case_id",
        "rule_id",
        "Triage rules",
        readonly=True,
        copy=False,
        help="The rules that have decided something about the case.",
    )
    tag_ids = fields.Many2many(
        "exception.tag", "exception_case_tag_rel", "case_id", "tag_id", "Tags"
    )
    decisions = fields.Json(readonly=True, copy=False, prefetch=False)
    overridden = fields.Boolean(
        "Decided otherwise",
        readonly=True,
        copy=False,
        help="A person has changed what a rule or the type had decided.",
    )

    @api.model
    def _protected_fields(self):
        return super()._protected_fields() | {"rule_ids", "decisions", "overridden"}

    # ------------------------------------------------------------------
    # new cases
    # ------------------------------------------------------------------

    def _triage(self):
        """Apply the triage rules to new cases."""
        definitions = self.env["exception.rule"]._definitions()
        if definitions:
            self._settle(definitions)

    def _settle(self, definitions):
        """Judge the cases by these rules and write what changes, grouped by equal values."""
        rules = self.env["exception.rule"]
        verdict, errors = self._verdict(definitions)
        now = fields.Datetime.to_string(fields.Datetime.now())
        groups, linked, known = defaultdict(list), {}, {}
        for case in self:
            won, old = verdict.get(case.id) or {}, case.decisions or {}
            if won or old:
                winners = sorted((name, rule["id"]) for name, rule in won.items())
                linked[case.id] = {rule_id for _name, rule_id in winners}
                # most cases of a batch begin and end alike: settled once
                key = repr((winners, [case._plain(name) for name in SETS], old))
                if key not in known:
                    known[key] = [_text(part) for part in case._settled(won, old, now)]
                groups[tuple(known[key])].append(case.id)
        given = defaultdict(list)
        for (text, decisions), ids in groups.items():
            cases, vals = self.browse(ids), json.loads(text)
            if vals:
                cases.write(vals)
            if vals.get("user_id"):
                given[vals["user_id"]] += ids
            cases._store_decisions(decisions)
        if given:
            self.browse(case_id for ids in given.values() for case_id in ids)._let_owners_follow()
            self._tell_owners(given)
        self._link_rules(linked)
        rules._note_failures(errors)

    def _verdict(self, definitions):
        """Return what the rules say of the cases as they were opened, and which rules failed."""
        kept, chosen = self._decided_by_people()
        with self._as_opened():
            return self.env["exception.rule"]._judge(definitions, self, kept, chosen)

    def _decided_by_people(self):
        """Return two dicts {field: ids of cases}: changed since by a person, chosen by one."""
        kept, chosen = defaultdict(set), defaultdict(set)
        for case in self:
            for name, entry in (case.decisions or {}).items():
                if person := entry.get("person"):
                    (chosen if person.get("chosen") else kept)[name].add(case.id)
        return kept, chosen

    @contextmanager
    def _as_opened(self):
        """Show decided fields as they were when the cases were opened; nothing is written."""
        changed = []
        for case in self:
            for name, entry in (case.decisions or {}).items():
                if "was" in entry and case._plain(name) != entry["was"]:
                    changed.append((case, self._fields[name], entry["was"]))
        if changed:
            self.env.flush_all()
        try:
            for case, field, value in changed:
                value = tuple(value) if isinstance(value, list) else value or None
                self.env.cache.set(case, field, value)
            yield
        finally:
            for field in {field for _case, field, _value in changed}:
                self.invalidate_recordset([field.name], flush=False)

    def _settled(self, won, old, now):
        """Return what to write on this case and its new decisions.

        :param won: {field: definition of the rule that decides it}
        :param old: the decisions so far
        """
        vals, decisions = {}, {}
        for name in SETS:
            entry, rule = old.get(name, {}), won.get(name)
            value = self._plain(name)
            if rule:
                target = rule["sets"][name]
                decisions[name] = _decided(entry, rule, name, value, now)
                if name == "tag_ids":
                    target = sorted({*decisions[name]["was"], *target})
            elif entry.get("rule") and not entry.get("person"):
                target = entry["was"]
            else:
                target = value
                if entry:
                    decisions[name] = entry
            if target != value:
                vals[name] = [(6, 0, target)] if name == "tag_ids" else target
        return vals, decisions

    def _plain(self, name):
        """Return the value of a decided field as JSON keeps it."""
        value = self[name]
        if name == "tag_ids":
            return sorted(value.ids)
        return value.id if self._fields[name].relational else value

    def _store_decisions(self, text):
        """Keep the same decisions on all of these cases."""
        decisions = json.loads(text)
        overridden = any(
            "person" in entry and not entry["person"].get("chosen") for entry in decisions.values()
        )
        self._keep("decisions", [decisions or None] * len(self))
        self._keep("overridden", [overridden] * len(self))

    @api.model
    def _link_rules(self, linked):
        """Replace the rules of these cases by those that now decide something."""
        if not linked:
            return
        self.flush_model(["rule_ids"])
        self.env.cr.execute(
            SQL("DELETE FROM exception_case_rule_rel WHERE case_id = ANY(%s)", list(linked))
        )
        pairs = [(case_id, rule_id) for case_id, ids in linked.items() for rule_id in ids]
        if pairs:
            self.env.cr.execute(
                SQL(
                    "INSERT INTO exception_case_rule_rel (case_id, rule_id)"
                    " SELECT * FROM unnest(%s, %s)",
                    [pair[0] for pair in pairs],
                    [pair[1] for pair in pairs],
                )
            )
        self.browse(linked).invalidate_recordset(["rule_ids"], flush=False)
        self.env["exception.rule"].invalidate_model(
            ["case_ids", "case_count", "last_hit_at"], flush=False
        )

    # ------------------------------------------------------------------
    # once more
    # ------------------------------------------------------------------

    def retriage(self):
        """Judge open cases by today's rules; what a person has decided stays.

        Only cases on which nobody works yet, and only for managers.
        """
        if not self.env.su and not self.env.user.has_group("exception_core.group_manager"):
            raise AccessError(_("Only managers let the rules judge cases again."))

        def refuse(case):
            if case.state == "new":
                return None
            return case._refuse_ended() or _("Somebody works on %s already.", case.name)

        return self._run_verb(refuse, lambda cases: cases._triage_again())

    def _triage_again(self):
        # sudo: access was checked by the verb; decisions are the model's own
        cases = self.sudo().with_context(**BATCH)
        before = {case.id: [case._plain(name) for name in SETS] for case in cases}
        cases._settle(self.env["exception.rule"]._definitions())
        changed = cases.filtered(
            lambda case: before[case.id] != [case._plain(name) for name in SETS]
        )
        if changed:
            changed._after_decision()
            changed._note(_("Triaged again by the rules of today."))

    def _after_decision(self):
        """Bring in line what follows from severity, team and service level of open cases."""
        self._bundle()
        self._replan_clocks(_("Triaged again."))
        self._rescore()

    def action_retriage(self):
        """Judge the cases again and say what was done."""
        return self._show_result(self.retriage(), _("Triaged again"))


def _text(values):
    return json.dumps(values, sort_keys=True)


def _decided(entry, rule, name, value, now):
    """Return the trace of a field that a rule decides."""
    given = rule["sets"][name]
    given = list(given) if isinstance(given, tuple) else given
    known = entry.get("rule") or {}
    same = known.get("id") == rule["id"] and known["value"] == given
    trace = {
        "id": rule["id"],
        "name": rule["name"],
        "value": given,
        "at": known["at"] if same else now,
        "protect": rule["protect"],
    }
    return {"was": entry.get("was", value), "rule": trace}
