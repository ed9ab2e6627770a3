import math

from odoo import SUPERUSER_ID, _, api, fields, models
from odoo.exceptions import UserError

from ..tools import option_rank

# What a provider may say of a way out.
GIVEN = {
    "key",
    "name",
    "action",
    "values",
    "cost",
    "margin_effect",
    "delay_days",
    "needs",
    "note",
}
# Needs that have words of their own; whether people must agree is worked out by the policy.
NEEDS = ("approval", "stock", "supplier")
FIGURES = ("cost", "margin_effect", "delay_days")


class ExceptionOptionPropose(models.Model):
    """From what a provider says to a ranked way out."""

    _inherit = "exception.option"

    @api.model
    def _read_way(self, case, given):
        """Read what a provider says of one way out.

        :param dict given: ``key`` (tells it from the others; default: the code of the action),
            ``name`` (default: the action's), ``action`` (XML id, code or record), ``values`` (its
            inputs), ``cost``, ``margin_effect`` (money in the currency of the case) and
            ``delay_days`` (None: not known), ``needs`` (list of "stock", "supplier", or a dict
            {kind: words}), ``note``
        :return: (row, None), or (None, why it is no way out now)
        :raise UserError, ValueError: it is given in a way that means nothing
        """
        if unknown := given.keys() - GIVEN:
            raise ValueError(f"Unknown words of a way out: {', '.join(sorted(unknown))}")
        action = self._action_of(given.get("action"))
        name = given.get("name") or action.name
        if why := action._refuse_case(case):
            return None, _("“%(option)s” is left out: %(why)s", option=name, why=why)
        values = action._check_values(given.get("values") or {})
        figures = {figure: given.get(figure, 0.0) for figure in FIGURES}
        for figure, value in figures.items():
            if value is not None and not math.isfinite(value):
                raise ValueError(f"{figure} of “{name}” is no number: {value}")
        if (figures["delay_days"] or 0.0) < 0:
            raise ValueError(f"The delay of “{name}” is less than none")
        needs, problem = self._needs_of(case, action, values, given.get("needs") or ())
        return {
            "key": given.get("key") or action.code,
            "name": name,
            "action_id": action.id,
            "values": values,
            "note": given.get("note") or False,
            **{figure: value or 0.0 for figure, value in figures.items()},
            "unknown": [figure for figure, value in figures.items() if value is None],
            "needs": needs,
            "problem": problem or False,
        }, None

    @api.model
    def _action_of(self, given):
        """Return the action that is given as a record, an XML id or a code."""
        actions = self.env["exception.action"]
        if isinstance(given, str):
            found = self.env.ref(given, raise_if_not_found=False) if "." in given else None
            found = found or actions.search([("code", "=", given)], limit=1)
        else:
            found = given
        if not found or found._name != actions._name:
            raise UserError(_("There is no action “%s”.", given))
        return found.with_env(self.env)

    # ------------------------------------------------------------------
    # what it needs
    # ------------------------------------------------------------------

    @api.model
    def _needs_of(self, case, action, values, given):
        """Return (needs, why it cannot be done as things stand or None)."""
        words = given if isinstance(given, dict) else dict.fromkeys(given, "")
        for kind, text in words.items():
            if kind not in NEEDS and not text:
                raise ValueError(f"Say in words what “{kind}” is that a way out needs")
        needs = [[kind, text] for kind, text in words.items() if kind != "approval"]
        approval, problem = self._approval_of(case, action, values)
        if approval is not None:
            needs.insert(0, ["approval", approval])
        return needs, problem

    @api.model
    def _approval_of(self, case, action, values):
        """Return (who has to agree, or None when nobody has; why nobody could or None)."""
        question = self.env["exception.approval"]._question_of(case, action, values)
        if action.approval != "matrix":
            limit = action.limit_run if action.money != "none" else 0
            if limit and question.amount > limit:
                return None, _("It is above what one run of “%s” may move.", action.name)
            return None, None
        verdict = self.env["exception.approval.matrix"]._judge([question])[0]
        if verdict.outcome == "auto":
            return None, None
        if verdict.outcome == "blocked":
            return "", verdict.problem
        # sudo: names of colleagues
        people = [", ".join(asked.people.sudo().mapped("name")) for asked in verdict.asked]
        return " + ".join(people), None

    # ------------------------------------------------------------------
    # rank
    # ------------------------------------------------------------------

    @api.model
    def _ranked(self, case, rows):
        """Give rows their points and their place, and return them, the best first.

        The formula is that of ``tools/option_rank.py``, in the currency of the company.
        """
        rates, today = {}, fields.Date.context_today(self)

        def money(amount):
            currency, company = case.currency_id, case.company_id
            return case._to_company_currency(amount, currency, company, today, rates)

        ways = [
            option_rank.Way(
                row["key"],
                cost=None if "cost" in row["unknown"] else money(row["cost"]),
                margin=None if "margin_effect" in row["unknown"] else money(row["margin_effect"]),
                delay=None if "delay_days" in row["unknown"] else row["delay_days"],
                needs=len(row["needs"]),
                blocked=bool(row["problem"]),
            )
            for row in rows
        ]
        weights = case._option_weights()
        ranked = option_rank.rank(ways, weights, case.company_amount)
        most = option_rank.most_points(weights)
        by_key = {row["key"]: row for row in rows}
        return [
            {
                **by_key[way.key],
                "rank": way.place,
                "rank_of": len(ways),
                "score": way.score,
                "points": {part: [way.points[part], most[part]] for part in option_rank.PARTS},
            }
            for way in ranked
        ]

    def _renew(self, case, rows, step):
        """Bring what is proposed in line with these rows; return it, the best first.

        :param self: what was proposed before, locked
        """
        askers = step.play_id.started_by_id
        if not askers or self.env.uid != SUPERUSER_ID:
            askers |= self.env.user
        known = {option.key: option for option in self}
        common = {
            "proposed_at": fields.Datetime.now(),
            "currency_id": case.currency_id.id,
            "case_step_id": step.id,
            "proposer_ids": [(4, user.id) for user in askers],
        }
        fresh = [
            {**row, **common, "case_id": case.id, "company_id": case.company_id.id}
            for row in rows
            if row["key"] not in known
        ]
        for row in rows:
            if row["key"] in known:
                known[row["key"]]._store({**row, **common})
        made = {option.key: option for option in self._record(fresh)} if fresh else {}
        return self.browse().concat(*({**known, **made}[row["key"]] for row in rows))

    def _audited(self):
        """Return what the trail keeps of a proposed way out."""
        self.ensure_one()
        return {
            "key": self.key,
            "action": self.action_id.code,
            "rank": self.rank,
            "score": round(self.score, 1),
            "cost": self.cost,
            "margin_effect": self.margin_effect,
            "delay_days": self.delay_days,
            "needs": [kind for kind, _words in self.needs or ()],
            **({"unknown": self.unknown} if self.unknown else {}),
        }
