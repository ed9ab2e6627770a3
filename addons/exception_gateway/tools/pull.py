"""What the code of a puller is given: it asks a sender's list of events, within limits."""

import json
import time
from urllib.parse import urlencode

from odoo import _
from odoo.exceptions import UserError

from odoo.addons.exception_core.tools import safe_http

# Together, for one time of asking: seconds, calls, bytes of an answer, items.
SECONDS = 60
CALLS = 50
BYTES = 5 * 1024 * 1024
ITEMS = 10_000


class Pull:
    """One time of asking. Server Actions see it as ``pull``.

    ``cursor`` is what the code has last called ``advance`` with, ``missing`` the records whose
    event has not come (at most a few hundred), ``key`` the sender's API key.
    """

    def __init__(self, cursor, missing, key, asked_at):
        """Begin with an empty answer."""
        self.cursor = cursor or ""
        self.missing = missing
        self.key = key or ""
        self.asked_at = asked_at
        self.items = []
        self._ends = time.monotonic() + SECONDS
        self._calls = 0

    def fetch(self, url, params=None, headers=None, private=False):
        """Get a page of the sender's list; redirects are not followed.

        :param dict params: added to the address
        :param bool private: the sender may stand in a private network
        :return: the answer, read as JSON
        :raise UserError: when the sender cannot be reached or does not answer 200 with JSON
        """
        left = self._ends - time.monotonic()
        self._calls += 1
        if left <= 0 or self._calls > CALLS:
            raise UserError(_("Asking took too long: %s s and 50 calls are allowed.", SECONDS))
        if params:
            url = f"{url}{'&' if '?' in url else '?'}{urlencode(params)}"
        try:
            answer = safe_http.exchange(
                "GET",
                url,
                headers={"Accept": "application/json", **(headers or {})},
                timeout=min(left, safe_http.TIMEOUT_SECONDS),
                allow_private=private,
                allow_http=private,
                kept=BYTES,
            )
        except (safe_http.Refused, safe_http.NotSent, safe_http.Broken) as error:
            raise UserError(_("The sender could not be asked: %s", error)) from error
        if answer.status != 200:
            raise UserError(_("The sender answers with status %s.", answer.status))
        try:
            return json.loads(answer.text)
        except ValueError as error:
            raise UserError(_("The sender's answer is no JSON, or too long.")) from error

    def receive(self, item, identity=None, kind=None):
        """Take in an event as if it had been delivered.

        :param item: the event, as its delivery would have looked, or a part that says the same
        :param str identity: what the sender calls it, the same as when it is delivered
        :param str kind: what the sender calls this kind of event
        """
        if len(self.items) >= ITEMS:
            raise UserError(_("The sender lists too many events; ask for fewer at a time."))
        body = item if isinstance(item, str) else json.dumps(item, ensure_ascii=False)
        self.items.append((body.encode(), identity and str(identity), kind and str(kind)))

    def advance(self, cursor):
        """Begin the next time of asking here; kept only when everything worked."""
        self.cursor = str(cursor)
