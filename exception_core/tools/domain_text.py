"""Turn the text of a stored condition into a domain."""

import ast
from functools import lru_cache

from odoo.tools.safe_eval import safe_eval

from .domain_names import check_domain_text, domain_names


def evaluate_domain(text, now, tz_name=None):
    """Return the domain that a condition means at an instant; callers leave it unchanged.

    :param str text: a list of conditions whose values may use ``DOMAIN_NAMES``
    :param datetime now: naive UTC instant
    :param str tz_name: zone that decides what "today" is
    :raise ValueError: naming what is not allowed or not known
    :raise SyntaxError: when it is no expression
    """
    fixed = _fixed(text)
    domain = safe_eval(text, domain_names(now, tz_name)) if fixed is None else fixed
    if not isinstance(domain, list):
        raise ValueError("a condition is a list")
    return domain


@lru_cache(maxsize=512)
def _fixed(text):
    """Return what a text means at all times; None when it uses names."""
    check_domain_text(text)
    try:
        return ast.literal_eval(text.strip())
    except ValueError:
        return None
