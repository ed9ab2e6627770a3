from markupsafe import Markup

from odoo import _, api, fields, models
from odoo.tools import SQL
from odoo.tools.misc import format_amount, formatLang

from ..tools.shares import whole_points
from .exception_case_score import SCORED_BY

# Of the time that a clock gives, in percent: from here on it is over.
OVER = 100


class ExceptionCaseWhy(models.Model):
    """Why a case ranks as it does: each part in points and words, as of the moment of reading."""

    _inherit = "exception.case"

    score_now = fields.Integer(
        "Priority now", compute="_compute_score_now", help="As of this moment, from 0 to 100."
    )
    score_html = fields.Html("Why it ranks", compute="_compute_score_now", sanitize=False)
    score_words = fields.Char(
        "Where its points come from", compute="_compute_score_now", help="In words, largest first."
    )

    @api.depends(*sorted(SCORED_BY), "company_amount", "is_open", "clock_ids.state")
    @api.depends_context("lang")
    def _compute_score_now(self):
        explained = self._explain_scores(fields.Datetime.now())
        for case in self:
            # an ended case keeps the rank that it had
            parts = explained.get(case._origin.id, [])
            case.score_now = sum(points for points, _words in parts) if parts else case.score
            case.score_html = case._score_table(parts) if parts else False
            counting = sorted((part for part in parts if part[0]), key=lambda part: -part[0])
            case.score_words = " · ".join(f"{words} {points}" for points, words in counting)

    def _score_table(self, parts):
        line = Markup("<tr class='%s'><th class='fw-normal pe-3'>%s</th><td>%s</td></tr>")
        rows = [line % ("" if points else "text-muted", words, points) for points, words in parts]
        total = sum(points for points, _words in parts)
        rows.append(line % ("fw-bold border-top", _("Together"), total))
        table = Markup("<table class='table table-sm mb-0 o_exception_facts'>%s</table>")
        return table % Markup().join(rows)

    def _explain_scores(self, now):
        """Return {case id: [(points, words), …]} of the open ones; points are whole numbers.

        One statement for all of them. They add up to what ``_score_sql`` gives.
        """
        service = self.env["exception.score"]
        parts = service._parts(now, companies=self.company_id)
        cases = self._origin.filtered("is_open")
        if not parts or not cases:
            return {}
        self.flush_model()
        self.env["exception.sla.clock"].flush_model()
        columns = [SQL("m.%s", SQL.identifier(part.code)) for part in parts]
        self.env.cr.execute(
            SQL(
                """SELECT exception_case.id, round(%s)::int,
                          ARRAY[%s]::float8[], ARRAY[%s]::float8[]
                     FROM exception_case, LATERAL %s
                    WHERE exception_case.id = ANY(%s)""",
                SQL(" + ").join(part.points for part in parts),
                SQL(", ").join(columns),
                SQL(", ").join(part.points for part in parts),
                service._measured(parts),
                cases.ids,
            )
        )
        rows = self.env.cr.fetchall()
        tiers = cases._tier_names()
        return {
            case_id: [
                (whole, self.browse(case_id)._score_sentence(part.code, measure, tiers))
                for part, measure, whole in zip(
                    parts, measures, whole_points(points, total), strict=True
                )
            ]
            for case_id, total, measures, points in rows
        }

    def _tier_names(self):
        # sudo: the name of a tier is no secret
        return {tier.id: tier.name for tier in self.sudo().tier_id}

    def _score_sentence(self, code, measure, tiers):
        """Say in a few words what a part has measured."""
        return getattr(self, f"_say_{code}")(measure, tiers)

    def _say_severity(self, measure, tiers):
        labels = dict(self._fields["severity"]._description_selection(self.env))
        return _("%s severity", labels[self.severity])

    def _say_money(self, measure, tiers):
        if not self.amount:
            return _("no money at stake")
        # sudo: symbol and decimals of a currency are no secret
        return _("%s at stake", format_amount(self.env, self.amount, self.currency_id.sudo()))

    def _say_tier(self, measure, tiers):
        name = tiers.get(self.tier_id.id)
        return _("%s customer", name) if name else _("customer without a tier")

    def _say_promise(self, measure, tiers):
        if measure is None:
            return _("nothing promised to the customer")
        duration = self._say_days(abs(measure))
        return _("promise in %s", duration) if measure > 0 else _("promised %s ago", duration)

    def _say_days(self, days):
        """Return a duration in the unit in which people would say it."""
        if days >= 2:
            return _("%s d", int(days))
        hours = int(days * 24)
        return _("%s h", hours) if hours else _("%s min", max(1, int(days * 24 * 60)))

    def _say_sla(self, measure, tiers):
        if measure is None:
            return _("no clock is running")
        if measure >= OVER:
            return _("the promised time is over")
        used = formatLang(self.env, int(measure), digits=0)
        return _("%s %% of the promised time used", used)

    def _say_recurrence(self, measure, tiers):
        if not measure:
            return _("did not happen before")
        return _("came back once") if measure == 1 else _("came back %s times", int(measure))
