from datetime import timedelta

from odoo import models
from odoo.tools import SQL

# Ended so that the same hit is another matter when it returns: it links to the old case.
NEVER_REOPENED = ("duplicate", "covered", "accepted")


class ExceptionDetectorOpen(models.Model):
    """From hits to cases: re-open, recurrence or new."""

    _inherit = "exception.detector"

    def _open_hits(self, now, hits):
        """Open or re-open the cases of new hits, in batch.

        A hit that comes back within the type's re-open window re-opens its case, so that a
        flapping condition does not flood the queue; later it is a new case that names the old
        one as what it recurs from.

        :param list hits: dicts of the hit contract
        :return: (number opened, number re-opened)
        """
        previous = self._previous_cases(hits)
        window = timedelta(hours=self.type_id.reopen_window_hours)
        create, reopen = [], []
        dimensions = self.env["exception.case"]._dimension_fields()
        read_facts = self._fact_reader()
        for hit in hits:
            former = previous.get((hit["res_id"], hit["fingerprint"]))
            vals = self._case_vals(hit, dimensions)
            vals["facts"] = read_facts(hit["facts"] or {})
            if former and self._returns_to(former, now, window):
                reopen.append((self.env["exception.case"].browse(former["id"]), vals))
            else:
                create.append(dict(vals, recurrence_of_id=former and former["id"]))
        self._forget(previous)
        if reopen:
            self.env["exception.case"]._reopen_batch(reopen, now)
        if create:
            self.env["exception.case"]._open_batch(create)
        return len(create), len(reopen)

    def _returns_to(self, former, now, window):
        if former["taken_up"]:
            # a person has re-opened an older case of this hit: that one is refreshed
            return False
        if former["outcome"] == "accepted" and former["condition_active"]:
            # the accepted risk has come to its date and the condition still holds
            return True
        if former["outcome"] in NEVER_REOPENED:
            return False
        return former["ended_at"] and now - former["ended_at"] <= window

    def _previous_cases(self, hits):
        """Return the newest ended case for each hit, ``{(res_id, fingerprint): row}``."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """SELECT DISTINCT ON (c.res_id, c.fingerprint)
                          c.id, c.res_id, c.fingerprint, c.outcome, c.condition_active,
                          COALESCE(c.resolved_at, c.closed_at) AS ended_at,
                          EXISTS (SELECT FROM exception_case older
                                   WHERE older.detector_id = c.detector_id
                                     AND older.res_id = c.res_id
                                     AND older.fingerprint = c.fingerprint
                                     AND older.is_open) AS taken_up
                     FROM exception_case c
                    WHERE c.detector_id = %s AND c.res_id = ANY(%s) AND NOT c.is_open
                    ORDER BY c.res_id, c.fingerprint, c.detected_at DESC, c.id DESC""",
                self.id,
                [hit["res_id"] for hit in hits],
            )
        )
        return {(row["res_id"], row["fingerprint"]): row for row in self.env.cr.dictfetchall()}

    def _forget(self, previous):
        """Keep one case for each key that stands for the condition: the one opened next."""
        stale = [row["id"] for row in previous.values() if row["condition_active"]]
        self.env["exception.case"].browse(stale).write({"condition_active": False})

    def _case_vals(self, hit, dimensions):
        """Return the values of the case of a hit; what is absent follows from the type."""
        return {
            "detector_id": self.id,
            "type_id": self.type_id.id,
            "team_id": self.team_id.id,
            "res_model": self.model_id.model,
            "res_id": hit["res_id"],
            "fingerprint": hit["fingerprint"],
            "company_id": hit["company_id"] or self.company_id.id,
            "partner_id": hit["partner_id"],
            "currency_id": hit["currency_id"],
            "amount": abs(float(hit["amount"] or 0.0)),
            "occurred_at": hit["occurred_at"],
            "hold_step": self.hold_step if self.holds else False,
            **{name: hit[name] for name in dimensions},
        }

    def _fact_reader(self):
        """Return a function that makes the facts of a hit what a case keeps.

        In the order and under the labels of the detector, unnamed ones last. What the detector
        says of its facts is read once, for all hits.
        """
        labels = self._selection_labels()
        known = [(fact.key, fact.name, fact.kind) for fact in self.fact_ids]
        named = {key for key, _label, _kind in known}

        def rows(facts):
            found = [
                {
                    "key": key,
                    "label": label,
                    "value": labels[key].get(facts[key], facts[key])
                    if key in labels
                    else facts[key],
                    "kind": kind,
                }
                for key, label, kind in known
                if facts.get(key) is not None
            ]
            return found + [
                {
                    "key": key,
                    "label": key.replace("_", " ").capitalize(),
                    "value": value,
                    "kind": "text",
                }
                for key, value in facts.items()
                if key not in named and value is not None
            ]

        return rows

    def _selection_labels(self):
        """Return the labels of facts that read a selection field of the checked model."""
        if self.source == "query":
            return {}
        labels = {}
        for fact in self.fact_ids.filtered("path"):
            field = self._walk_path(self.model_id.model, fact.path)[-1]
            if field.type == "selection":
                labels[fact.key] = dict(field._description_selection(self.env))
        return labels
