from collections import defaultdict

import psycopg2

from odoo import api, fields, models
from odoo.osv import expression

from ..tools.domain_text import evaluate_domain
from .exception_rule_fact import fact_matches

STRICTNESS = {"auto": 0, "approval": 1, "investigate": 2}


class CaseMatcher:
    """Evaluates the conditions of rules on one batch of cases.

    Most leaves are about few different values (a type, a tier): each is evaluated once for each
    value, on one case that has it, and the answer is kept for all cases and all rules.
    """

    def __init__(self, cases):
        self.cases = cases
        self.ids = cases.ids
        self.now = fields.Datetime.now()
        self._values = {}
        self._leaves = {}
        self._facts = None

    def match(self, definition):
        """Return the set of ids of the cases that a rule is about."""
        found = set(self.ids)
        if definition["company_id"]:
            found = self._having("company_id", definition["company_id"])
        if found:
            found &= self._domain(self._evaluated(definition, "domain"))
        if found and definition["facts"]:
            found = {case_id for case_id in found if self._facts_meet(case_id, definition["facts"])}
        if found and definition["model"]:
            found &= self._on_records(definition, found)
        return found

    def _evaluated(self, definition, name):
        return evaluate_domain(definition[name], self.now, definition["tz"])

    def _domain(self, domain):
        stack = []
        for leaf in reversed(expression.normalize_domain(domain)):
            if leaf == "&":
                stack.append(stack.pop() & stack.pop())
            elif leaf == "|":
                stack.append(stack.pop() | stack.pop())
            elif leaf == "!":
                stack.append(set(self.ids) - stack.pop())
            else:
                stack.append(self._leaf(tuple(leaf)))
        return stack.pop()

    def _leaf(self, leaf):
        key = repr(leaf)
        if key not in self._leaves:
            self._leaves[key] = self._evaluate(leaf)
        return self._leaves[key]

    def _evaluate(self, leaf):
        if leaf in (expression.TRUE_LEAF, expression.FALSE_LEAF):
            return set(self.ids) if leaf == expression.TRUE_LEAF else set()
        ids_by_value = self._by_value(leaf[0].split(".")[0])
        samples = self.cases.browse(ids[0] for ids in ids_by_value.values())
        hit = set(samples.filtered_domain([leaf])._ids)
        return {case_id for ids in ids_by_value.values() if ids[0] in hit for case_id in ids}

    def _having(self, name, value):
        return set(self._by_value(name).get(value, ()))

    def _by_value(self, name):
        """Group the ids of the cases by the value of a field of theirs."""
        if name not in self._values:
            groups = defaultdict(list)
            for case_id, value in zip(self.ids, self._raw(name), strict=True):
                groups[value].append(case_id)
            self._values[name] = groups
        return self._values[name]

    def _raw(self, name):
        """Return the values of a field as the cache keeps them, in the order of the cases."""
        field = self.cases._fields[name]
        values = self.cases.env.cache.get_until_miss(self.cases, field)
        if len(values) < len(self.ids):
            self.cases.mapped(name)  # read what is missing, for all of them at once
            values = self.cases.env.cache.get_until_miss(self.cases, field)
        return values

    def _facts_meet(self, case_id, conditions):
        if self._facts is None:
            self._facts = {case.id: _fact_values(case.facts) for case in self.cases}
        return all(fact_matches(self._facts[case_id], *line) for line in conditions)

    def _on_records(self, definition, found):
        """Find the cases whose record meets the rule's second condition, with one search."""
        model = definition["model"]
        env = self.cases.env
        by_record = defaultdict(list)
        for case in self.cases.browse(sorted(found)):
            if case.res_model == model:
                by_record[case.res_id].append(case.id)
        domain = self._evaluated(definition, "record_domain")
        if not domain or not by_record:
            return {case_id for ids in by_record.values() for case_id in ids}
        # as superuser, like every decision; what the rule may ask was checked against its author
        records = env[model].with_context(active_test=False)
        hits = records.search([("id", "in", list(by_record)), *domain])
        return {case_id for record_id in hits._ids for case_id in by_record[record_id]}


def _fact_values(facts):
    if isinstance(facts, dict):
        return facts
    return {fact.get("key"): fact.get("value") for fact in facts or ()}


