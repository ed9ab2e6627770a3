from collections import defaultdict

from odoo import models
from odoo.tools import SQL

from .exception_sla_clock_store import COLUMNS

STATE, WARN_AT, STOPPED_AT = (list(COLUMNS).index(n) for n in ("state", "warn_at", "stopped_at"))
# Where levels come from: what of them may have changed in this transaction.
LEVELS = {
    "exception.escalation.policy": ("active", "company_id", "is_default", "sequence"),
    "exception.escalation.level": (
        "policy_id",
        "clock_kind",
        "trigger",
        "delay_seconds",
        "sequence",
    ),
    "exception.type": ("escalation_policy_id",),
    "exception.team": ("escalation_policy_id",),
}


class ExceptionSlaLevelsNew(models.Model):
    """The first levels of new clocks: asked once for all clocks that are alike."""

    _inherit = "exception.sla.clock"

    def _schedule_new(self, rows):
        """Set when the first level of each of these new clocks is due.

        Goes by the cases as they are in memory, which need not be written for it.

        :param rows: list of (case id, kind, values of ``COLUMNS``), in the order of the clocks
        """
        cases = {
            case.id: (case.is_open, case.type_id.id, case.team_id.id or None, case.company_id.id)
            for case in self.env["exception.case"].browse(dict.fromkeys(row[0] for row in rows))
        }
        alike = defaultdict(list)
        for clock_id, (case_id, kind, values) in zip(self.ids, rows, strict=True):
            alike[kind, values, cases[case_id]].append((clock_id, case_id))
        samples = {key: found[0] for key, found in alike.items() if key[2][0]}
        due = self._sample_levels(samples)
        moved = {
            clock_id: due.get(key)
            for key, found in alike.items()
            for clock_id, _case_id in found
            # as it was stored: see _store_new
            if due.get(key) != (key[1][WARN_AT] if key[1][STATE] == "running" else None)
        }
        if moved:
            self.browse(moved)._store_levels(list(moved.values()))
        stopped = {case_id for case_id, _kind, values in rows if values[STOPPED_AT]}
        self.env["exception.case"].browse(stopped)._close_escalations()

    def _sample_levels(self, samples):
        """Return {key: when the next level of this clock is due}.

        :param samples: {(…, (is open, type, team, company)): (clock id, case id)}
        """
        if not samples:
            return {}
        for model, names in LEVELS.items():
            self.env[model].flush_model(names)
        known = {case_id: key[-1][1:] for key, (_clock_id, case_id) in samples.items()}
        columns = [list(known), *map(list, zip(*known.values(), strict=True))]
        table = SQL(
            "(SELECT * FROM unnest(%s, %s, %s::int4[], %s)"
            " AS known(id, type_id, team_id, company_id))",
            *columns,
        )
        clocks = self.browse(clock_id for clock_id, _case_id in samples.values())
        due = clocks._next_levels(table)
        return {key: due.get(clock_id) for key, (clock_id, _case_id) in samples.items()}
