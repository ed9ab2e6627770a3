"""The key and the folder of the audit trail's checkpoints, outside of any database."""

import os
import secrets

from .paths import run_folder


def options():
    """The options of odoo.conf that name them; the key is made when it is first asked for."""
    folder = run_folder() / "audit"
    folder.mkdir(mode=0o700, exist_ok=True)
    key = folder / "audit.key"
    if not key.exists():
        with open(os.open(key, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            out.write(secrets.token_hex(32))
    return {"audit_key_file": key, "audit_folder": folder}
