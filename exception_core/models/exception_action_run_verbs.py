from odoo import _, fields, models
from odoo.exceptions import AccessError, UserError


class ExceptionActionRunVerbs(models.Model):
    """What people decide about runs: go on, try again, give up, say what became of them."""

    _inherit = "exception.action.run"

    def _by_person(self, reason=None):
        """Check that the user may decide about these runs; return them as superuser, locked.

        :param reason: the reason that the verb asks for; None where it needs none
        """
        self.check_access_rights("read")
        self.check_access_rule("read")
        self.case_id.check_access_rights("write")
        self.case_id.check_access_rule("write")
        for action in self.action_id:
            if refusal := action._refuse_person():
                raise AccessError(refusal)
        if reason is not None and not (reason or "").strip():
            raise UserError(_("Say why: it is kept with the run."))
        # sudo: checked above; runs are written by the model only
        return self.sudo()._locked()

    def _answer(self):
        """Return the run as ``run_action`` does."""
        self.ensure_one()
        return {"run_id": self.id, "state": self.state, "error": self.error, "why": self.why}

    def submit(self):
        """Go on with a run that was held back: whoever submits it asks for it from now on."""
        self.ensure_one()
        run = self._by_person()
        if run.state != "proposed":
            raise UserError(_("%s was submitted already.", run.display_name))
        run._store({"requested_by": self.env.uid, "automated": False, "why": False})
        run._submit()
        return run._answer()

    def retry(self):
        """Try a failed run again, with the same key and the same inputs."""
        self.ensure_one()
        run = self._by_person()
        if run.state == "unknown":
            raise UserError(
                _(
                    "%s may have been done. Say first what became of it: it could happen twice.",
                    run.display_name,
                )
            )
        if run.state != "failed":
            raise UserError(_("%s has not failed.", run.display_name))
        run._drop_job()
        run._queue(error=False, ended_at=False, attempts_before=run.attempts, interruptions=0)
        return run._answer()

    def abandon(self, reason):
        """Give up a run that was not done.

        :param reason: why, for those who read it later
        """
        runs = self._by_person(reason or "")
        for run in runs:
            if run.state == "approval":
                raise UserError(_("Withdraw the request for approval first."))
            if run.state == "unknown":
                raise UserError(_("Say first whether %s was done.", run.display_name))
            if run.state not in ("proposed", "queued", "failed"):
                raise UserError(_("%s cannot be given up any more.", run.display_name))
        runs._end("abandoned", reason=reason)
        return True

    def say_outcome(self, done, reason):
        """Say what became of a call to the outside that was never answered.

        :param bool done: it was done; else it was not, and may be tried again
        :param reason: how you know
        """
        self.ensure_one()
        run = self._by_person(reason or "")
        if run.state != "unknown":
            raise UserError(_("It is known what became of %s.", run.display_name))
        run._drop_job()
        run._found_out(done, reason)
        if run.state == "queued":
            # somebody has looked: nothing is gained by waiting
            run._store({"next_try_at": False})
            run._schedule()
        run._tell()
        return run._answer()

    def _end(self, state, reason=None):
        """End runs that were not done, and tell whoever waits for them."""
        for run in self:
            text = run.reason if reason is None else reason
            run._store(
                run._end_values(state, reason=text, ended_at=fields.Datetime.now(), told=False)
            )
            run._drop_job()
            run._tell()

    def _drop_job(self):
        """Take the run's job out of the queue, and out of the dead ones."""
        uuids = [run.job_uuid for run in self if run.job_uuid]
        jobs = self.env["queue.job"].search(
            [("uuid", "in", uuids), ("state", "in", ("pending", "failed", "wait_dependencies"))]
        )
        jobs._change_job_state("cancelled")
