import json
from urllib.parse import urlsplit

from odoo import _, models
from odoo.exceptions import UserError

from ..tools import safe_http
from ..tools.action_errors import ActionNotSent, ActionRefused, ActionUnknown
from .exception_action_webhook import is_local

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
        body = json.dumps(run._webhook_body()).encode()
        answer = run._request("POST", run.action_id.url, body)
        status = answer.status
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
        if answer.status == 200:
            self._found(True, _("The other side has done it. %(text)s", **_said(answer)))
        elif answer.status in (404, 410):
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

    def _request(self, method, url, body=b""):
        """Call an address with the run's idempotency key, and say what a failure means.

        Servers of the own network may be called, since the settings name each; what no server is
        (the metadata of a cloud, for example) is not called, whatever a name leads to.
        """
        if not url:
            raise UserError(_("Set the address to call on the action."))
        if refusal := self.env["exception.action"]._refuse_url(url):
            raise UserError(refusal)
        headers = {"Idempotency-Key": self.token, "Content-Type": "application/json"}
        try:
            return safe_http.exchange(
                method,
                url,
                body,
                headers,
                timeout=max(self.action_id.timeout_seconds, 1),
                allow_private=True,
                allow_http=is_local(urlsplit(url).hostname or ""),
            )
        except safe_http.Refused as error:
            raise ActionRefused(_("The address is not called: %s.", error)) from error
        except safe_http.NotSent as error:
            raise ActionNotSent(_("The other side could not be reached.")) from error
        except safe_http.Broken as error:
            raise ActionUnknown(_("No answer came: %s.", error)) from error


def _retry_after(answer):
    value = answer.headers.get("retry-after", "")
    return min(int(value), LATEST_SECONDS) if value.isdecimal() and len(value) < 20 else None


def _said(answer):
    return {"status": answer.status, "text": answer.text[:ANSWER_LENGTH]}
