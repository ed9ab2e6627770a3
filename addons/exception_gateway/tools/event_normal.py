"""The normal form of a message: what a mapping returns, checked and in fixed types.

=============  ================================================================================
what           what happened, a word: ``payment_failed`` (required)
when           when it happened: ISO 8601, or seconds or milliseconds since 1970
model          technical name of the kind of record, where the sender knows it
reference      how the sender calls the record
external_id    the record's identifier in Odoo (``module.name``), where the sender knows it
references     further names by kind: ``{payment: pi_1, order: S00042}``
partner        ``{name, email, reference}``, or one text (an address with @, else a reference)
amount         decimal, as number or text; or ``minor``: whole smallest units of the currency
digits         decimals that ``minor`` has, where the sender counts otherwise than the currency
currency       ISO code
severity       1–4, or critical, high, medium, low
message        one sentence for people
action         open, clear, update or answer, where the sender says what it wants
facts          object of plain values that a person needs
=============  ================================================================================
"""

import json
import math
import re
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation

from odoo import _lt

from .refused import Refused

TEXTS = {
    "what": 128,
    "model": 128,
    "reference": 256,
    "external_id": 256,
    "message": 1000,
    "action": 32,
}
KEYS = (
    *TEXTS,
    "when",
    "references",
    "partner",
    "amount",
    "minor",
    "digits",
    "currency",
    "severity",
    "facts",
)
SEVERITIES = {"critical": "1", "high": "2", "medium": "3", "low": "4"}
MOST_FACTS = 40
LONGEST_FACT = 500
LARGEST = Decimal(10) ** 15
# of running numbers with up to 27 digits
LARGEST_ORDER = Decimal(10) ** 27
YEARS = range(1980, 2101)
NO_TEXT = _lt("“%(name)s” has to be a text, not %(value)s.")
NO_NUMBER = _lt("“%(name)s” has to be a number, not %(value)s.")
NO_TIME = _lt("“%(name)s” is no time: %(value)s.")
NO_ORDER = _lt("The order is neither a number nor a time: %(value)s.")


def normal_form(found, digits):
    """Return the normal form of what a mapping found.

    :param found: the result of the mapping
    :param dict digits: ISO code of each currency → its number of decimal places
    :raise Refused: what is missing, too much or of the wrong type
    """
    if not isinstance(found, dict):
        raise Refused(_lt("The mapping has to return an object: { what: …, reference: … }."))
    if unknown := sorted(found.keys() - set(KEYS)):
        raise Refused(
            _lt("The mapping returns “%(name)s”, which is not in the normal form (%(known)s)."),
            name=unknown[0][:60],
            known=", ".join(KEYS),
        )
    form = {name: _text(name, found.get(name), longest) for name, longest in TEXTS.items()}
    if not form["what"]:
        raise Refused(_lt("The mapping does not say what happened: “what” is empty."))
    when = moment(found.get("when"), "when")
    form["when"] = when.isoformat() + "Z" if when else None
    form["references"] = _texts("references", found.get("references"))
    form["partner"] = _partner(found.get("partner"))
    form["currency"] = (_text("currency", found.get("currency"), 8) or "").upper() or None
    form["amount"] = _amount(found, form["currency"], digits)
    form["severity"] = _severity(found.get("severity"))
    form["facts"] = _facts(found.get("facts"))
    return form


def _text(name, value, longest=256):
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise Refused(NO_TEXT, name=name, value=_show(value))
    text = str(value).strip()
    return text[:longest] if name == "message" else _short(name, text, longest) or None


def _short(name, text, longest):
    if len(text) > longest:
        raise Refused(
            _lt("“%(name)s” has %(count)s characters; at most %(most)s are kept."),
            name=name,
            count=len(text),
            most=longest,
        )
    return text


def _texts(name, value):
    if value is None:
        return {}
    if not isinstance(value, dict) or len(value) > MOST_FACTS:
        raise Refused(_lt("“%(name)s” has to be an object of texts."), name=name)
    found = {key: _text(f"{name}.{key}", one) for key, one in value.items()}
    return {key: one for key, one in found.items() if one}


def _partner(value):
    if isinstance(value, str):
        value = {"email" if "@" in value else "reference": value}
    partner = _texts("partner", value)
    if unknown := sorted(partner.keys() - {"name", "email", "reference"}):
        raise Refused(
            _lt("“partner” may have name, email and reference, not “%(name)s”."), name=unknown[0]
        )
    return partner


