from odoo import _, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..tools.shares import curve_value

# How many cases the preview names.
SHOWN = 10


class ExceptionScoreEditor(models.AbstractModel):
    """The screen *Priority*: weights and curves, tried on the open cases before they are saved.

    Values travel as plain dicts, one a part: ``{"code", "weight", "points": [[value, share], …]}``.
    """

    _inherit = "exception.score"

    @api.model
    def settings(self):
        """Return all parts with their curves, for the screen, and who leads the queue now."""
        parts = self.env["exception.score.part"].with_context(active_test=False).search([])
        return {
            "editable": parts.check_access_rights("write", raise_exception=False),
            "parts": [self._part_settings(part) for part in parts],
        }

    @api.model
    def _part_settings(self, part):
        labels = self._value_labels(part.code)
        points = [[point.x, point.share] for point in part.point_ids]
        if labels:
            # one line for each level, also for a tier that was added since
            points = [
                [place, curve_value(points, place) if points else 0]
                for place in range(1, len(labels) + 1)
            ]
        return {
            "code": part.code,
            "name": part.name,
            "help": part.help or "",
            "weight": part.weight if part.active else 0,
            "unit": self._value_unit(part.code),
            "labels": labels,
            "points": points,
        }

    @api.model
    def _value_labels(self, code):
        """Return the names of the values 1, 2, … of a part that has levels instead of amounts."""
        if code == "severity":
            severity = self.env["exception.case"]._fields["severity"]
            return [label for _key, label in severity._description_selection(self.env)]
        if code == "tier":
            return self.env["exception.tier"].search([]).mapped("name")
        return []

    @api.model
    def _value_unit(self, code):
        units = {
            "money": self._limit_currency().name,
            "promise": _("days left"),
            "sla": _("% of the time"),
            "recurrence": _("times"),
        }
        return units.get(code, "")

    @api.model
    def preview(self, parts):
        """Return how the first open cases would rank with these values; nothing is written.

        :return: ``{"error": sentence}``, or ``{"rows": […], "open": number of cases}``: the first
            ten by the new values, then those of the first ten now that would leave them
        """
        self._check_admin()
        config, error = self._read_settings(parts)
        if error:
            return {"error": error, "rows": []}
        found = self._rank_cases(fields.Datetime.now(), config)
        cases = self.env["exception.case"].browse(row["id"] for row in found)
        return {
            "error": "",
            "open": found[0]["total"] if found else 0,
            "rows": [
                {
                    "id": case.id,
                    "name": case.name,
                    "title": case.title,
                    "before": {"rank": row["rank_before"], "score": row["before"]},
                    "after": {"rank": row["rank_after"], "score": row["after"]},
                }
                for case, row in zip(cases, found, strict=True)
            ],
        }

    @api.model
    def save(self, parts):
        """Store weights and curves that make sense; the open cases are ranked anew soon after."""
        self._check_admin()
        _config, error = self._read_settings(parts)
        if error:
            raise UserError(error)
        known = {part.code: part for part in self._all_parts()}
        # weights first up, then down: together they make sense, one after the other they may not
        for values in sorted(parts, key=lambda values: -values["weight"]):
            part, weight = known[values["code"]], float(values["weight"])
            curve = [(float(x), float(share)) for x, share in values["points"]]
            vals = {}
            if (part.weight, part.active) != (weight, True):
                vals.update(weight=weight, active=True)
            if [(point.x, point.share) for point in part.point_ids] != curve:
                points = self.env["exception.score.point"]
                vals["point_ids"] = [
                    fields.Command.clear(),
                    *[fields.Command.create({"x": x, "share": share}) for x, share in curve],
                ]
                points.check_access_rights("unlink")
            if vals:
                part.write(vals)
        return True

    @api.model
    def _all_parts(self):
        return self.env["exception.score.part"].with_context(active_test=False).search([])

    @api.model
    def _check_admin(self):
        if not self.env["exception.score.part"].check_access_rights("write", False):
            raise AccessError(_("Only administrators of exceptions change how cases are ranked."))

    @api.model
    def _read_settings(self, parts):
        """Return (config as ``_config`` gives it, None), or (None, why it cannot work)."""
        names = {part.code: part.name for part in self._all_parts()}
        config = []
        for values in parts:
            name = names.get(values.get("code"))
            if not name:
                return None, _("“%s” is no part of the priority.", values.get("code"))
            try:
                weight = float(values["weight"])
                curve = tuple((float(x), float(share)) for x, share in values["points"])
            except (KeyError, TypeError, ValueError):
                return None, _("“%s”: give a number in each field.", name)
            if error := self._refuse_curve(name, curve):
                return None, error
            config.append((values["code"], weight, curve))
        if len({code for code, _weight, _curve in config}) != len(config):
            return None, _("Each part of the priority is given once.")
        error = self._refuse_weights([(names[code], weight) for code, weight, _c in config])
        return (None, error) if error else (tuple(config), None)

    @api.model
    def _rank_cases(self, now, config):
        """Return rows of the first cases before and after, best first by the new values."""
        cases = self.env["exception.case"]
        cases.flush_model()
        domain = [("is_open", "=", True), ("is_leading", "=", True)]
        query = cases._search(domain)
        self.env.cr.execute(
            SQL(
                """SELECT id, round(before)::int AS before, round(after)::int AS after,
                          rank_before, rank_after, total
                     FROM (SELECT *, count(*) OVER () AS total,
                                  row_number() OVER (ORDER BY before DESC, date_due, id)
                                      AS rank_before,
                                  row_number() OVER (ORDER BY after DESC, date_due, id)
                                      AS rank_after
                             FROM (%s) AS scored) AS ranked
                    WHERE rank_before <= %s OR rank_after <= %s
                    ORDER BY rank_after""",
                query.select(
                    SQL.identifier("exception_case", "id"),
                    SQL.identifier("exception_case", "date_due"),
                    SQL("%s AS before", self._expression(now)),
                    SQL("%s AS after", self._expression(now, config)),
                ),
                SHOWN,
                SHOWN,
            )
        )
        return self.env.cr.dictfetchall()
