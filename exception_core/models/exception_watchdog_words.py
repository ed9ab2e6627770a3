from odoo import _, api, models

from .exception_watchdog import OFF_REASON

# Enough to see what it is; the interruption lists all of them.
LINES = 6


class ExceptionWatchdogWords(models.AbstractModel):
    """What the watchdog says: what stands still, since when, what that means, what to do."""

    _inherit = "exception.watchdog"

    @api.model
    def _banner(self, findings):
        """Return what the banner shows of some findings."""
        if not findings:
            return {}
        quiet = [found for found in findings if found["state"] == "off" and not found["alarm"]]
        loud = [found for found in findings if found not in quiet]
        level = "warning" if loud else "info"
        shown = loud or quiet
        lines = [self._sentence(found) for found in shown[:LINES]]
        if len(shown) > LINES:
            lines.append(_("… and %s more.", len(shown) - LINES))
        if self._all_late(findings):
            lines = []
        return {
            "level": level,
            "title": self._title(findings, loud),
            "lines": lines if loud else [],
            "advice": self._advice(findings, loud),
            "can_open_crons": self.env.user.has_group("base.group_system"),
        }

    @api.model
    def _all_late(self, findings):
        """Tell whether nothing at all runs: no action has since the first of them was missed.

        Those that are not due yet are no sign of life.
        """
        missed = [found["due"] for found in findings if found["state"] == "late"]
        last = self._last_run()
        return len(missed) > 1 and (not last or last <= min(missed))

    @api.model
    def _last_run(self):
        """Return when an action of the suite ran last; None: none ever did."""
        # sudo: as in status
        times = [cron.lastcall for cron in self.sudo()._watched() if cron.active and cron.lastcall]
        return max(times, default=None)

    @api.model
    def _title(self, findings, loud):
        if not loud:
            # sudo: one parameter of the suite
            reason = self.env["ir.config_parameter"].sudo().get_param(OFF_REASON)
            return _(
                "%(count)s Scheduled Actions of the desk are switched off on purpose: %(reason)s",
                count=len(findings),
                reason=reason,
            )
        if self._all_late(findings):
            if last := self._last_run():
                return _("Nothing has run in the background since %s.", self._moment(last))
            return _("Nothing has run in the background yet.")
        return _("Part of the desk stands still.")

    @api.model
    def _sentence(self, found):
        """Say what is wrong with one action or detector, and what that means."""
        values = {
            "name": found["name"],
            "since": self._moment(found["since"]) if found["since"] else "",
            "error": (found["error"] or "").strip().splitlines()[-1][:200]
            if found["error"]
            else "",
            "loss": self._loss(found["loss"]),
        }
        state = found["state"]
        if state == "late" and not found["since"]:
            due = self._moment(found["due"])
            return _(
                "“%(name)s” has not run yet, though it was due at %(due)s; %(loss)s.",
                **(values | {"due": due}),
            )
        sentences = {
            "late": _("“%(name)s” has not run since %(since)s; %(loss)s.", **values),
            "running": _("“%(name)s” is still at work on a run that began late.", **values),
            "off": _("“%(name)s” is switched off; %(loss)s.", **values),
            "failing": _("“%(name)s” fails: %(error)s – %(loss)s.", **values),
            "detector": _("Detector “%(name)s” fails: %(error)s – %(loss)s.", **values),
            "unswept": _(
                "Detector “%(name)s” was left out by the last sweeps; %(loss)s.", **values
            ),
        }
        return sentences[state]

    @api.model
    def _loss(self, kind):
        """Say what is missing while something stands still."""
        return {
            "cases": _("cases may be missing"),
            "promises": _("nobody is warned or escalated to in time"),
            "order": _("the order of the queue may be out of date"),
            "owners": _("new cases may stay without an owner"),
            "work": _("its work is not done"),
        }[kind]

    @api.model
    def _advice(self, findings, loud):
        """Say what to do about it."""
        if not loud:
            return _("There is nothing to do, unless that reason is over.")
        states = {found["state"] for found in loud}
        if self._all_late(findings):
            return _(
                "Until it does, cases may be missing, nobody is warned or escalated to, and "
                "waiting cases do not come back. Ask whoever runs Odoo to check that its server "
                "works off Scheduled Actions (max_cron_threads above 0)."
            )
        advice = []
        if states & {"late", "off"}:
            advice.append(
                _(
                    "Ask a system administrator to look at Settings → Technical → Scheduled "
                    "Actions, and at the log of the server."
                )
            )
        if "failing" in states:
            advice.append(_("Send the error to whoever looks after the addons."))
        if states & {"detector", "unswept"}:
            advice.append(_("Mend the detector, or disable it until it can be mended."))
        return " ".join(advice) or _("It may simply need longer today. Look again in a while.")