class ExceptionRuleJudge(models.Model):
    """Which rule decides what about which case. Nothing is written here."""

    _inherit = "exception.rule"

    @api.model
    def _judge(self, definitions, cases, kept, chosen):
        """Read the rules from top to bottom for a batch of cases.

        :param definitions: rules in order, as ``_definitions`` gives them
        :param cases: as superuser
        :param dict kept: {field: ids of the cases where a person has changed it since}
        :param dict chosen: {field: ids of the cases where a person has chosen it when reporting};
            only rules that protect decide about these
        :return: ({case id: {field: definition of the rule that decides it}}, {rule id: error})
        """
        matcher = CaseMatcher(cases)
        matches, errors = self._match_all(definitions, matcher)
        return self._rank(definitions, matcher, matches, kept, chosen), errors

    @api.model
    def _rank(self, definitions, matcher, matches, kept, chosen):
        """Let the first rule that matches decide each field; parameters as for ``_judge``.

        :param matches: {rule id: ids of the cases that it is about}
        """
        verdict = defaultdict(dict)
        decided = defaultdict(set)
        stopped = set()
        for definition in definitions:
            matching = matches.get(definition["id"], set())
            found = matching - stopped
            for name, value in definition["sets"].items():
                # who has to agree is not left out because somebody's rule above has stopped
                free = matching if name == "matrix_id" else found
                free = free - decided[name] - kept.get(name, set())
                if not definition["protect"]:
                    free -= chosen.get(name, set())
                for case_id in self._allowed(matcher, name, value, free):
                    verdict[case_id][name] = definition
                    decided[name].add(case_id)
            if definition["stop"]:
                stopped |= found
        return verdict

    @api.model
    def _match_all(self, definitions, matcher):
        """Match all rules; one that fails is left out, and the others go on.

        All share one savepoint. Only when the database itself has refused one of them, each is
        tried in a savepoint of its own. Where all stages of a case are run in one go, theirs does.
        """
        if self.env["exception.case"]._decides_together():
            return self._match_each(definitions, matcher, alone=False)
        self.env.flush_all()  # what is flushed inside a savepoint could be lost with it
        try:
            with self.env.cr.savepoint(flush=False):
                return self._match_each(definitions, matcher, alone=False)
        except psycopg2.Error:
            return self._match_each(definitions, matcher, alone=True)

    @api.model
    def _match_each(self, definitions, matcher, alone):
        matches, errors = {}, {}
        for definition in definitions:
            try:
                if alone:
                    with self.env.cr.savepoint(flush=False):
                        matches[definition["id"]] = matcher.match(definition)
                else:
                    matches[definition["id"]] = matcher.match(definition)
            except psycopg2.Error as error:
                if not alone:
                    raise
                errors[definition["id"]] = error
            except Exception as error:  # noqa: BLE001 - whatever it is, the case is opened
                errors[definition["id"]] = error
        return matches, errors

    @api.model
    def _allowed(self, matcher, name, value, ids):
        """Return those of the cases to which this value may be given."""
        if not ids:
            return ids
        if name == "team_id":
            team = self.env["exception.team"].browse(value)
            if not team.active:
                return set()
            return (
                ids & matcher._having("company_id", team.company_id.id) if team.company_id else ids
            )
        if name == "user_id":
            return ids & self._visible_to(matcher, self.env["res.users"].browse(value))
        if name == "playbook_id":
            playbook = self.env["exception.playbook"].browse(value)
            if not (playbook.enabled and playbook.active):
                return set()
            company = playbook.company_id
            return ids & matcher._having("company_id", company.id) if company else ids
        if name == "matrix_id":
            matrix = self.env["exception.approval.matrix"].browse(value)
            if not (matrix.enabled and matrix.active):
                return set()
            company = matrix.company_id
            return ids & matcher._having("company_id", company.id) if company else ids
        if name == "disposition":
            least = {
                kind.id
                for kind in matcher.cases.type_id
                if STRICTNESS[kind.disposition] <= STRICTNESS[value]
            }
            return {i for kind_id in least for i in ids & matcher._having("type_id", kind_id)}
        return ids

    @api.model
    def _visible_to(self, matcher, user):
        works = user.active and not user.share and user.has_group("exception_core.group_user")
        if not works:
            return set()
        companies = [matcher._having("company_id", company) for company in user.company_ids.ids]
        return set().union(*companies)
