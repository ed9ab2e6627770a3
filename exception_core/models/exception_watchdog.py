import logging
from datetime import timedelta

from odoo import SUPERUSER_ID, _, api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL
from odoo.tools.misc import format_datetime, format_time

from odoo.addons.base.models.ir_cron import _intervalTypes

_logger = logging.getLogger(__name__)

# Why sweeps were switched off on purpose (a replay of sample data); the banner then only says so.
OFF_REASON = "exception_core.cron_off_reason"
# What is not done while an action stands still, by the beginning of its XML id.
WORDS_FOR = {
    "cron_sweep": "cases",
    "cron_sla": "promises",
    "cron_rescore": "order",
    "cron_assign": "owners",
}


class ExceptionWatchdog(models.AbstractModel):
    """Tells when what the desk does by itself stands still.

    Judged whenever a lead or an administrator opens a screen, because a watchdog that is itself
    a Scheduled Action says nothing when none of them runs; and once an hour, for the case that
    nobody looks. Every Scheduled Action that an addon of the suite ships is watched: nothing has
    to be registered. What is said about it is in ``exception_watchdog_words``.
    """

    _name = "exception.watchdog"
    _description = "Exception Watchdog"

    @api.model
    def status(self):
        """Return what the banner shows; empty while everything runs.

        :return: ``{"level", "title", "lines", "advice", "can_open_crons"}``
        :raise AccessError: for users who lead no team
        """
        if not self.env.user.has_group("exception_core.group_lead"):
            raise AccessError(_("Only team leads and administrators watch over the desk."))
        try:
            with self.env.cr.savepoint():
                # sudo: who leads a team may know that a Scheduled Action stands still
                findings = self.sudo()._judge()
        except Exception:
            # the screen that asked must open whatever happens here
            _logger.exception("The watchdog could not look")
            return {}
        return self._banner(findings)

    @api.model
    def _cron_watch(self):
        """Look when nobody else does, so that whoever is responsible is told."""
        # sudo: every action of the suite is looked at, whoever runs this one
        self.sudo()._judge()

    @api.model
    def _judge(self):
        """Return what is wrong now, and keep the record of the interruption up to date."""
        now = fields.Datetime.now()
        findings = self._findings(now)
        outages = self.env["exception.outage"].with_user(SUPERUSER_ID)
        outages._follow([found for found in findings if found["alarm"]], now)
        return findings

    @api.model
    def _findings(self, now):
        """Return what is wrong; a part that works by itself adds what it knows of itself."""
        return self._cron_findings(now) + self._sweep_findings(now)

    # ------------------------------------------------------------------
    # Scheduled Actions
    # ------------------------------------------------------------------

    @api.model
    def _watched(self):
        """Return {cron: XML id without module} of what the addons of the suite ship."""
        links = self.env["ir.model.data"].search(
            [("model", "=", "ir.cron"), ("module", "=like", "exception\\_%")]
        )
        names = {link.res_id: link.name for link in links}
        crons = self.env["ir.cron"].with_context(active_test=False)
        found = crons.search([("id", "in", list(names))], order="id")
        return {cron: names[cron.id] for cron in found}

    @api.model
    def _cron_findings(self, now):
        """Return what is wrong with Scheduled Actions: off, late, still running or failing."""
        watched = self._watched()
        crons = self.env["ir.cron"].concat(*watched)
        failures = self.env["exception.cron.failure"]._newest(crons)
        late = crons.filtered(lambda cron: cron.active and self._is_late(cron, now))
        running = self._running(late)
        reason = self.env["ir.config_parameter"].get_param(OFF_REASON)
        findings = []
        for cron, xml_name in watched.items():
            failure = failures.get(cron.id)
            if not cron.active or not cron.numbercall:
                findings.append(self._finding(cron, xml_name, "off", alarm=not reason))
            elif cron in running:
                findings.append(self._finding(cron, xml_name, "running", alarm=False))
            elif cron in late:
                findings.append(self._finding(cron, xml_name, "late"))
            elif failure and (not cron.lastcall or failure.at > cron.lastcall):
                findings.append(self._finding(cron, xml_name, "failing", error=failure.error))
        return findings

    @api.model
    def _is_late(self, cron, now):
        """Tell whether a run is overdue; also when the next one was put off by hand."""
        allowance = self._allowance(cron)
        interval = _intervalTypes[cron.interval_type](cron.interval_number)
        if cron.nextcall < now - allowance:
            return True
        put_off = cron.lastcall and cron.nextcall > now + interval + allowance
        return bool(put_off and cron.lastcall + interval + allowance < now)

    @api.model
    def _allowance(self, cron):
        """Return how late a run may be: one interval, but 5 minutes at least and 30 at most.

        Odoo looks once a minute what is due, and one action may wait for another.
        """
        minutes = {"minutes": 1, "hours": 60}.get(cron.interval_type, 24 * 60)
        return timedelta(minutes=min(max(minutes * cron.interval_number, 5), 30))

    @api.model
    def _running(self, crons):
        """Return those that a process holds at this moment, which is how Odoo runs them."""
        if not crons:
            return crons
        with self.env.cr.savepoint() as savepoint:
            self.env.cr.execute(
                SQL(
                    "SELECT id FROM ir_cron WHERE id IN %s FOR NO KEY UPDATE SKIP LOCKED",
                    tuple(crons.ids),
                )
            )
            free = {row[0] for row in self.env.cr.fetchall()}
            # the locks must not outlive the look
            savepoint.rollback()
        return crons.filtered(lambda cron: cron.id not in free)

    @api.model
    def _finding(self, cron, xml_name, state, alarm=True, error=None):
        return {
            "key": f"cron:{cron.id}:{state}",
            "state": state,
            "name": cron.name.removeprefix("Exceptions: ").capitalize(),
            "since": cron.lastcall or None,
            "due": cron.nextcall,
            "loss": next((w for k, w in WORDS_FOR.items() if xml_name.startswith(k)), "work"),
            "alarm": alarm,
            "error": error,
        }

    # ------------------------------------------------------------------
    # sweeps
    # ------------------------------------------------------------------

    @api.model
    def _sweep_findings(self, now):
        """Return the detectors that fail, or that no sweep has visited though sweeps run."""
        detectors = self.env["exception.detector"].search([("state", "in", ("enabled", "failed"))])
        newest = self.env["exception.detector.run"]._newest(detectors.ids, 1, mode="sweep")
        due = self._unswept_before(now)
        findings = []
        for detector in detectors:
            run = newest.get(detector.id, self.env["exception.detector.run"])
            values = {"name": detector.name, "error": run.error, "loss": "cases", "due": None}
            if detector.state == "failed" or run.state in ("failed", "timeout"):
                # its owner has an activity of their own: see exception_detector_supervise
                state, alarm = "detector", False
            elif due.get(detector.cadence) and (
                (run.started_at or detector.enabled_at or now) < due[detector.cadence]
            ):
                state, alarm = "unswept", True
            else:
                continue
            key = f"detector:{detector.id}:{state}"
            since = run.started_at or None
            findings.append({**values, "key": key, "state": state, "alarm": alarm, "since": since})
        return findings

    @api.model
    def _unswept_before(self, now):
        """Return {cadence: a detector not swept since then was forgotten} of sweeps that run."""
        names = {"5min": "cron_sweep_5min", "hourly": "cron_sweep_hourly"}
        names |= {"realtime": "cron_sweep_hourly", "daily": "cron_sweep_daily"}
        due = {}
        for cadence, name in names.items():
            cron = self.env.ref(f"exception_core.{name}", raise_if_not_found=False)
            if cron and cron.active and cron.lastcall and not self._is_late(cron, now):
                interval = _intervalTypes[cron.interval_type](cron.interval_number)
                # a run begins after its sweep did, and the one before it may have begun late
                due[cadence] = cron.lastcall - interval - self._allowance(cron)
        return due

    @api.model
    def _moment(self, moment):
        """Write an instant for the reader: the time of day alone when it was today.

        What is kept (context ``exception_kept_zone``) has the day and the zone, too.
        """
        if kept := self.env.context.get("exception_kept_zone"):
            return f"{format_datetime(self.env, moment, tz=kept, dt_format='short')} ({kept})"
        zone = self.env.user.tz or "UTC"
        here = self.with_context(tz=zone)
        local, now = (
            fields.Datetime.context_timestamp(here, instant)
            for instant in (moment, fields.Datetime.now())
        )
        if local.date() == now.date():
            return format_time(self.env, moment, tz=zone, time_format="short")
        return format_datetime(self.env, moment, tz=zone, dt_format="short")
