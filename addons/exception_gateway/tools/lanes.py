"""Sending messages side by side: one lane for each receiver, one message at a time in a lane.

Nothing here knows the database. A lane is a thread that is given a batch of messages of one
receiver; what became of each comes back through a queue to the thread that has the database. So a
receiver that is slow, or never answers, holds up its own lane only.
"""

import queue
import threading
import time
from dataclasses import dataclass, field
from datetime import datetime

from standardwebhooks.webhooks import Webhook

from odoo.addons.exception_core.tools import safe_http

from . import event_row

# Answers that say when the receiver wants to be asked again.
ASK_LATER = (429, 503)
LATEST_SECONDS = 86400
GONE = 410
LONGEST_ERROR = 500


@dataclass(frozen=True)
class Parcel:
    """A message on its way to one receiver."""

    delivery_id: int
    subscription_id: int
    case_id: int | None
    message_id: str
    body: str
    url: str
    secrets: tuple = field(repr=False)
    headers: dict = field(default_factory=dict, repr=False)
    tries: int = 0
    timeout: float = safe_http.TIMEOUT_SECONDS
    allow_private: bool = False
    allow_http: bool = False


@dataclass(frozen=True)
class Result:
    """What became of a parcel. ``sent`` is False when it was left for later."""

    parcel: Parcel
    sent: bool = True
    ok: bool = False
    status: int = 0
    text: str = ""
    error: str = ""
    seconds: float = 0.0
    ask_after: float = 0.0

    def __post_init__(self):
        """Take what a receiver made us say as text that can be stored, whatever it has sent."""
        if self.error:
            object.__setattr__(self, "error", event_row.plain(self.error, LONGEST_ERROR) or "?")

    @property
    def gone(self):
        """Tell whether the receiver wants nothing more, ever."""
        return self.status == GONE

    @property
    def told_to_wait(self):
        """Tell whether the receiver works, but not now."""
        return self.status == 429


def send(parcel):
    """Sign and send a parcel once."""
    began = time.monotonic()
    try:
        answer = safe_http.exchange(
            "POST",
            parcel.url,
            parcel.body.encode(),
            signed(parcel),
            timeout=parcel.timeout,
            allow_private=parcel.allow_private,
            allow_http=parcel.allow_http,
        )
    except (safe_http.Refused, safe_http.NotSent, safe_http.Broken) as error:
        seconds = time.monotonic() - began
        return Result(parcel, error=str(error), seconds=seconds)
    error = "" if 200 <= answer.status < 300 else _refusal(answer)
    return Result(
        parcel,
        ok=not error,
        status=answer.status,
        text=answer.text,
        error=error,
        seconds=answer.seconds,
        ask_after=_ask_after(answer),
    )


def signed(parcel):
    """Return the headers of a parcel, signed with each of its secrets for this moment."""
    # naive UTC, as the library wants it
    now = datetime.utcnow()
    signatures = [
        Webhook(secret).sign(parcel.message_id, now, parcel.body) for secret in parcel.secrets
    ]
    return {
        **parcel.headers,
        "Content-Type": "application/json",
        "webhook-id": parcel.message_id,
        "webhook-timestamp": str(int((now - datetime(1970, 1, 1)).total_seconds())),
        "webhook-signature": " ".join(signatures),
    }


def _refusal(answer):
    if 300 <= answer.status < 400:
        return f"it answered {answer.status}, a redirect, which is not followed"
    return f"it answered {answer.status}"


def _ask_after(answer):
    value = answer.headers.get("retry-after", "")
    if answer.status not in ASK_LATER or not value.isdecimal() or len(value) > 9:
        return 0.0
    return float(min(int(value), LATEST_SECONDS))


class Lanes:
    """Threads that send batches, one for each receiver, and the queue of what became of them."""

    def __init__(self, most, sender=send):
        self._most, self._sender = most, sender
        self._busy = {}
        self._results = queue.Queue()

    @property
    def busy(self):
        """The keys of the lanes at work."""
        return set(self._busy)

    @property
    def free(self):
        """How many more lanes may begin."""
        return self._most - len(self._busy)

    def start(self, key, parcels, patience, until):
        """Send a batch in a lane of its own.

        :param int patience: how many failures in a row end it
        :param float until: when (of ``time.monotonic``) nothing more is begun
        """
        lane = threading.Thread(
            target=self._run,
            args=(key, parcels, patience, until),
            daemon=True,
            name=f"delivery {key}",
        )
        self._busy[key] = lane
        lane.start()

    def collect(self, timeout):
        """Wait for results; return (all that are there, keys of the lanes that have ended)."""
        results, ended = [], []
        try:
            item = self._results.get(timeout=timeout)
            while True:
                if isinstance(item, Result):
                    results.append(item)
                else:
                    ended.append(item[0])
                    del self._busy[item[0]]
                item = self._results.get_nowait()
        except queue.Empty:
            return results, ended

    def _run(self, key, parcels, patience, until):
        try:
            for result in send_in_order(parcels, patience, until, self._sender):
                self._results.put(result)
        finally:
            self._results.put((key,))


def send_in_order(parcels, patience, until, sender=send):
    """Send parcels of one receiver one by one; yield a result for each.

    What belongs to a case of which an earlier message has failed is left for later, and so is
    everything once the receiver has failed too often in a row, asked to be left alone, or is so
    slow that the time is over.
    """
    waiting, failures, stopped = set(), 0, False
    for parcel in parcels:
        stopped = stopped or time.monotonic() >= until
        if stopped or (parcel.case_id and parcel.case_id in waiting):
            yield Result(parcel, sent=False)
            continue
        try:
            result = sender(parcel)
        except Exception as error:  # noqa: BLE001 - a lane that dies would keep its messages
            result = Result(parcel, error=f"{type(error).__name__}: {error}")
        yield result
        failures = 0 if result.ok or result.told_to_wait else failures + 1
        stopped = failures >= patience or result.gone or bool(result.ask_after)
        stopped = stopped or result.told_to_wait
        if not result.ok and parcel.case_id:
            waiting.add(parcel.case_id)
