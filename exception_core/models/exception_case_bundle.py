from odoo import api, fields, models
from odoo.tools import SQL

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
            case.bundle_badge = "+%d" % (case.bundle_size - 1) if case.bundle_size > 1 else False

    @api.model_create_multi
    def create(self, vals_list):
        """Create cases and find out which one leads on each record."""
        cases = super().create(vals_list)
        cases._refresh_bundles(cases._bundle_keys())
        return cases

    def write(self, vals):
        """Write cases and find out anew which one leads, when something that decides changed."""
        result = super().write(vals)
        if BUNDLE_FIELDS & vals.keys():
            self._refresh_bundles(self._bundle_keys())
        return result

    def unlink(self):
        """Delete cases (superuser only) and count the rest of their bundles anew."""
        keys = self._bundle_keys()
        result = super().unlink()
        self._refresh_bundles(keys)
        return result

    def _bundle_keys(self):
        """Keys (model, record id) of the records of these cases; (False, case id) without one."""
        return {
            (case.res_model, case.res_id) if case.res_model and case.res_id else (False, case.id)
            for case in self
        }

    @api.model
    def _refresh_bundles(self, keys=None):
        """Set ``is_leading`` and ``bundle_size`` of all cases on these records, in one statement.

        :param keys: pairs (model name, record id) as ``_bundle_keys`` gives them; None: all
        """
        if keys is not None and not keys:
            return
        self.flush_model()
        chosen = SQL()
        if keys is not None:
            records = [key for key in keys if key[0]]
            chosen = SQL(
                """AND c.id IN (
                    SELECT id FROM exception_case
                      JOIN unnest(%s::text[], %s::int[]) AS wanted(model, record)
                        ON res_model = wanted.model AND res_id = wanted.record
                     UNION ALL SELECT unnest(%s::int[]))""",
                [key[0] for key in records],
                [key[1] for key in records],
                [key[1] for key in keys if not key[0]],
            )
        self.env.cr.execute(self._bundle_update(chosen))
        changed = self.browse(row[0] for row in self.env.cr.fetchall())
        changed.invalidate_recordset(["is_leading", "bundle_size"], flush=False)

    @api.model
    def _bundle_update(self, chosen):
        """One UPDATE that ranks the open cases of each bundle; only changed rows are written."""
        return SQL(
            """
            WITH ranked AS (
                SELECT c.id,
                       CASE WHEN c.is_open THEN count(*) OVER bundle ELSE 0 END AS size,
                       c.is_open AND row_number() OVER (
                           bundle ORDER BY c.severity, c.company_amount DESC NULLS LAST,
                                           c.detected_at, c.id
                       ) = 1 AS leading
                  FROM exception_case c
             LEFT JOIN exception_team team ON team.id = c.team_id AND team.private
                 WHERE (c.is_open OR c.is_leading OR c.bundle_size > 0) %s
                WINDOW bundle AS (
                    PARTITION BY c.is_open, c.res_model, COALESCE(NULLIF(c.res_id, 0), -c.id),
                                 c.company_id, team.id
                )
            )
            UPDATE exception_case c
               SET is_leading = ranked.leading, bundle_size = ranked.size
              FROM ranked
             WHERE c.id = ranked.id
               AND (c.is_leading IS DISTINCT FROM ranked.leading
                    OR c.bundle_size IS DISTINCT FROM ranked.size)
         RETURNING c.id
            """,
            chosen,
        )


class ExceptionTeamBundle(models.Model):
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
