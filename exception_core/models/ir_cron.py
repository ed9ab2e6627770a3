import logging

from odoo import api, fields, models

_logger = logging.getLogger(__name__)


class IrCron(models.Model):
    """Scheduled Actions of the suite keep their errors, for the watchdog."""

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
