from collections import namedtuple
from itertools import pairwise

from odoo import _, api, models, tools
from odoo.tools import SQL

# A part of the score in SQL: ``measure`` is what is looked at (over the row of exception_case),
# ``points`` what it gives (over the row ``m`` of all measures, each under its code).
Part = namedtuple("Part", "code weight measure points")

MOST = 100


class ExceptionScore(models.AbstractModel):
    """How urgent an open case is: the formula, written once, as SQL.

    Each part measures something, its curve makes a share of 0 to 100 % of that, its weight makes
    points of the share. Points add up to 0–100. Whoever needs a score puts ``_expression`` into a
    statement over ``exception_case`` (under this very name); nobody computes it elsewhere.
    """

    _name = "exception.score"
    _description = "Exception Priority"

    # ------------------------------------------------------------------
    # configuration
    # ------------------------------------------------------------------

    @api.model
    @tools.ormcache()
    def _config(self):
        """Return the parts that count as plain values: ((code, weight, ((x, share), …)), …)."""
        # sudo: how cases are ranked is the same for everybody
        parts = self.env["exception.score.part"].sudo().search([("weight", ">", 0)])
        return tuple(
            (part.code, part.weight, tuple((point.x, point.share) for point in part.point_ids))
            for part in parts
            if part.point_ids
        )

    @api.model
    @tools.ormcache()
    def _tier_ids(self):
        """Return the ids of the tiers, the most valuable first."""
        # sudo: as above
        return tuple(self.env["exception.tier"].sudo().search([]).ids)

    @api.model
    def _config_changed(self):
        """Forget cached values, and let the Scheduled Action rank all open cases anew soon."""
        self.env.registry.clear_cache()
        self.env["ir.cron"]._exception_soon("exception_core.cron_rescore")

    @api.model
    def _refuse_weights(self, weights):
        """Say why these weights cannot work; None if they can.

        :param weights: pairs (name of the part, weight)
        """
        for name, weight in weights:
            if weight < 0:
                return _("The weight of “%s” cannot be below 0.", name)
        if not any(weight for _name, weight in weights):
            return _(
                "Give at least one part a weight above 0, otherwise all cases would rank alike."
            )
        return None

    @api.model
    def _refuse_curve(self, name, curve):
        """Say why a curve, a list of (value, share), cannot work; None if it can."""
        if not curve:
            return _("“%s” needs at least one value with its share.", name)
        for _x, share in curve:
            if not 0 <= share <= 100:
                return _(
                    "“%(name)s”: a share lies between 0 and 100 %%, not at %(share)g.",
                    name=name,
                    share=share,
                )
        for (left, _low), (right, _high) in pairwise(curve):
            if right <= left:
                return _(
                    "“%(name)s”: the values must increase from line to line, but %(right)g follows "
                    "%(left)g.",
                    name=name,
                    right=right,
                    left=left,
                )
        return None

    # ------------------------------------------------------------------
    # the formula
    # ------------------------------------------------------------------

    @api.model
    def _expression(self, now, config=None, companies=None):
        """Return the score of a row of ``exception_case`` at ``now``, not rounded.

        :param config: as ``_config`` gives it; other values are tried by the preview
        :param companies: whose cases are looked at; None: all. Saves looking up rates
        """
        parts = self._parts(now, config, companies)
        if not parts:
            return SQL("0::float8")
        points = SQL(" + ").join(part.points for part in parts)
        return SQL("(SELECT %s FROM %s)", points, self._measured(parts))

    @api.model
    def _measured(self, parts):
        """Return the row ``m`` of all measures of a case; each is worked out once for each case."""
        columns = [
            SQL("(%s)::float8 AS %s", part.measure, SQL.identifier(part.code)) for part in parts
        ]
        # OFFSET keeps PostgreSQL from copying each measure into every line of its curve
        return SQL("(SELECT %s OFFSET 0) AS m", SQL(", ").join(columns))

    @api.model
    def _parts(self, now, config=None, companies=None):
        """Return the parts that count, as :class:`Part` each."""
        config = self._config() if config is None else config
        total = sum(weight for _code, weight, _curve in config)
        return [
            Part(
                code,
                weight,
                getattr(self, f"_measure_{code}")(now, companies),
                SQL(
                    "%s * %s",
                    self._curve(SQL("m.%s", SQL.identifier(code)), curve),
                    weight / total * MOST / 100,
                ),
            )
            for code, weight, curve in config
            if weight
        ]

    @api.model
    def _curve(self, x, points):
        """Return the share at ``x``: straight lines between the points, flat outside them."""
        lines = [
            SQL("WHEN %s IS NULL THEN 0", x),
            SQL("WHEN %s <= %s THEN %s", x, points[0][0], points[0][1]),
        ]
        for (left, low), (right, high) in pairwise(points):
            slope = (high - low) / (right - left)
            line = SQL("%s + (%s - %s) * %s", low, x, left, slope)
            lines.append(SQL("WHEN %s <= %s THEN %s", x, right, line))
        return SQL("CASE %s ELSE %s END", SQL(" ").join(lines), points[-1][1])

    # ------------------------------------------------------------------
    # what is measured
    # ------------------------------------------------------------------

    @api.model
    def _measure_severity(self, now, companies):
        """1 is critical, 4 is low."""
        return SQL("exception_case.severity::int")

    @api.model
    def _measure_money(self, now, companies):
        """The amount at stake, in the currency in which limits are compared."""
        rates = self._limit_rates(now, companies)
        amount = SQL("abs(exception_case.company_amount)")
        if not rates:
            return amount
        lines = SQL(" ").join(SQL("WHEN %s THEN %s", *item) for item in rates.items())
        return SQL("%s * CASE exception_case.company_id %s ELSE 1 END", amount, lines)

    @api.model
    def _measure_tier(self, now, companies):
        """The place of the customer's tier: 1 is the most valuable."""
        places = [
            SQL("WHEN %s THEN %s", tier_id, place)
            for place, tier_id in enumerate(self._tier_ids(), start=1)
        ]
        if not places:
            return SQL("NULL")
        return SQL("CASE exception_case.tier_id %s END", SQL(" ").join(places))

    @api.model
    def _measure_promise(self, now, companies):
        """Days left until what was promised to the customer; below 0 when it has passed."""
        return SQL("EXTRACT(EPOCH FROM exception_case.promised_at - %s::timestamp) / 86400", now)

    @api.model
    def _measure_sla(self, now, companies):
        """How much of its time the most pressed clock has used, in percent.

        Clocks count business time, which SQL cannot; but where the present stretch began and
        where it ends is known, and so is what was used before it. Which clocks count is said in
        FILTER: by a condition, PostgreSQL took an index of all running clocks for each case as
        long as the table was too fresh for statistics.
        """
        before = SQL("(clock.used::float8 / GREATEST(clock.allotted, 1))")
        gone = SQL("EXTRACT(EPOCH FROM %s::timestamp - clock.since)", now)
        whole = SQL("EXTRACT(EPOCH FROM clock.deadline - clock.since)")
        return SQL(
            """(SELECT 100 * max(LEAST(1, GREATEST(0, CASE
                       WHEN clock.state = 'breached' OR clock.deadline <= %(now)s THEN 1
                       WHEN clock.state = 'paused' OR clock.since >= %(now)s
                            OR clock.since >= clock.deadline THEN %(before)s
                       ELSE %(before)s + (1 - %(before)s) * %(gone)s / %(whole)s END)))
                       FILTER (WHERE clock.stopped_at IS NULL
                                     AND clock.state IN ('running', 'paused', 'breached'))
                  FROM exception_sla_clock AS clock
                 WHERE clock.case_id = exception_case.id)""",
            now=now,
            before=before,
            gone=gone,
            whole=whole,
        )

    @api.model
    def _measure_recurrence(self, now, companies):
        """How often the same thing came back: re-opened, or opened anew after an earlier case."""
        return SQL(
            "COALESCE(exception_case.reopen_count, 0) + COALESCE(exception_case.came_back, 0)"
        )

    # ------------------------------------------------------------------
    # money
    # ------------------------------------------------------------------

    @api.model
    def _limit_currency(self):
        """Return the currency in which money of all companies is compared."""
        # sudo: a setting that holds for everybody
        param = self.env["ir.config_parameter"].sudo()
        wanted = param.get_param("exception_core.limit_currency_id") or ""
        currency = self.env["res.currency"].sudo().browse(int(wanted) if wanted.isdigit() else ())
        if currency.exists():
            return currency
        # sudo: only its currency is read
        return self.env["res.company"].sudo().search([], order="id", limit=1).currency_id

    @api.model
    def _limit_rates(self, now, companies=None):
        """Return {company id: rate of the day into the currency of limits}, where it is not 1."""
        target = self._limit_currency()
        # sudo: rates are no secret; cases of any company may be ranked
        companies = self.env["res.company"].sudo().search([]) if companies is None else companies
        return {
            company.id: company.currency_id._get_conversion_rate(
                company.currency_id, target, company, now.date()
            )
            for company in companies.sudo()
            if company.currency_id != target
        }
