import uuid
from functools import partial

from odoo import _, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..tools import event_json, wake_up
from ..tools.json_paths import changed_paths
from ..tools.refused import Refused

# What ended without having done what it should; trying it again is safe.
RETRIED = ("dead", "failed", "parked", "ignored")


class ExceptionEventReplay(models.Model):
    """Trying again what could not be understood, and saying it again in other words.

    As it came: the same event goes back to the queue. Edited, or done already: a new event that
    names the old one, whose content stays as it came. Who did it, why and which places changed is
    on the trail; the values are in the events themselves.
    """

    _inherit = "exception.event"

    replayed_by_id = fields.Many2one("res.users", "Replayed by", readonly=True)
    replay_reason = fields.Char("Replayed because", readonly=True)
    replay_count = fields.Integer("Replays", compute="_compute_replay_count")

    def _compute_replay_count(self):
        groups = dict(
            self._read_group([("replay_of_id", "in", self.ids)], ["replay_of_id"], ["__count"])
        )
        for event in self:
            event.replay_count = groups.get(event, 0)

    def _check_may_replay(self):
        if not self.env.user.has_group("exception_core.group_admin"):
            raise AccessError(
                _("Replaying lets things happen again: only an administrator of the desk may.")
            )
        self.check_access_rule("read")

    # ------------------------------------------------------------------
    # as it came
    # ------------------------------------------------------------------

    def action_retry(self):
        """Put events that did not do what they should back into the queue; say how many."""
        self._check_may_replay()
        # what was replayed in other words is not said in the old ones as well
        again = self.filtered(lambda event: event.state in RETRIED and not event.replay_count)
        again._retry()
        skipped = len(self) - len(again)
        message = _("%s events are tried again, as they came.", len(again))
        if skipped:
            message = _(
                "%(message)s %(count)s were left alone: they are done, under way, or replayed.",
                message=message,
                count=skipped,
            )
        return self._replay_answer(message, bool(again))

    def _retry(self):
        if not self:
            return
        entries = self.env["exception.audit.entry"]
        entries._audit_config(self, "event.replayed", before=lambda event: {"state": event.state})
        # sudo: events are written by the machine; access was checked by the caller
        self.sudo().write({"state": "received", "attempts": 0, "next_at": False, "done_at": False})
        self._drain_soon()

    # ------------------------------------------------------------------
    # in other words
    # ------------------------------------------------------------------

    def action_edit_replay(self):
        """Open the content of an event to be edited and replayed."""
        self.ensure_one()
        self._check_may_replay()
        if not self._content():
            raise UserError(
                _(
                    "The content is not kept any more, so it cannot be said again. Ask the sender "
                    "to send it once more."
                )
            )
        return {
            "type": "ir.actions.act_window",
            "name": _("Edit and replay"),
            "res_model": "exception.event.edit",
            "view_mode": "form",
            "target": "new",
            "context": {"default_event_id": self.id},
        }

    def _replay(self, body, reason):
        """Say an event again with this content.

        :param bytes body: the content, edited or not
        :param str reason: why, for the trail
        :return: the new event
        """
        self.ensure_one()
        self._check_may_replay()
        if self.state in ("received", "processing"):
            raise UserError(_("The event is still under way. Wait until it has ended."))
        self._refuse_second_replay()
        # sudo: as in _retry
        event = self.sudo()
        row = event._derived_row(
            body,
            f"replay:{event.id}:{uuid.uuid4().hex}",
            replay_of_id=event.id,
            parent_id=event.parent_id.id or None,
            replayed_by_id=self.env.uid,
            replay_reason=reason,
        )
        row["received_at"] = fields.Datetime.now()
        new = self.browse(self._store_rows([row]))
        if event.state != "done":
            words = _("Replayed as event %(new)s. Before: %(why)s", new=new.id, why=event.reason)
            event.write({"state": "ignored", "reason": words, "next_at": False})
        self.env["exception.audit.entry"]._audit_config(
            new,
            "event.replayed",
            before={"sha256": event.body_hash},
            after={"sha256": row["body_hash"]},
            reason=reason,
            replay_of=event.id,
            changed=", ".join(event._changed_places(body)) or None,
        )
        self._drain_soon()
        return new

    def _refuse_second_replay(self):
        """Refuse while a replay is under way: two of them would both have their effect."""
        # whoever presses at the same moment begins anew after us, and finds our replay
        self.env.cr.execute(
            SQL("UPDATE exception_event SET attempts = attempts WHERE id = %s", self.id)
        )
        # sudo: as in _retry
        under_way = self.sudo().search(
            [("replay_of_id", "=", self.id), ("state", "not in", ("done", "ignored", "dead"))],
            limit=1,
        )
        if under_way:
            raise UserError(
                _(
                    "It is being replayed already, as event %s. Wait until that has ended.",
                    under_way.id,
                )
            )

    def _changed_places(self, body):
        """Return which places of the content differ from how it came."""
        try:
            return changed_paths(event_json.parse(self._content()), event_json.parse(body))
        except Refused:
            return [_("the whole text")] if body != self._content() else []

    def _drain_soon(self):
        """Let the background take up what waits, as soon as this is committed."""
        self.env.cr.postcommit.add(partial(wake_up.soon, self.env.cr.dbname))

    def _replay_answer(self, message, good):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if good else "warning",
                "title": _("Replay"),
                "message": message,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_open_replays(self):
        """Open what this event was replayed as."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": _("Replays"),
            "res_model": self._name,
            "view_mode": "tree,form",
            "domain": [("replay_of_id", "=", self.id)],
        }