def _amount(found, currency, digits):
    amount, minor = found.get("amount"), found.get("minor")
    if amount is None and minor is None:
        return None
    if amount is not None and minor is not None:
        raise Refused(_lt("Give “amount” or “minor”, not both."))
    name, value = ("amount", amount) if minor is None else ("minor", minor)
    if currency and currency not in digits:
        raise Refused(_lt("There is no currency “%(code)s”."), code=currency)
    number = decimal(name, value)
    if name == "minor":
        if not currency:
            raise Refused(_lt("“minor” needs a currency, which says what one unit is."))
        if number != number.to_integral_value():
            raise Refused(_lt("“minor” counts whole smallest units, not %(value)s."), value=value)
        number = number.scaleb(-_digits(found.get("digits"), digits[currency]))
    return float(number)


def _digits(value, usual):
    if value is None:
        return usual
    if value not in range(5):
        raise Refused(_lt("“digits” is a number from 0 to 4, not %(value)s."), value=_show(value))
    return int(value)


def decimal(name, value, largest=LARGEST):
    """Return a number or a text as an exact number.

    :raise Refused: when it is none, or nobody's amount
    """
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise Refused(NO_NUMBER, name=name, value=_show(value))
    try:
        # by its shortest text: 12.3 is 12.3, not 12.300000000000000710
        number = Decimal(str(value).strip()[:60])
    except InvalidOperation as error:
        raise Refused(NO_NUMBER, name=name, value=_show(value)) from error
    if not number.is_finite() or abs(number) >= largest:
        raise Refused(_lt("“%(name)s” is too large: %(value)s."), name=name, value=_show(value))
    return number


def moment(value, name):
    """Return an instant in UTC without a zone; None for nothing.

    :raise Refused: when it is no instant
    """
    if value is None or value == "":
        return None
    try:
        found = _moment(value)
    except (ValueError, OverflowError, OSError, TypeError) as error:
        raise Refused(NO_TIME, name=name, value=_show(value)) from error
    if found.year not in YEARS:
        raise Refused(NO_TIME, name=name, value=_show(value))
    return found


def _moment(value):
    if isinstance(value, bool):
        raise TypeError
    if isinstance(value, str) and re.fullmatch(r"\d{10}(\.\d{1,9})?|\d{13}", value.strip()):
        value = float(value)
    if isinstance(value, int | float):
        seconds = value / 1000 if abs(value) > 1e11 else value
        return datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None, microsecond=0)
    if not isinstance(value, str):
        raise TypeError
    text = value.strip()
    if len(text) > 40 or not text[:4].isdigit():
        raise ValueError
    found = datetime.fromisoformat(re.sub(r"([+-]\d\d)(\d\d)$", r"\1:\2", text))
    if found.tzinfo:
        found = found.astimezone(UTC).replace(tzinfo=None)
    return found.replace(microsecond=0)


def order_value(value):
    """Return an ordering key as a number: greater is newer. None for nothing.

    :raise Refused: when it is neither a number nor a time
    """
    if value is None or value == "":
        return None
    if isinstance(value, str) and not re.fullmatch(r"\s*-?\d{1,30}(\.\d{1,12})?\s*", value):
        try:
            text = re.sub(r"([+-]\d\d)(\d\d)$", r"\1:\2", value.strip()[:40])
            found = datetime.fromisoformat(text)
        except ValueError as error:
            raise Refused(NO_ORDER, value=_show(value)) from error
        found = found if found.tzinfo else found.replace(tzinfo=UTC)
        # all digits of the seconds: two events of one second have an order
        return Decimal(int(found.timestamp())) + Decimal(found.microsecond).scaleb(-6)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise Refused(NO_ORDER, value=_show(value))
    return decimal("order", value, LARGEST_ORDER)


def _severity(value):
    if value is None or value == "":
        return None
    code = str(value).strip().lower()
    code = SEVERITIES.get(code, code)
    if code not in SEVERITIES.values():
        raise Refused(
            _lt("“severity” is critical, high, medium or low, not %(value)s."), value=_show(value)
        )
    return code


def _facts(value):
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise Refused(_lt("“facts” has to be an object."))
    if len(value) > MOST_FACTS:
        raise Refused(_lt("“facts” has more than %(count)s values."), count=MOST_FACTS)
    return {key[:64]: _fact(one) for key, one in value.items() if one not in (None, "", [], {})}


def _fact(value):
    if isinstance(value, float) and not math.isfinite(value):
        raise Refused(NO_NUMBER, name="facts", value=_show(value))
    if isinstance(value, list) and all(isinstance(one, str | int | float) for one in value):
        value = ", ".join(map(str, value[:20]))
    if isinstance(value, dict | list):
        value = json.dumps(value, ensure_ascii=False)
    return value[:LONGEST_FACT] if isinstance(value, str) else value


def _show(value):
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 60 else f"{text[:60]}…"
