"""The page for monitors: who may read it, and how figures are written.

In the configuration file of Odoo::

    [exception_gateway]
    health_token_file = /etc/odoo/health.token

or ``health_token`` with the token itself, or the same in the environment:
EXCEPTION_HEALTH_TOKEN_FILE, EXCEPTION_HEALTH_TOKEN. Without one there is no such page.
"""

import hmac
import logging
import os
from pathlib import Path

from odoo.tools import config

_logger = logging.getLogger(__name__)

SHORTEST = 16
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
PREFIX = "exception_gateway_"


def token():
    """Return the token that monitors have to show; None: there is none that can be used."""
    try:
        value = _option("health_token")
        if not value and (path := _option("health_token_file")):
            value = Path(path).read_text()
    except OSError as error:
        _logger.error("The token of the health page cannot be read: %s", error)
        return None
    value = (value or "").strip()
    if value and len(value) < SHORTEST:
        _logger.error("The token of the health page is shorter than %s characters", SHORTEST)
        return None
    return value or None


def is_shown(expected, authorization):
    """Tell whether a request shows the token, in a time that does not depend on how it differs.

    :param str authorization: header ``Authorization: Bearer <token>``
    """
    scheme, _space, shown = (authorization or "").partition(" ")
    same = hmac.compare_digest(shown.strip().encode(), expected.encode())
    return scheme.lower() == "bearer" and same


def render(metrics):
    """Write figures in the text format of Prometheus.

    :param metrics: (name, what it says, [(labels as dict, value)]); a value None is left out
    """
    lines = []
    for name, words, samples in metrics:
        known = [(labels, value) for labels, value in samples if value is not None]
        if not known:
            continue
        lines.append(f"# HELP {PREFIX}{name} {_escape(words)}")
        lines.append(f"# TYPE {PREFIX}{name} gauge")
        for labels, value in known:
            text = ",".join(f'{key}="{_escape(str(one), True)}"' for key, one in labels.items())
            labelled = f"{{{text}}}" if text else ""
            number = value if isinstance(value, int) else f"{float(value):.6g}"
            lines.append(f"{PREFIX}{name}{labelled} {number}")
    return "\n".join(lines) + "\n"


def _escape(text, quoted=False):
    text = text.replace("\\", "\\\\").replace("\n", "\\n")
    return text.replace('"', '\\"') if quoted else text


def _option(name):
    section = config.misc.get("exception_gateway") or {}
    return os.environ.get(f"EXCEPTION_{name.upper()}") or section.get(name) or None
