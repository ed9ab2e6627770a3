import logging

from psycopg2 import OperationalError

from odoo import SUPERUSER_ID, _, fields, models
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

# Steps taken at once after a person's click; the Scheduled Action does the rest.
AT_ONCE = 20
# A step that was begun so often goes round in circles.
MOST_TRIES = 10
OPEN = ("todo", "running", "waiting")


class ExceptionPlayAdvance(models.Model):
    """How a play goes on: one thing at a time, each of which may be the last before a crash.

    A step's effects and its state are written in one transaction. Whatever the process dies of,
    either both are there or neither is, and the sweeper begins with the same step again.
    """

    _inherit = "exception.play"

    def _as_robot(self):
        """Return the play as the machine sees it, in the language of the company."""
        # sudo: a playbook does what its author has set down, whoever gave the last push
        play = self.with_user(SUPERUSER_ID).sudo()
        lang = play.company_id[:1].partner_id.lang or self.env.lang
        # what it does is no person's decision, and leaves by the mail queue
        return play.with_context(lang=lang, mail_notify_force_send=False, exception_override=None)

    def _lock(self, wait=True):
        """Lock the plays; return those that were free."""
        if not self:
            return self
        self.env.cr.execute(
            SQL(
                "SELECT id FROM exception_play WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE %s",
                self.ids,
                SQL() if wait else SQL("SKIP LOCKED"),
            )
        )
        return self.browse(row[0] for row in self.env.cr.fetchall())

    def _go_on(self):
        """Take the steps that can be taken now, after a person did something.

        What does not fit in is left to the sweeper, which begins where this ends.
        """
        for play in self._as_robot():
            play.write({"due_at": fields.Datetime.now(), "attempts": 0})
            for _number in range(AT_ONCE):
                if not play._advance(fields.Datetime.now()):
                    break
            else:
                self.env["ir.cron"]._exception_soon("exception_core.ir_cron_playbook")

    def _advance(self, now):
        """Do the next thing; return whether there is more to do at once.

        Called with the row locked, as the robot.
        """
        self.ensure_one()
        self._see_events()
        if self.state not in ("running", "waiting"):
            self.due_at = False
            return False
        step = self.step_ids.filtered(lambda one: one.state in OPEN)[:1]
        if not step:
            self._complete()
            return False
        if step.state == "todo":
            step._attempt(step._begin, now)
        else:
            step._attempt(step._look, now)
        return self._settle(step, now)

    def _see_events(self):
        """Note that the events so far were looked at; what nobody waits for yet is kept."""
        self.env.cr.execute(
            SQL(
                "UPDATE exception_play_event SET is_new = FALSE WHERE play_id = %s AND is_new",
                self.id,
            )
        )
        self.env["exception.play.event"].invalidate_model(["is_new"])

    def _settle(self, step, now):
        """Note how the play stands after a step was looked at."""
        if self.state not in ("running", "waiting"):
            return False
        more = step.state not in ("running", "waiting")
        self.write(
            {
                "state": "running" if more else "waiting",
                "due_at": now if more else step._next_look(now),
                "attempts": 0,
            }
        )
        self._measure()
        return more

    def _complete(self):
        """All steps are behind us: end the play, and the case where the playbook says so."""
        self._end("done")
        case, playbook = self.case_id, self.playbook_id
        case._audit_play("playbook.ended", self, outcome="done")
        if playbook.resolves and case.is_open:
            case._resolve_by(self)
        else:
            case._note(_("“%s” is done.", playbook.name))

    # ------------------------------------------------------------------
    # failure
    # ------------------------------------------------------------------

    def _take_path(self, step, why):
        """Follow the path that a failed step names."""
        path = step.settings.get("on_failure", "stop")
        if path == "skip":
            return
        if path == "goto" and self._go_to(step.settings.get("failure_position")):
            return
        if path == "compensate":
            self._compensate(step, why)
        else:
            self._stop(why)

    def _go_to(self, position):
        """Go on with the step of this number; return whether it can be gone to."""
        target = self.step_ids.filtered(lambda one: one.position == position)
        if not target or target.tries >= MOST_TRIES:
            return False
        for step in self.step_ids:
            if step.position < position and step.state in OPEN:
                step._finish("skipped", _("passed over on the way to “%s”", target.name))
            elif step.position >= position and step.state in SETTLED_BUT:
                step.write({"state": "todo", "due_at": False, "ended_at": False, "note": False})
        return True

    def _compensate(self, failed, why):
        """Take back completed steps because one failed for good."""
        failed._cancel_requests(why)
        self._take_back(_("“%(step)s” failed: %(why)s", step=failed.name, why=why))

    def _take_back(self, why):
        """Take back completed steps, the last one first; say what stays, and call a person."""
        stays = []
        for step in self.step_ids.sorted("position", reverse=True):
            if step.state == "done" and (left := step._attempt_undo(why)):
                stays.append(f"{step.position}. {step.name}: {left}")
        if stays:
            lines = [why, _("What stays:"), *reversed(stays)]
        else:
            lines = [why, _("Nothing of what was done before stays.")]
        self._end("undone", "\n".join(lines))
        case = self.case_id
        case._audit_play("playbook.compensated", self, reason=why, stays=stays)
        case._note(
            _(
                "“%(playbook)s” was taken back. %(lines)s",
                playbook=self.playbook_id.name,
                lines=" ".join(lines),
            )
        )
        self._call_a_person("\n".join(lines))

    def _break_off(self, error):
        """Let a person decide about a play that the engine itself could not advance."""
        step = self.step_ids.filtered(lambda one: one.state in OPEN)[:1]
        if step:
            # what failed can be tried again, or skipped
            step._finish("failed", str(error))
        self._stop(_("it could not go on by itself: %s", error))


# What going back begins again.
SETTLED_BUT = ("done", "skipped", "failed", "compensated", "running", "waiting")


class ExceptionCaseStepAttempt(models.Model):
    """Carrying out a step so that what fails in it is taken back and told."""

    _inherit = "exception.case.step"

    def _attempt(self, function, now):
        """Call ``function`` for the step; what fails in it fails the step."""
        try:
            with self.env.cr.savepoint():
                function(now)
        except OperationalError:
            # a conflict with another transaction, or no database at all: tried again as a whole
            raise
        except Exception as error:
            _logger.info("Step %s of case %s failed", self.name, self.case_id.name, exc_info=True)
            self.env.invalidate_all(flush=False)
            self._fail(str(error).strip() or type(error).__name__)

    def _attempt_undo(self, why):
        """Take the step back; return what stays of it, as a sentence, or None."""
        try:
            with self.env.cr.savepoint():
                left = self._undo(why)
                if not left:
                    self._finish("compensated", why)
        except OperationalError:
            raise
        except Exception as error:
            _logger.info("Step %s of case %s stays", self.name, self.case_id.name, exc_info=True)
            self.env.invalidate_all(flush=False)
            left = str(error).strip() or type(error).__name__
        return left
