"""The door of the gateway: what a message must be before anybody looks at who sent it."""

import ipaddress
import re
from dataclasses import dataclass

from werkzeug.exceptions import HTTPException

from ..schemes.base import Settings

# Types that may hold JSON. Forms are what a browser can be made to send from any page.
JSON_TYPE = re.compile(r"(application|text)/([a-z0-9.+-]+\+)?json", re.IGNORECASE)
LENGTH = re.compile(r"[0-9]{1,15}")
# When the sender may come again, in seconds: after an interruption, and while a person has paused.
SOON = 30
LATER = 300


@dataclass(frozen=True)
class Door:
    """What an endpoint demands, as plain values that a cache may hold."""

    endpoint_id: int
    company_id: int
    is_open: bool
    scheme: str
    settings: Settings
    # (encrypted secret, naive UTC instant at which it ends or None), the newest first
    secrets: tuple
    networks: tuple
    max_bytes: int
    a_minute: int
    headers: frozenset

    def lets_in(self, remote):
        """Tell whether messages may come from this address."""
        if not self.networks:
            return True
        try:
            address = ipaddress.ip_address(remote)
        except ValueError:
            return False
        address = getattr(address, "ipv4_mapped", None) or address
        return any(address in network for network in self.networks)


class TurnedAway(HTTPException):
    """A message that is not accepted, as the sender is told: a status and a few words.

    ``kind`` is what the health page counts it as.
    """

    def __init__(self, code, kind, words, retry_after=None):
        super().__init__(words)
        self.code = code
        self.kind = kind
        self.retry_after = retry_after

    def get_body(self, environ=None, scope=None):
        """Return plain words: no sender reads HTML."""
        return f"{self.description}\n"

    def get_headers(self, environ=None, scope=None):
        """Return the headers of the answer."""
        headers = [("Content-Type", "text/plain; charset=utf-8")]
        if self.code == 405:
            headers.append(("Allow", "POST"))
        if self.retry_after:
            headers.append(("Retry-After", str(self.retry_after)))
        return headers


def busy(words="Not now. Send it again later."):
    """Return the answer for when nothing can be stored: the sender keeps the message."""
    return TurnedAway(503, "busy", words, retry_after=SOON)


def length_of(headers):
    """Return the length of a body before it is read.

    :raise TurnedAway: when it is not said: a body without an end would be read without an end
    """
    given = headers.get("content-length", "").strip()
    if "transfer-encoding" in headers or not given:
        raise TurnedAway(411, "form", "Say the length of the content in Content-Length.")
    if not LENGTH.fullmatch(given):
        raise TurnedAway(400, "form", "Content-Length is not a number.")
    return int(given)


def check_type(headers):
    """Check that the body is said to be JSON as it stands.

    :raise TurnedAway: when it is a form, compressed, or anything else
    """
    kind = headers.get("content-type", "").partition(";")[0].strip()
    if not JSON_TYPE.fullmatch(kind):
        raise TurnedAway(415, "form", "Send JSON, and say so: Content-Type: application/json.")
    if headers.get("content-encoding", "identity").strip().lower() not in ("", "identity"):
        raise TurnedAway(415, "form", "Send the content as it is, without Content-Encoding.")
