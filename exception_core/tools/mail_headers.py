"""Tell mails that machines wrote by their headers. No ORM: a message goes in, words come out."""

import re
import socket

BULK = ("bulk", "junk", "auto_reply", "auto-reply")
# Set by vacation programs, and by nothing that a person sends.
MARKS = (
    "X-Autoreply",
    "X-Auto-Reply",
    "X-Autorespond",
    "X-Autoresponder",
    "X-Auto-Reply-From",
    "X-Mail-Autoreply",
    "X-Loop",
)
# These values of X-Auto-Response-Suppress say "do not answer by machine"; the others only
# decline receipts, which people do as well.
SUPPRESSED = {"all", "oof", "autoreply"}


def automatic_reason(message, accept_lists=False):
    """Return the header that shows that nobody wrote this mail by hand, or None.

    :param message: an ``email.message.EmailMessage``
    :param accept_lists: mail that came over a mailing list counts as written by a person, because
        a group address forwards to us
    """
    submitted = _value(message, "Auto-Submitted")
    if submitted and submitted.split(";")[0].strip() != "no":
        return f"Auto-Submitted: {submitted}"
    precedence = _value(message, "Precedence")
    if precedence in BULK or (precedence == "list" and not accept_lists):
        return f"Precedence: {precedence}"
    suppressed = _value(message, "X-Auto-Response-Suppress")
    if SUPPRESSED & {part.strip() for part in suppressed.split(",")}:
        return f"X-Auto-Response-Suppress: {suppressed}"
    for name in MARKS:
        value = _value(message, name)
        if value not in ("", "no", "false"):
            return f"{name}: {value}"
    if message.get("Return-Path") is not None and _value(message, "Return-Path") in ("", "<>"):
        return "Return-Path: <>"
    return None


def is_own_message_id(message_id, model):
    """Tell whether a Message-Id was made by this server for a record of ``model``."""
    host = re.escape(socket.gethostname())
    return bool(re.search(rf"-openerp-\d+-{re.escape(model)}@{host}>?$", message_id or ""))


def _value(message, name):
    return str(message.get(name) or "").strip().lower()
