"""The key that checkpoints of the audit trail are signed with, and the folder they are kept in.

Both stand outside the database, so that who may write to the database can neither sign nor choose
where checkpoints go. In the configuration file of Odoo::

    [exception_core]
    audit_key_file = /etc/odoo/audit.key     (64 hexadecimal digits)
    audit_folder = /var/lib/odoo-audit

or in the environment: EXCEPTION_AUDIT_KEY (the digits themselves), EXCEPTION_AUDIT_KEY_FILE and
EXCEPTION_AUDIT_FOLDER.
"""

import logging
import os
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from odoo.tools import config

_logger = logging.getLogger(__name__)


def option(name):
    """Return an option from the environment or the configuration file; None without it."""
    section = config.misc.get("exception_core") or {}
    return os.environ.get(f"EXCEPTION_{name.upper()}") or section.get(name) or None


def folder():
    """Return the folder that checkpoints and archives are kept in; None without one."""
    path = option("audit_folder")
    return Path(path) if path else None


def sign(message):
    """Return (public key, signature) as hexadecimal digits; two empty texts without a key."""
    key = _private_key()
    if not key:
        return "", ""
    public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return public.hex(), key.sign(message).hex()


def public_key():
    """Return the public key as hexadecimal digits; an empty text without a key."""
    return sign(b"")[0]


def _private_key():
    digits, path = option("audit_key"), option("audit_key_file")
    try:
        if not digits and path:
            digits = Path(path).read_text()
        return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(digits)) if digits else None
    except (OSError, ValueError) as error:
        # the error of the file names the file only; that of the digits would not name them
        reason = error if isinstance(error, OSError) else "not 64 hexadecimal digits"
        _logger.error("The key of the audit trail cannot be used: %s", reason)
        return None
