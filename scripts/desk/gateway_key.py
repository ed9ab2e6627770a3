"""The key with which the gateway encrypts its secrets, outside of any database."""

import base64
import os

from .paths import run_folder


def options():
    """The options of odoo.conf that name it; the key is made when it is first asked for."""
    folder = run_folder() / "gateway"
    folder.mkdir(mode=0o700, exist_ok=True)
    key = folder / "gateway.key"
    if not key.exists():
        with open(os.open(key, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            # as cryptography's Fernet.generate_key() does
            out.write(base64.urlsafe_b64encode(os.urandom(32)).decode())
    return {"secret_key_file": key}
