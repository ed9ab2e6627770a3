from datetime import timedelta

from odoo import SUPERUSER_ID, _, fields, models
from odoo.exceptions import UserError

from ..tools.action_errors import ActionRefused


class ExceptionActionRunUndo(models.Model):
    """Taking back what was done: a run of its own, so that it happens once as well.

    By putting the declared fields back, or by the inverse action. Neither when somebody has
    changed since what it would restore: their change would be lost.
    """

    _inherit = "exception.action.run"

    can_undo = fields.Boolean(compute="_compute_can_undo")

    def _compute_can_undo(self):
        for run in self:
            run.can_undo = not run._refuse_undo_now()

    def undo(self, reason):
        """Take back what the run did.

        :param reason: why, for those who read it later
        :return: as ``run_action``, of the run that takes it back
        """
        self.ensure_one()
        return self._by_person(reason or "").with_user(self.env.user)._undo(reason)._answer()

    def _undo(self, reason, automated=False):
        """Take back what the run did, for the user or for the machine; return the undoing run.

        :raise UserError: why it cannot be taken back
        """
        self.ensure_one()
        run = self.sudo()  # sudo: runs are written by the model only
        if refusal := run._refuse_undo_now() or run._refuse_undo_changed():
            raise UserError(refusal)
        kind = run.action_id
        inverse = kind.undo_action_id if kind.undo_kind == "action" else kind
        run._give_up_failed_undos()
        undo = run._record([run._values_of_undo(inverse, reason, automated)])
        undo._audit("action.proposed", reason=reason)
        undo._submit()
        return undo.sudo(self.env.su)

    def _give_up_failed_undos(self):
        """End what failed to take the run back: it is asked for anew, with the same key.

        Nobody is told: another one takes its place at this moment.
        """
        failed = self.undo_ids.filtered(lambda undo: undo.state == "failed")
        if not failed:
            return
        failed._drop_job()
        words = _("It was asked for again.")
        for undo in failed:
            reason = "\n".join(filter(None, (undo.reason, words)))
            undo._store(undo._end_values("abandoned", reason=reason))
        failed._audit("action.abandoned", reason=words)
        failed._ask_people()

    def _values_of_undo(self, inverse, reason, automated):
        links = ("case_id", "type_id", "company_id", "currency_id")
        plain = ("res_model", "res_id", "record_key", "amount", "company_amount")
        return {
            **{name: self[name].id for name in links},
            **{name: self[name] for name in plain},
            "action_id": inverse.id,
            "undo_of_id": self.id,
            "values": self._undo_values(inverse),
            "key": f"undo/{self.id}",
            "reason": reason,
            "requested_by": SUPERUSER_ID if automated else self.env.uid,
            "automated": automated,
        }

    def _undo_values(self, inverse):
        """Return the inputs of the inverse action: what went in, and what was kept of it."""
        if inverse == self.action_id:
            return {}
        known = {**(self.values or {}), **(self.outcome or {})}
        names = inverse.parameter_ids.mapped("name")
        return {name: known.get(name) for name in names}

    def _refuse_undo_now(self):
        """Say why the run cannot be taken back, by what it is and when it was; None if it can."""
        self.ensure_one()
        if self.state != "done":
            return _("Only what was done can be taken back.")
        if self.undo_of_id:
            return _("This took something back. Do the action itself again instead.")
        action = self.action_id
        if action.undo_kind == "none":
            return _("“%s” cannot be taken back.", action.name)
        hours = action.undo_hours
        if hours and self.ended_at + timedelta(hours=hours) < fields.Datetime.now():
            return _("It could be taken back for %s hours only.", hours)
        if self.undo_ids.filtered(lambda undo: undo.state not in ("failed", "abandoned")):
            return _("It is being taken back already.")
        return None

    def _refuse_undo_changed(self):
        """Say what was changed since the run in the fields that it changed; None if nothing."""
        self.ensure_one()
        target = self._target().exists()
        if not target:
            return _("The record is gone.")
        now, after = self._declared(target), self.after or {}
        changed = [name for name in after if now.get(name, {}).get("value") != after[name]["value"]]
        if not changed:
            return None
        lines = [
            _(
                "%(field)s was %(after)s after it, and is %(now)s now.",
                field=target._fields[name].get_description(self.env)["string"],
                after=after[name]["text"] or _("empty"),
                now=now.get(name, {}).get("text") or _("empty"),
            )
            for name in changed
        ]
        return _(
            "Somebody has changed this since, so it is not taken back: %s Change it by hand.",
            " ".join(lines),
        )

    # ------------------------------------------------------------------
    # while it is at work
    # ------------------------------------------------------------------

    def _do(self, running):
        done = self.undo_of_id
        if not done:
            return super()._do(running)
        done._locked()
        if refusal := done._refuse_undo_late():
            raise ActionRefused(refusal)
        if done.action_id.undo_kind == "action":
            return super()._do(running)
        target = self._target().with_env(self._env_of_action(running))
        target.write(done._values_before(target))
        return None

    def _refuse_undo_late(self):
        """Check again when it is done: time has passed since it was asked."""
        if self.state != "done":
            return _("It was taken back already.")
        return self._refuse_undo_changed()

    def _values_before(self, target):
        """Return what to write so that the declared fields are as before."""
        values = {}
        for name, kept in (self.before or {}).items():
            value = kept["value"]
            many = target._fields[name].type in ("one2many", "many2many")
            values[name] = [(6, 0, value)] if many else value
        return values

    def _done(self):
        result = super()._done()
        # the same transaction: what was taken back is not done any more
        undone = self.undo_of_id
        if undone:
            undone._store(undone._end_values("undone", told=False))
        return result
