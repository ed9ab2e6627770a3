from contextlib import contextmanager

from odoo import _, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from ..tools.hits import select_columns

SAMPLE = 200
TOP = 12
MAX_POINTS = 41
LAB_COLUMNS = {
    "res_id": "integer",
    "company_id": "integer",
    "fingerprint": "text",
    "partner_id": "integer",
    "amount": "numeric",
    "currency_id": "integer",
    "occurred_at": "timestamp",
}


class ExceptionDetectorLab(models.Model):
    """Back-test and tune: the same select, no writes, what would open now."""

    _inherit = "exception.detector"

    def backtest(self, params=None):
        """Say what the detector would open now. The database itself refuses any write meanwhile.

        :param dict params: parameter name → value to try instead of the saved one
        :return: dict with ``hits`` and ``cases`` (hits without a known case), ``exposure`` of
            those cases in the currency of the current company, ``currency_id``, the spreads
            ``companies``, ``partners`` and ``days`` (label, cases, exposure), and ``res_ids``
            of the records at stake (largest amounts first, at most 200)
        :raise UserError: when the detector fails, with the reason
        """
        override = self._lab_override(params)
        # a sweep covers every company; who tries one sees what concerns their own
        companies = self.env.user.company_ids.ids
        now = fields.Datetime.now()
        with self._read_only() as engine:
            rows = engine._lab_groups(now, override, companies)
            res_ids = engine._lab_sample(now, override, companies)
        total = [row for row in rows if row["spread"] == "total"]
        return {
            "model": self.model_id.model,
            "hits": sum(row["hits"] for row in total),
            "cases": sum(row["cases"] for row in total),
            "exposure": sum(self._lab_amount(row) for row in total),
            "currency_id": self.env.company.currency_id.id,
            "companies": self._lab_spread(rows, "company", "res.company"),
            "partners": self._lab_spread(rows, "partner", "res.partner"),
            "days": self._lab_spread(rows, "day"),
            "res_ids": res_ids,
        }

    def tune(self, parameter, values):
        """Back-test a grid of values of one parameter.

        :param str parameter: name of the parameter
        :param list values: values to try, at most 41
        :return: list of {value, cases, exposure}, in the order of ``values``
        :raise UserError: when a value is out of its limits or the detector fails
        """
        if len(values) > MAX_POINTS:
            raise UserError(_("Try at most %s values at once.", MAX_POINTS))
        companies = self.env.user.company_ids.ids
        now = fields.Datetime.now()
        points = []
        for value in values:
            override = self._lab_override({parameter: value})
            with self._read_only() as engine:
                rows = engine._lab_groups(now, override, companies)
            total = [row for row in rows if row["spread"] == "total"]
            points.append(
                {
                    "value": override[parameter],
                    "cases": sum(row["cases"] for row in total),
                    "exposure": sum(self._lab_amount(row) for row in total),
                }
            )
        return points

    def adopt(self, parameter, value):
        """Make a tried value the parameter's value; noted on the detector.

        :param str parameter: name of the parameter
        :param value: the value, within the parameter's limits
        :return: True
        """
        value = self._lab_override({parameter: value})[parameter]
        line = self.parameter_ids.filtered(lambda p: p.name == parameter)
        before = line.value
        line.write({"value": str(value)})
        if line.value == before:
            # it waits for a second person
            return True
        self.message_post(
            body=_(
                "%(label)s changed from %(before)s to %(after)s %(unit)s.",
                label=line.label,
                before=before,
                after=line.value,
                unit=line.unit or "",
            )
        )
        return True

    # ------------------------------------------------------------------
    # helpers
    # ------------------------------------------------------------------

    def _lab_override(self, params):
        """Check who asks and what for; return the values parsed."""
        self.ensure_one()
        self.check_access_rights("write")
        self.check_access_rule("write")
        override = {}
        for name, value in (params or {}).items():
            line = self.parameter_ids.filtered(lambda p, name=name: p.name == name)
            if not line:
                raise UserError(
                    _("“%(detector)s” has no parameter “%(name)s”.", detector=self.name, name=name)
                )
            override[name] = line._parse(value)
        return override

    @contextmanager
    def _read_only(self):
        """Give an engine whose statements cannot write: PostgreSQL refuses it.

        The rollback to the savepoint takes the limits back with it.
        """
        self.env.flush_all()
        savepoint = self.env.cr.savepoint(flush=False)
        try:
            limits = self._limits(self.timeout_seconds * 1000, 0)
            self.env.cr.execute(SQL("%s SET LOCAL transaction_read_only = on", limits))
            yield self._as_engine()
            # what a query left in the ORM's cache to be written later is refused here as well
            self.env.flush_all()
        except (UserError, ValidationError):
            self.env.clear()
            raise
        except Exception as error:
            # first leave the failed statement behind: the message reads names
            savepoint.close(rollback=True)
            self.env.clear()
            raise UserError(
                _(
                    "“%(detector)s” could not be tried: %(error)s",
                    detector=self.name,
                    error=str(error).strip(),
                )
            ) from error
        finally:
            savepoint.close(rollback=True)

    def _lab_hits(self, now, override, companies):
        """Select the hits and whether each would open a case."""
        source, columns = self._hit_source(now, override)
        return SQL(
            """SELECT h.*, NOT EXISTS (
                          SELECT FROM exception_case c
                           WHERE c.detector_id = %(detector)s AND c.res_id = h.res_id
                             AND c.fingerprint = h.fingerprint
                             AND (c.condition_active OR c.accepted_until > %(today)s)) AS is_new
                 FROM (%(hits)s) AS h
                WHERE h.company_id = ANY(%(companies)s)""",
            detector=self.id,
            today=now.date(),
            companies=companies,
            hits=select_columns(source, columns, LAB_COLUMNS),
        )

    def _lab_groups(self, now, override, companies):
        self.env.cr.execute(
            SQL(
                """WITH hit AS MATERIALIZED (%s)
                   SELECT CASE GROUPING(company_id, partner_id, occurred_at::date)
                               WHEN 3 THEN 'company' WHEN 5 THEN 'partner' WHEN 6 THEN 'day'
                               ELSE 'total' END AS spread,
                          company_id, partner_id, occurred_at::date AS day, currency_id,
                          count(*) AS hits, count(*) FILTER (WHERE is_new) AS cases,
                          COALESCE(sum(abs(amount)) FILTER (WHERE is_new), 0)::float AS amount
                     FROM hit
                    GROUP BY GROUPING SETS ((currency_id), (company_id, currency_id),
                             (partner_id, currency_id), (occurred_at::date, currency_id))""",
                self._lab_hits(now, override, companies),
            )
        )
        return self.env.cr.dictfetchall()

    def _lab_sample(self, now, override, companies):
        self.env.cr.execute(
            SQL(
                "SELECT res_id FROM (%s) AS hit WHERE is_new"
                " ORDER BY abs(amount) DESC NULLS LAST, res_id LIMIT %s",
                self._lab_hits(now, override, companies),
                SAMPLE,
            )
        )
        return [row[0] for row in self.env.cr.fetchall()]

    def _lab_amount(self, row):
        """Return a row's amount in the currency of the current company, at today's rate."""
        company = self.env.company
        currency = self.env["res.currency"].browse(row["currency_id"] or company.currency_id.id)
        return currency._convert(
            row["amount"], company.currency_id, company, fields.Date.context_today(self)
        )

    def _lab_spread(self, rows, spread, model=None):
        """Sum the rows of one spread over currencies; the largest first, days in order."""
        column = "day" if spread == "day" else f"{spread}_id"
        totals = {}
        for row in rows:
            if row["spread"] == spread and row["cases"]:
                cases, exposure = totals.get(row[column], (0, 0.0))
                totals[row[column]] = (cases + row["cases"], exposure + self._lab_amount(row))
        labels = {}
        if model:
            records = self.env[model].browse([key for key in totals if key])
            # sudo: the names of what the sweep found, for those who may configure sweeps
            labels = {record.id: record.display_name for record in records.sudo()}
        found = [
            {
                "label": labels.get(key) or (key and str(key)) or _("None"),
                "cases": cases,
                "exposure": exposure,
            }
            for key, (cases, exposure) in totals.items()
        ]
        if spread == "day":
            return sorted(found, key=lambda line: line["label"])
        return sorted(found, key=lambda line: -line["cases"])[:TOP]
