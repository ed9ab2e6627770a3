import json
import time
import uuid
from functools import partial

from odoo import _, fields, models
from odoo.exceptions import UserError

from ..schemes import registry
from ..schemes.base import Misconfigured
from ..tools import wake_up
from ..tools.event_door import TurnedAway


class ExceptionEventEndpointTry(models.Model):
    """Trying an endpoint before the sender does."""

    _inherit = "exception.event.endpoint"

    def action_send_test(self):
        """Sign a message with the current secret, take it as if it had come in, and open it.

        It goes the way of every message from the check of its signature on. It does not show that
        the sender reaches this server.
        """
        self.ensure_one()
        self._check_may_configure()
        events = self.env["exception.event"]
        door = self._as_door(self._sealed_secrets().get(self.id, ()))
        try:
            secret = events._live_secrets(door)[:1]
            if not secret:
                self._check_complete()
            message = registry.get(self.scheme).sign(
                self._test_body(), secret[0], door.settings, time.time()
            )
            scheme = events._prove(door, message, time.time())
        except Misconfigured as error:
            raise UserError(str(error)) from error
        except TurnedAway as error:
            raise UserError(
                _(
                    "The endpoint refused a message that was signed with its own secret (%s). "
                    "The log of the server says why.",
                    error.description,
                )
            ) from error
        # sudo: whoever sets up the endpoint may try it; events are written by the machine only
        event_id = events.sudo()._receive(door, scheme, message)
        self.env.cr.postcommit.add(partial(wake_up.soon, self.env.cr.dbname))
        return {
            "type": "ir.actions.act_window",
            "name": _("Test event"),
            "res_model": "exception.event",
            "res_id": event_id,
            "views": [(False, "form")],
        }

    def _test_body(self):
        content = {
            "id": f"test_{uuid.uuid4().hex}",
            "type": "test.ping",
            "occurred_at": fields.Datetime.now().isoformat() + "Z",
            "source": self.system_id.code,
            "message": "A test from the endpoint's own form.",
        }
        return json.dumps(content).encode()
