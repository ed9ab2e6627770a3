"""Secrets at rest: encrypted with a key that is not in the database.

In the configuration file of Odoo::

    [exception_gateway]
    secret_key_file = /etc/odoo/gateway.key

or in the environment: EXCEPTION_SECRET_KEY_FILE, or EXCEPTION_SECRET_KEY (the key itself). A key is
one that ``Fernet.generate_key()`` makes; a file may hold several, one a line: the first one
encrypts, all decrypt, so that the key itself can be replaced.
"""

import logging
import os
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from odoo.tools import config

_logger = logging.getLogger(__name__)


class KeyMissing(Exception):
    """No usable key is configured; secrets can neither be stored nor used until there is one."""


class WrongKey(Exception):
    """The secret was encrypted with a key that is not configured any more."""


def encrypt(text):
    """Return a secret as it may be stored.

    :raise KeyMissing: without a key
    """
    return _box().encrypt(text.encode()).decode()


def decrypt(stored):
    """Return a stored secret in clear.

    :raise KeyMissing: without a key
    :raise WrongKey: when no configured key fits
    """
    try:
        return _box().decrypt(stored.encode()).decode()
    except InvalidToken:
        raise WrongKey() from None


def renew(stored):
    """Return a stored secret encrypted with the first key; raises like ``decrypt``."""
    try:
        return _box().rotate(stored.encode()).decode()
    except InvalidToken:
        raise WrongKey() from None


def is_current(stored):
    """Tell whether a stored secret was encrypted with the first key; raises like ``decrypt``."""
    decrypt(stored)
    try:
        _keys()[0].decrypt(stored.encode())
    except InvalidToken:
        return False
    return True


def is_ready():
    """Tell whether a usable key is configured."""
    try:
        _keys()
    except KeyMissing:
        return False
    return True


def _option(name):
    section = config.misc.get("exception_gateway") or {}
    return os.environ.get(f"EXCEPTION_{name.upper()}") or section.get(name) or None


def _box():
    return MultiFernet(_keys())


def _keys():
    keys, path = _option("secret_key"), _option("secret_key_file")
    try:
        if not keys and path:
            keys = Path(path).read_text()
        if keys and keys.split():
            return [Fernet(key.encode()) for key in keys.split()]
    except (OSError, ValueError) as error:
        # the error of the file names the file only; that of a key would not name it
        reason = error if isinstance(error, OSError) else "it is not one that Fernet makes"
        _logger.error("The key of the gateway's secrets cannot be used: %s", reason)
    raise KeyMissing()
