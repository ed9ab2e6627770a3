"""The configuration files that are derived from the repository's odoo.conf."""

import configparser
import os

from .addons import addons_folders
from .paths import ODOO_DATA, ROOT, run_folder


def derive(name, source, server, database, **options):
    """Write .run/<name>.conf: odoo.conf plus what only this machine knows. Returns its path.

    ``options`` overrides single options; those of a section are given as ``section={...}``.
    """
    conf = configparser.RawConfigParser()
    conf.read(ROOT / "odoo.conf")
    values = {
        "addons_path": ",".join(map(str, (*source.addons_paths, *addons_folders()))),
        "data_dir": ODOO_DATA,
        "db_host": server.host,
        "db_port": server.port,
        "db_user": server.user,
        "db_password": server.password or False,
        "db_name": database,
        "dbfilter": f"^{database}$",
        "http_interface": "127.0.0.1",
    }
    sections = {key: options.pop(key) for key in list(options) if isinstance(options[key], dict)}
    for section, entries in ({"options": {**values, **options}} | sections).items():
        if not conf.has_section(section):
            conf.add_section(section)
        for key, value in entries.items():
            conf.set(section, key, str(value))
    path = run_folder() / f"{name}.conf"
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        conf.write(out)
    return path
