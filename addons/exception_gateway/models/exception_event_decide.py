from datetime import timedelta

from odoo import _, api, fields, models

from ..tools.event_path import find
from ..tools.refused import Refused
from .exception_event_contract_read import is_true

# How long a message waits before its record is looked for again: a little longer each time.
FIRST_LOOK = timedelta(minutes=1)
LAST_LOOK = timedelta(minutes=30)


class ExceptionEventDecide(models.Model):
    """What follows when no record fits, and which lines of the contract fit."""

    _inherit = "exception.event"

    # ------------------------------------------------------------------
    # no record, or several
    # ------------------------------------------------------------------

    def _decide_unmatched(self, works):
        """Park, ignore or bury what has no record, as its contract says."""
        now = fields.Datetime.now()
        for work in works:
            if work.outcome or work.is_late or work.record is not None:
                continue
            contract = work.contract
            if work.several:
                if contract.several == "dead":
                    self._end(work, "dead", _("Several records fit; which one is not clear."))
            elif not work.looked:
                # it names no record, or one of an app that is not installed
                continue
            elif contract.unmatched == "ignore":
                self._end(work, "ignored", _("No record fits."))
            elif contract.unmatched == "dead":
                self._end(work, "dead", _("No record fits."))
            elif contract.unmatched == "park" and not self._waited(work, now):
                self._park(work, now)

    @api.model
    def _waited(self, work, now):
        waits = timedelta(hours=work.contract.park_hours or 24.0)
        return now - work.event.received_at >= waits

    @api.model
    def _park(self, work, now):
        waited = now - work.event.received_at
        pause = max(FIRST_LOOK, min(waited, LAST_LOOK))
        end = work.event.received_at + timedelta(hours=work.contract.park_hours or 24.0)
        self._end(
            work,
            "parked",
            _("No record fits yet: %s", self._looked_for(work)),
            next_at=min(now + pause, end),
            # waiting is no failure, however often it is looked at
            attempts=0,
        )

    @api.model
    def _looked_for(self, work):
        """Return what was looked for, for people."""
        names = [work.form["reference"], *work.form["references"].values()]
        return ", ".join(dict.fromkeys(name for name in names if name)) or work.form["what"]

    @api.model
    def _needs_unmatched_case(self, work):
        """Tell whether a case says that the record is missing, or not clear."""
        if work.record is not None or work.outcome or work.is_late:
            return False
        if work.several:
            return True
        return work.looked and work.contract.unmatched in ("park", "case")

    # ------------------------------------------------------------------
    # which lines fit
    # ------------------------------------------------------------------

    @api.model
    def _said_of(self, work):
        """Return what conditions and values of reactions may ask: the normal form, and more."""
        return {**work.form, "matched": work.record is not None}

    @api.model
    def _choose_reactions(self, work):
        """Note which lines of its contract fit a work; end it when they say so."""
        said = self._said_of(work)
        try:
            for line in work.contract._lines("reaction_ids"):
                condition = (line.condition or "").strip()
                if condition and not is_true(find(condition, said)):
                    continue
                if line.kind == "ignore":
                    if not work.reactions:
                        self._end(work, "ignored", line.reason)
                    return
                work.reactions.append(line)
        except Refused as refused:
            work.reactions.clear()
            self._end(work, "dead", refused)
            return
        if not work.reactions:
            self._end(work, "ignored", _("No reaction is meant for “%s”.", work.form["what"]))

    @api.model
    def _text_of(self, path, work):
        """Return the text that an expression of a reaction finds, or an empty one.

        :raise Refused: when it cannot be worked out
        """
        found = find(path, self._said_of(work)) if (path or "").strip() else None
        if found is None or isinstance(found, dict | list):
            return ""
        return str(found).strip()[:200]
