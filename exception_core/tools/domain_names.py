"""Names that a detector's domain may use beside its own parameters.

They are plain so that an administrator can read them: ``now``, ``today`` and a few functions
that count from them. The browser evaluates the same names (static/src/detector), which keeps
the record counter under the domain editor right.
"""

import ast
from datetime import datetime, time, timedelta

import pytz

DOMAIN_NAMES = {
    "now": "this instant",
    "today": "today's date in the company's time zone",
    "days_ago(n)": "the instant n days before now",
    "hours_ago(n)": "the instant n hours before now",
    "days_ahead(n)": "the instant n days after now",
    "start_of_day(n)": "midnight n days before today in the company's time zone (0: today)",
}


def domain_names(now, tz_name=None):
    """Return the evaluation context of a detector's domain.

    :param datetime now: naive UTC instant
    :param str tz_name: IANA zone that decides what "today" is; UTC when empty
    :return: name → value or function; instants are naive UTC as Odoo stores them
    """
    zone = pytz.timezone(tz_name or "UTC")
    today = pytz.utc.localize(now).astimezone(zone).date()

    def start_of_day(days=0):
        midnight = datetime.combine(today - timedelta(days=days), time.min)
        return zone.localize(midnight).astimezone(pytz.utc).replace(tzinfo=None)

    return {
        "now": now,
        "today": today,
        "days_ago": lambda days: now - timedelta(days=days),
        "hours_ago": lambda hours: now - timedelta(hours=hours),
        "days_ahead": lambda days: now + timedelta(days=days),
        "start_of_day": start_of_day,
    }


# All that a condition is made of. A save evaluates it in Python, where no statement timeout
# applies, so nothing is allowed that could compute for long (powers, ranges, comprehensions).
ALLOWED_NODES = (
    ast.Expression,
    ast.List,
    ast.Tuple,
    ast.Constant,
    ast.Name,
    ast.Load,
    ast.UnaryOp,
    ast.USub,
    ast.BinOp,
    ast.Add,
    ast.Sub,
    ast.Mult,
    ast.Div,
    ast.Call,
)


def check_domain_text(text, params=None):
    """Refuse a condition that is more than names, values, lists and plain arithmetic.

    :param str text: the condition as it is stored
    :param dict params: values by name that it may use beside ``DOMAIN_NAMES``
    :raise ValueError: naming what is not allowed
    :raise SyntaxError: when it is no expression
    """
    texts = {name for name, value in (params or {}).items() if isinstance(value, str)}
    for node in ast.walk(ast.parse(text.strip(), mode="eval")):
        if not isinstance(node, ALLOWED_NODES):
            raise ValueError(f"{type(node).__name__} is not allowed in a condition")
        if isinstance(node, ast.Call):
            known = isinstance(node.func, ast.Name) and f"{node.func.id}(n)" in DOMAIN_NAMES
            if not known or node.keywords:
                raise ValueError(f"{ast.unparse(node.func)} cannot be called in a condition")
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
            if any(_would_be_repeated(part, texts) for part in ast.walk(node)):
                raise ValueError("only numbers can be multiplied in a condition")


def _would_be_repeated(node, texts):
    """Tell whether a part of a product is no number: Python repeats it instead."""
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str | bytes)
    return isinstance(node, ast.List | ast.Tuple) or isinstance(node, ast.Name) and node.id in texts
