import logging

from odoo import _, api, fields, models
from odoo.exceptions import UserError

_logger = logging.getLogger(__name__)


class IrCron(models.Model):
    """Scheduled Actions of the suite keep their errors, for the watchdog, and run when asked."""

    _inherit = "ir.cron"

    @api.model
    def _handle_callback_exception(self, cron_name, server_action_id, job_id, job_exception):
        """Note the failure after Odoo rolled back what the action did.

        The cursor is the action's own, which Odoo commits next.
        """
        result = super()._handle_callback_exception(
            cron_name, server_action_id, job_id, job_exception
        )
        try:
            # sudo: whoever the action runs as may fail
            with self.env.cr.savepoint():
                self.sudo().browse(job_id)._note_failure(job_exception)
        except Exception:
            _logger.exception("The failure of %s could not be kept", cron_name)
        return result

    @api.model
    def _exception_soon(self, xml_id):
        """Let a Scheduled Action run within a minute; asked again before it ran, it runs once."""
        # there may be no such action yet while an addon installs
        cron = self.env.ref(xml_id, raise_if_not_found=False)
        if not cron:
            return
        # sudo: only when the action runs is read and set
        waiting = self.env["ir.cron.trigger"].sudo()
        now = fields.Datetime.now()
        if not waiting.search_count([("cron_id", "=", cron.id), ("call_at", "<=", now)], limit=1):
            cron.sudo()._trigger()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_of_the_desk(self):
        """Keep what the desk lives by: the watchdog cannot miss what is not there any more."""
        for cron in self & self.env["ir.cron"].concat(*self.env["exception.watchdog"]._watched()):
            raise UserError(
                _(
                    "The exception desk needs “%s”. Switch it off instead: then the desk itself "
                    "says what stands still.",
                    cron.name,
                )
            )

    def _note_failure(self, error):
        """Keep the error of an action that an addon of the suite ships."""
        self.ensure_one()
        if self not in self.env["exception.watchdog"]._watched():
            return
        self.env["exception.cron.failure"].create(
            {
                "cron_id": self.id,
                "name": self.name,
                "at": fields.Datetime.now(),
                "error": str(error).strip() or type(error).__name__,
            }
        )
