import json

import requests
from urllib3.exceptions import NewConnectionError

from odoo import _, models
from odoo.exceptions import UserError

from ..tools.action_errors import ActionNotSent, ActionRefused, ActionUnknown

CONNECT_SECONDS = 5
# However much later another system wants to be called again.
LATEST_SECONDS = 24 * 3600
# What is kept of an answer.
ANSWER_LENGTH = 500


class ExceptionActionRunWebhook(models.Model):
    """Calling the outside: what certainly was not sent, what certainly was, and the rest."""

    _inherit = "exception.action.run"

    def _call_webhook(self):
        """Send the run to the address of its action; called by the shipped Server Action."""
        run = self.sudo()  # sudo: reads the run's own action and case
        answer = run._request("POST", run.action_id.url, json=run._webhook_body())
        status = answer.status_code
        if status == 429:
            raise ActionNotSent(_("It was told to come back later."), _retry_after(answer))
        if 300 <= status < 500:
            raise ActionRefused(_("It was refused (%(status)s): %(text)s", **_said(answer)))
        if status >= 500:
            raise ActionUnknown(_("The other side failed (%(status)s): %(text)s", **_said(answer)))
        self._sent()
        self._say(_("Accepted (%(status)s) %(text)s", **_said(answer)))

    def _ask_webhook(self):
        """Ask what became of the call; called by the shipped Server Action that asks back."""
        run = self.sudo()  # sudo: as above
        url = run.action_id.ask_url
        if not url:
            raise UserError(_("Set the address to ask back on the action, or say it by hand."))
        answer = run._request("GET", url.replace("{key}", run.token))
        if answer.status_code == 200:
            self._found(True, _("The other side has done it. %(text)s", **_said(answer)))
        elif answer.status_code in (404, 410):
            self._found(False, _("The other side has not done it."))
        else:
            self._say(_("No clear answer (%(status)s): %(text)s", **_said(answer)))

    def _webhook_body(self):
        case = self.case_id
        return {
            "id": self.token,
            "action": self.action_id.code,
            "attempt": self.attempts,
            "case": {
                "id": case.id,
                "name": case.name,
                "title": case.title,
                "type": case.type_id.code,
            },
            "record": {"model": case.res_model, "id": case.res_id, "name": case.res_name},
            "amount": self.amount,
            "currency": self.currency_id.name,
            "values": self.values or {},
        }

    def _request(self, method, url, **more):
        """Call an address with the run's idempotency key, and say what a failure means."""
        if not url:
            raise UserError(_("Set the address to call on the action."))
        if refusal := self.env["exception.action"]._refuse_url(url):
            raise UserError(refusal)
        headers = {"Idempotency-Key": self.token, "User-Agent": "Odoo exceptions"}
        timeout = (CONNECT_SECONDS, max(self.action_id.timeout_seconds, 1))
        try:
            return requests.request(
                method, url, headers=headers, timeout=timeout, allow_redirects=False, **more
            )
        except requests.exceptions.ConnectTimeout as error:
            raise ActionNotSent(_("The other side could not be reached.")) from error
        except requests.exceptions.ConnectionError as error:
            if _never_connected(error):
                raise ActionNotSent(_("The other side could not be reached.")) from error
            raise ActionUnknown(_("The connection broke before an answer came.")) from error
        except requests.exceptions.Timeout as error:
            raise ActionUnknown(
                _("No answer came within %s seconds.", self.action_id.timeout_seconds)
            ) from error
        except requests.exceptions.RequestException as error:
            raise ActionUnknown(str(error)) from error


def _never_connected(error):
    reason = getattr(error.args[0] if error.args else None, "reason", None)
    return isinstance(reason, NewConnectionError)


def _retry_after(answer):
    value = answer.headers.get("Retry-After", "")
    return min(int(value), LATEST_SECONDS) if value.isdecimal() and len(value) < 20 else None


def _said(answer):
    try:
        text = json.dumps(answer.json())
    except ValueError:
        text = answer.text
    return {"status": answer.status_code, "text": text[:ANSWER_LENGTH]}
