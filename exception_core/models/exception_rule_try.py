from collections import defaultdict
from contextlib import contextmanager
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from .exception_rule import SETS
from .exception_rule_judge import CaseMatcher

# so many cases at once keep the answer within seconds
MOST_CASES = 10000


class ExceptionRuleTry(models.Model):
    """Try on past cases: what rules would change, by rule and by field. Nothing is written."""

    _inherit = "exception.rule"

    @api.model
    def try_on_past(self, rule_ids=None, limit=1000, days=0):
        """Say what rules would have decided about past cases that the person sees.

        With ``rule_ids`` the answer is the difference that these rules make among the enabled
        ones; without, it is what all rules, drafts included, would change on the cases. What a
        person has decided stays, as it would in earnest.

        :param int limit: so many of the newest cases, at most 10,000
        :param int days: only cases opened within so many days; 0: whenever
        :return: dict with ``tried``, ``more`` (whether there are older ones), ``oldest``,
            ``changed``, ``amount``, ``kept``, ``currency_id``, ``rules``, ``fields``, ``case_ids``
        """
        self.check_access_rights("write")
        rules = self.browse(rule_ids or ()).exists() or self.search([])
        rules.check_access_rule("read")
        enabled = self.search([("enabled", "=", True)])
        limit = max(1, min(int(limit), MOST_CASES))
        with self._without_writes():
            cases = self._past_cases(limit + 1, days)
            # sudo: rules look at everything about a case, and the person sees these cases
            trial = _Trial(cases[:limit].sudo(), rules.sudo(), (enabled | rules).sudo())
            return {
                **trial.run(alone=bool(rule_ids)),
                "more": len(cases) > limit,
                "most": MOST_CASES,
            }

    @api.model
    def _past_cases(self, limit, days):
        domain = []
        if days:
            domain = [("detected_at", ">=", fields.Datetime.now() - timedelta(days=int(days)))]
        return self.env["exception.case"].search(domain, order="id desc", limit=limit)

    @contextmanager
    def _without_writes(self):
        """Let the database itself refuse any write meanwhile."""
        self.env.flush_all()
        savepoint = self.env.cr.savepoint(flush=False)
        try:
            self.env.cr.execute(SQL("SET LOCAL transaction_read_only = on"))
            yield
        finally:
            # rolled back, so that the transaction may write again
            savepoint.close(rollback=True)

    @api.model
    def lab_definition(self, rule_ids=None):
        """Return what the screen shows before anything was tried: the rules, as sentences."""
        self.check_access_rights("write")
        rules = self.browse(rule_ids or ()).exists() or self.search([])
        return [
            {
                "id": rule.id,
                "name": rule.name,
                "enabled": rule.enabled,
                "condition": rule.condition_text,
                "effect": rule.effect_text,
            }
            for rule in rules
        ]


class _Trial:
    """One trial: some rules on some cases."""

    def __init__(self, cases, rules, all_rules):
        self.env = cases.env
        self.cases = cases
        self.tried = rules
        self.rules = all_rules.sorted(lambda rule: (rule.sequence, rule.id))
        self.matches, self.errors = {}, {}

    def run(self, alone):
        """Return the answer of ``try_on_past`` as far as rules and cases go."""
        moves, kept = self._moves(alone)
        changed = {move["case"] for move in moves}
        currency = self.env.company.currency_id
        return {
            "tried": len(self.cases),
            "oldest": fields.Datetime.to_string(min(self.cases.mapped("detected_at")))
            if self.cases
            else False,
            "changed": len(changed),
            "amount": self._amount(changed),
            "kept": kept,
            "currency_id": currency.id,
            "case_ids": sorted(changed, reverse=True),
            "rules": [self._rule_line(rule, moves) for rule in self._shown(moves)],
            "fields": [
                self._field_block(name, moves) for name in SETS if _of(moves, "field", name)
            ],
        }

    def _moves(self, alone):
        """Return the changes: dicts of case, field, from, to and rule id (False: none decides)."""
        rules = self.env["exception.rule"]
        cases = self.cases
        definitions = [rule._definition() for rule in self.rules]
        kept, chosen = cases._decided_by_people()
        with cases._as_opened():
            matcher = CaseMatcher(cases)
            self.matches, self.errors = rules._match_all(definitions, matcher)
            verdict = rules._rank(definitions, matcher, self.matches, kept, chosen)
            others = [one for one in definitions if one["id"] not in self.tried.ids]
            before = rules._rank(others, matcher, self.matches, kept, chosen) if alone else None
            free = rules._rank(definitions, matcher, self.matches, {}, {})
        moves = []
        for case in cases:
            moves += self._case_moves(case, verdict.get(case.id, {}), before)
        held = sum(
            free[case_id].get(name, {}).get("id") in self.tried.ids
            for group in (kept, chosen)
            for name, ids in group.items()
            for case_id in ids
            if case_id in free and name not in verdict.get(case_id, {})
        )
        return moves, held

    def _case_moves(self, case, won, before):
        vals, _decisions = case._settled(won, case.decisions or {}, False)
        former = before.get(case.id, {}) if before is not None else None
        for name, value in vals.items():
            if former is not None and won.get(name) == former.get(name):
                # also without the tried rules
                continue
            if name == "tag_ids":
                value = value[0][2]
            yield {
                "case": case.id,
                "field": name,
                "from": case._plain(name),
                "to": value,
                "rule": won[name]["id"] if name in won else False,
            }

    def _amount(self, case_ids):
        """Return the money at stake in these cases, in the currency of the current company."""
        company = self.env.company
        today = fields.Date.context_today(company)
        total = 0.0
        groups = self.cases.browse(case_ids).grouped("company_id")
        for owner, cases in groups.items():
            amount = sum(cases.mapped("company_amount"))
            total += owner.currency_id._convert(amount, company.currency_id, company, today)
        return total

    def _shown(self, moves):
        """Return the tried rules and those that decide something else now, in order."""
        deciding = {move["rule"] for move in moves}
        return self.rules.filtered(lambda rule: rule in self.tried or rule.id in deciding)

    def _rule_line(self, rule, moves):
        own = _of(moves, "rule", rule.id)
        changed = {move["case"] for move in own}
        return {
            "id": rule.id,
            "name": rule.name,
            "enabled": rule.enabled,
            "effect": rule.effect_text,
            "matched": len(self.matches.get(rule.id, ())),
            "matched_ids": sorted(self.matches.get(rule.id, ()), reverse=True),
            "changed": len(changed),
            "amount": self._amount(changed),
            "case_ids": sorted(changed, reverse=True),
            "error": str(self.errors.get(rule.id, "")).strip(),
        }

    def _field_block(self, name, moves):
        """Return the changes of one field: a table from → to, the largest first."""
        own = _of(moves, "field", name)
        cells = defaultdict(list)
        for move in own:
            cells[_hashable(move["from"]), _hashable(move["to"])].append(move["case"])
        words = self.env["exception.case"]._decision_value
        return {
            "name": name,
            "label": self.env["exception.case"]._fields[name]._description_string(self.env),
            "changed": len(own),
            "amount": self._amount([move["case"] for move in own]),
            "moves": [
                {
                    "from": words(name, list(old) if name == "tag_ids" else old),
                    "to": words(name, list(new) if name == "tag_ids" else new),
                    "count": len(ids),
                    "amount": self._amount(ids),
                    "case_ids": ids,
                }
                for (old, new), ids in sorted(cells.items(), key=lambda cell: -len(cell[1]))
            ],
        }


def _of(moves, key, value):
    return [move for move in moves if move[key] == value]


def _hashable(value):
    return tuple(value) if isinstance(value, list) else value
