from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL

from .exception_case_open import BATCH_MARK

# What decides which case of a record leads.
BUNDLE_FIELDS = {"state", "severity", "amount", "currency_id", "team_id", "company_id"}


class ExceptionCaseBundle(models.Model):
    """Cases on one record are worked as one bundle: the queue lists the leading one with "+2".

    Cases of a private team form a bundle of their own, because the others must neither see them
    nor lose sight of their own case behind one that they cannot see.
    """

    _inherit = "exception.case"

    bundle_badge = fields.Char("More on the record", compute="_compute_bundle_badge")

    @api.depends("bundle_size")
    def _compute_bundle_badge(self):
        for case in self:
            case.bundle_badge = f"+{case.bundle_size - 1}" if case.bundle_size > 1 else False

    @api.model
    def _complete(self, vals_list):
        """Take new cases for alone on their records until bundled: most are, and need no write."""
        vals_list = super()._complete(vals_list)
        for vals in vals_list:
            vals.update(is_leading=vals["is_open"], bundle_size=int(vals["is_open"]))
        return vals_list

    def write(self, vals):
        """Write cases and find out anew which one leads, when something that decides changed."""
        result = super().write(vals)
        if BUNDLE_FIELDS & vals.keys() and not self._in_batch():
            self._bundle()
        return result

    @api.model
    def _in_batch(self):
        """Tell whether the model itself works on a batch: bundles follow once, at its end."""
        return self.env.su and self.env.context.get("exception_batch") is BATCH_MARK

    def unlink(self):
        """Delete cases (superuser only) and count the rest of their bundles anew."""
        keys = self._bundle_keys()
        result = super().unlink()
        self._refresh_bundles(keys)
        return result

    def _bundle(self):
        """Find out anew which case leads on each record of these, and how many there are."""
        self._refresh_bundles(self._bundle_keys())

    def _bundle_keys(self):
        """Keys (model, record id) of the records of these cases; (False, case id) without one."""
        return {
            (case.res_model, case.res_id) if case.res_model and case.res_id else (False, case.id)
            for case in self
        }

    @api.model
    def _refresh_bundles(self, keys=None):
        """Set ``is_leading`` and ``bundle_size`` of all cases on these records, set-based.

        Ranking and writing are apart, and both go by plain lists of ids: joined in one UPDATE,
        PostgreSQL chose a nested loop while the statistics of a fresh table were still empty,
        and the first sweep of a shop took minutes.

        :param keys: pairs (model name, record id) as ``_bundle_keys`` gives them; None: all
        """
        if keys is not None and not keys:
            return
        self.flush_model()
        self.env["exception.team"].flush_model(["private"])
        self.env.cr.execute(self._bundle_ranks(keys))
        by_rank = defaultdict(list)
        for case_id, leading, size in self.env.cr.fetchall():
            by_rank[leading, size].append(case_id)
        for (leading, size), ids in by_rank.items():
            self.env.cr.execute(
                SQL(
                    "UPDATE exception_case SET is_leading = %s, bundle_size = %s"
                    " WHERE id = ANY(%s)",
                    leading,
                    size,
                    ids,
                )
            )
        changed = self.browse(case_id for ids in by_rank.values() for case_id in ids)
        changed.invalidate_recordset(["is_leading", "bundle_size"], flush=False)

    @api.model
    def _bundle_ranks(self, keys):
        """Select (id, leads, size of its bundle) of the cases where this differs from the row."""
        wanted = SQL()
        if keys is not None:
            wanted = SQL(
                # looks at a few records more than asked when there are several models: harmless
                "AND (c.res_model = ANY(%s) AND c.res_id = ANY(%s) OR c.id = ANY(%s))",
                list({key[0] for key in keys if key[0]}),
                [key[1] for key in keys if key[0]],
                [key[1] for key in keys if not key[0]],
            )
        return SQL(
            """
            SELECT id, leads, size
              FROM (SELECT c.id, c.is_leading, c.bundle_size,
                           CASE WHEN c.is_open THEN count(*) OVER bundle ELSE 0 END AS size,
                           c.is_open AND row_number() OVER (
                               bundle ORDER BY c.severity, c.company_amount DESC NULLS LAST,
                                               c.detected_at, c.id
                           ) = 1 AS leads
                      FROM exception_case c
                 LEFT JOIN exception_team team ON team.id = c.team_id AND team.private
                     WHERE (c.is_open OR c.is_leading OR c.bundle_size > 0) %s
                    WINDOW bundle AS (
                        PARTITION BY c.is_open, c.res_model,
                                     COALESCE(NULLIF(c.res_id, 0), -c.id), c.company_id, team.id
                    )) AS ranked
             WHERE is_leading IS DISTINCT FROM leads OR bundle_size IS DISTINCT FROM size
            """,
            wanted,
        )


class ExceptionTeamBundle(models.Model):
    """Teams whose cases are bundled among themselves as long as they are private."""

    _inherit = "exception.team"

    def write(self, vals):
        """Bundle the team's cases anew when it becomes private or public."""
        result = super().write(vals)
        if "private" in vals:
            # sudo: also cases of companies that the manager does not see at the moment
            cases = self.env["exception.case"].sudo()
            found = cases.search([("team_id", "in", self.ids), ("is_open", "=", True)])
            cases._refresh_bundles(found._bundle_keys())
        return result
