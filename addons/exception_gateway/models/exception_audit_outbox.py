import json
import logging

from odoo import _lt, api, models

from .exception_delivery_outbox import Happening

_logger = logging.getLogger(__name__)

# Events of the trail and what they are called outside.
TOLD = {
    "case.opened": "case.opened",
    "case.assigned": "case.assigned",
    "case.reopened": "case.reopened",
    "approval.requested": "approval.requested",
    "approval.approved": "approval.decided",
    "approval.rejected": "approval.decided",
    "approval.withdrawn": "approval.decided",
    "action.done": "action.done",
    "action.failed": "action.failed",
    "action.unknown": "action.failed",
}
# How the end of a case is called outside, by the state that it then has.
ENDS = {"resolved": "case.resolved", "closed": "case.closed", "cancelled": "case.closed"}
EVENTS = [
    ("delivery.sent", _lt("Told to another system")),
    ("delivery.dead", _lt("Could not be told to another system")),
    ("delivery.replayed", _lt("Told to another system again")),
    ("subscription.activated", _lt("Subscription tells another system")),
    ("subscription.paused", _lt("Subscription paused")),
    ("subscription.secret", _lt("New secret of a subscription")),
    ("outside.linked", _lt("Linked to another system")),
    ("outside.unlinked", _lt("No longer linked to another system")),
    ("outside.followed", _lt("Followed another system")),
    ("outside.conflict", _lt("Another system says otherwise")),
]


class ExceptionAuditOutbox(models.Model):
    """What gets on the trail of a case is told to whoever asked for it, in one transaction."""

    _inherit = "exception.audit.entry"

    @api.model
    def _audit_events(self):
        return [*super()._audit_events(), *EVENTS]

    @api.model
    def _insert(self, rows):
        result = super()._insert(rows)
        deliveries = self.env["exception.delivery"]
        if rows and deliveries._wishes():
            deliveries._put_out([one for row in rows for one in _happenings(row)])
        return result


def _happenings(row):
    """Return what is told outside of one entry: nothing, one event, or two."""
    if not row.get("case_id"):
        return []
    event = row["event"]
    before, after, data = (
        json.loads(row[name]) if row.get(name) else {} for name in ("before", "after", "data")
    )
    found = []
    if event in TOLD:
        found.append((TOLD[event], _data(event, before, after, data)))
    changes = event.startswith("case.") and event not in ("case.opened", "case.reopened")
    if changes and "state" in after:
        name = ENDS.get(after["state"], "case.state_changed")
        found.append((name, _change(before, after)))
    return [Happening(name, row["case_id"], more) for name, more in found]


def _data(event, before, after, data):
    kind = event.partition(".")[0]
    if kind == "approval":
        approval = {"id": data.get("approval"), "name": data.get("request")}
        if event != "approval.requested":
            approval["outcome"] = event.partition(".")[2]
        return {"approval": approval}
    if kind == "action":
        outcome = event.partition(".")[2]
        return {"action": {"code": data.get("action"), "run": data.get("run"), "outcome": outcome}}
    if event == "case.assigned":
        return {"assignment": {"owner": _id(after, "user_id"), "team": _id(after, "team_id")}}
    if event == "case.reopened":
        return _change(before, after)
    return {}


def _change(before, after):
    return {"change": {"from": before.get("state"), "to": after.get("state")}}


def _id(values, name):
    """Return the number of a record as the trail keeps it; None when it is not there."""
    value = values.get(name)
    return value[0] if isinstance(value, list) and value else None
