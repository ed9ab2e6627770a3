from decimal import Decimal

from odoo import _, api, models
from odoo.tools import SQL


class ExceptionEventOrder(models.Model):
    """What came twice counts once, and what is older does not overwrite what is newer."""

    _inherit = "exception.event"

    # ------------------------------------------------------------------
    # duplicates
    # ------------------------------------------------------------------

    def _drop_duplicates(self, works):
        """End the works whose matter was told before, by the key that their contract names."""
        keyed = {}
        for work in works:
            if work.outcome or not work.business_key:
                continue
            work.business_key = f"{work.contract._family()}:{work.business_key}"
            keyed.setdefault((work.event.endpoint_id.id, work.business_key), []).append(work)
        known = self._known_keys(keyed)
        for key, same in keyed.items():
            first = known.get(key)
            for work in same:
                if first in (None, work.event.id):
                    first = work.event.id
                    continue
                if first in self._replayed_by(work.event):
                    # said again on purpose; the first one goes on to stand for it
                    work.business_key = None
                    continue
                self._end(
                    work,
                    "ignored",
                    _("Duplicate of event %s: it says the same again.", first),
                    duplicate_of_id=first,
                )

    @api.model
    def _replayed_by(self, event):
        """Return the ids of the events of which this one is a replay."""
        ids = []
        while event.replay_of_id and len(ids) < 100:
            event = event.replay_of_id
            ids.append(event.id)
        return ids

    @api.model
    def _known_keys(self, keys):
        """Return {(endpoint id, business key): event id} of what counts already."""
        if not keys:
            return {}
        self.env.cr.execute(
            SQL(
                """SELECT endpoint_id, business_key, id FROM exception_event
                    WHERE endpoint_id = ANY(%s) AND business_key = ANY(%s)""",
                list({endpoint for endpoint, _key in keys}),
                list({key for _endpoint, key in keys}),
            )
        )
        return {(endpoint, key): id_ for endpoint, key, id_ in self.env.cr.fetchall()}

    # ------------------------------------------------------------------
    # order
    # ------------------------------------------------------------------

    def _put_in_order(self, works):
        """Mark the works that are older than what is known of their subject."""
        ordered = [work for work in works if not work.outcome and work.order is not None]
        newest = self._newest_of({self._story(work) for work in ordered})
        changed = {}
        for work in ordered:
            story = self._story(work)
            if story in newest and work.order < newest[story]:
                work.is_late = True
                continue
            if work.order != newest.get(story):
                changed[story] = (work.order, work.event.id)
            newest[story] = work.order
        self._keep_newest(changed)

    @api.model
    def _story(self, work):
        return work.event.endpoint_id.id, work.contract._family(), work.subject

    @api.model
    def _newest_of(self, stories):
        """Return {(endpoint id, family, subject): value} of the newest message of each."""
        if not stories:
            return {}
        endpoints, families, subjects = zip(*stories, strict=True)
        self.env.cr.execute(
            SQL(
                """SELECT endpoint_id, family, subject, CAST(value AS text)
                     FROM exception_event_newest
                    WHERE endpoint_id = ANY(%s) AND family = ANY(%s) AND subject = ANY(%s)""",
                list(set(endpoints)),
                list(set(families)),
                list(set(subjects)),
            )
        )
        # as text: Odoo reads numbers as floats, which cut long ones
        return {tuple(row[:3]): Decimal(row[3]) for row in self.env.cr.fetchall()}

    @api.model
    def _keep_newest(self, changed):
        """Note the newest messages; one that somebody else noted meanwhile is never put back.

        In a transaction that began before, PostgreSQL refuses the update of such a row, and the
        batch is tried again.
        """
        if not changed:
            return
        values = SQL(", ").join(
            SQL("%s", (*story, value, event_id)) for story, (value, event_id) in changed.items()
        )
        self.env.cr.execute(
            SQL(
                """INSERT INTO exception_event_newest AS known
                          (endpoint_id, family, subject, value, event_id)
                   VALUES %s
                   ON CONFLICT (endpoint_id, family, subject)
                   DO UPDATE SET value = EXCLUDED.value, event_id = EXCLUDED.event_id
                    WHERE known.value < EXCLUDED.value""",
                values,
            )
        )
