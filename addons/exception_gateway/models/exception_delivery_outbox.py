import json
import logging
import time
import uuid
from dataclasses import dataclass, field
from datetime import datetime

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.tools import SQL, ormcache

from odoo.addons.exception_core.tools.domain_text import evaluate_domain

_logger = logging.getLogger(__name__)

# where a transaction keeps what it has read
WISHES = "exception_gateway.wishes"
COLUMNS = {
    "subscription_id": "int4",
    "company_id": "int4",
    "case_id": "int4",
    "case_state": "varchar",
    "event_type": "varchar",
    "message_id": "varchar",
    "payload": "text",
    "state": "varchar",
    "created_at": "timestamp",
    "since": "timestamp",
    "next_at": "timestamp",
    "attempts": "int4",
    "replays": "int4",
}


@dataclass(frozen=True)
class Happening:
    """Something that happened to a case, for whoever wants to know."""

    event_type: str
    case_id: int
    data: dict = field(default_factory=dict)
    at: datetime | None = None
    only_system: int = 0


@dataclass(frozen=True)
class Wish:
    """What a subscription wants to know, as plain values."""

    subscription_id: int
    events: frozenset
    domain: str
    company_id: int
    system_id: int
    fields: tuple
    version: str

    def wants(self, happening, company_id, origin):
        """Tell whether an event is for it, as far as that shows without looking at the case."""
        if self.events and happening.event_type not in self.events:
            return False
        if self.company_id and self.company_id != company_id:
            return False
        if happening.only_system and happening.only_system != self.system_id:
            return False
        # what came from a system is not told to it
        return not (origin and origin == self.system_id)


class Box:
    """What subscriptions want, as transactions know it that began after the box was made."""

    def __init__(self):
        self.made_at = time.monotonic()
        self.wishes = None


class Origin:
    """Which system a change came from. An object: no client can send one in its context."""

    def __init__(self, system_id):
        self.system_id = system_id


class ExceptionDeliveryOutbox(models.Model):
    """What happens is written into the outbox in the transaction in which it happens.

    So it is told if it happened, and only then. A failure here is logged and never reaches the
    person whose click it was.
    """

    _inherit = "exception.delivery"

    @api.model
    @ormcache()
    def _wishes_box(self):
        """Return where this process keeps what subscriptions want; a new one after each change."""
        return Box()

    @api.model
    def _wishes(self):
        """Return what all subscriptions want; an empty tuple costs nothing.

        A transaction that began before a change does not see it, and one that made it may yet be
        taken back: what they read is kept for themselves only.
        """
        box, cache = self._wishes_box(), self.env.cr.cache
        if box.wishes is not None:
            return box.wishes
        known = cache.get(WISHES)
        if not known or known[0] is not box:
            known = cache[WISHES] = (box, self._read_wishes())
            self.env.cr.execute(SQL("SELECT extract(epoch FROM clock_timestamp() - now())"))
            if time.monotonic() - float(self.env.cr.fetchone()[0]) > box.made_at:
                box.wishes = known[1]
        return known[1]

    @api.model
    def _read_wishes(self):
        # sudo: whoever works on a case, subscriptions are the administrators'
        subscriptions = self.env["exception.subscription"].sudo()
        return tuple(
            Wish(
                one.id,
                frozenset(one.event_ids.mapped("code")),
                one.domain or "[]",
                one.company_id.id or 0,
                one.system_id.id or 0,
                tuple(one.field_ids.mapped("code")),
                one.payload_version,
            )
            for one in subscriptions.search([("state", "in", ("active", "paused"))])
        )

    @api.model
    def _wanted(self, event_type):
        """Tell whether any subscription wants an event of this type."""
        return any(not wish.events or event_type in wish.events for wish in self._wishes())

    @api.model
    def _put_out(self, happenings):
        """Write what happened to cases into the outbox, for everybody who wants to know it."""
        happenings = [one for one in happenings if self._wanted(one.event_type)]
        if not happenings:
            return
        # what the person did is written before the savepoint: it is not ours to take back
        self.env.flush_all()
        try:
            with self.env.cr.savepoint(flush=False):
                rows = self._rows(happenings)
                self._insert(rows)
        except OperationalError:
            # a conflict with another transaction: Odoo tries the whole of it again
            raise
        except Exception:
            _logger.exception("%s events could not be put into the outbox", len(happenings))
            return
        if rows:
            self._wake_after_commit()

    @api.model
    def _rows(self, happenings):
        """Return a dict of ``COLUMNS`` for each subscription that wants an event."""
        # sudo: as in _wishes; what is told of a case is what the subscription says
        cases = self.env["exception.case"].sudo()
        cases = cases.browse(dict.fromkeys(one.case_id for one in happenings)).exists()
        context = self.env.context.get("exception_origin")
        origin = context.system_id if isinstance(context, Origin) else 0
        matching, rows, told = {}, [], {}
        ids = [f"msg_{uuid.uuid4().hex}" for _one in happenings]
        for message_id, happening in zip(ids, happenings, strict=True):
            case = cases.browse(happening.case_id)
            if case not in cases:
                continue
            for wish in self._wishes():
                if not wish.wants(happening, case.company_id.id, origin):
                    continue
                if case.id not in self._matching(wish, cases, matching):
                    continue
                rows.append(self._row(wish, happening, case, message_id, told))
        return rows

    @api.model
    def _matching(self, wish, cases, known):
        """Return the ids of those cases that a subscription is about; worked out once for all."""
        if wish not in known:
            try:
                domain = evaluate_domain(wish.domain, fields.Datetime.now())
                found = cases.filtered_domain(domain) if domain else cases
                known[wish] = set(found.ids)
            except OperationalError:
                raise
            except Exception:
                # checked when it was saved; whatever has become of it, the others go on
                _logger.exception("The condition of subscription %s fails", wish.subscription_id)
                known[wish] = set()
        return known[wish]

    @api.model
    def _row(self, wish, happening, case, message_id, told):
        now = fields.Datetime.now()
        at = happening.at or now
        about = (case.id, wish.fields, wish.system_id)
        if about not in told:
            told[about] = case._told(wish.fields, wish.system_id)
        payload = {
            "id": message_id,
            "type": happening.event_type,
            "version": wish.version,
            "timestamp": at.isoformat(timespec="seconds") + "Z",
            "data": {"case": told[about], **case._told_more(happening.data, wish.fields)},
        }
        return {
            "subscription_id": wish.subscription_id,
            "company_id": case.company_id.id,
            "case_id": case.id,
            "case_state": case.state,
            "event_type": happening.event_type,
            "message_id": message_id,
            "payload": json.dumps(payload, ensure_ascii=False, separators=(",", ":")),
            "state": "waiting",
            "created_at": at,
            "since": now,
            "next_at": now,
            "attempts": 0,
            "replays": 0,
        }

    @api.model
    def _insert(self, rows):
        """Insert deliveries; all of them in one statement."""
        if not rows:
            return self.browse()
        arrays = [
            SQL("%s::%s[]", [row[name] for row in rows], SQL(kind))
            for name, kind in COLUMNS.items()
        ]
        self.env.cr.execute(
            SQL(
                "INSERT INTO exception_delivery (%s) SELECT * FROM unnest(%s) RETURNING id",
                SQL(", ").join(map(SQL.identifier, COLUMNS)),
                SQL(", ").join(arrays),
            )
        )
        return self.browse(row[0] for row in self.env.cr.fetchall())
