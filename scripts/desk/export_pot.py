"""python -m desk.export_pot ADDON...: write each addon's i18n/<addon>.pot.

Runs with Odoo on its path and ODOO_RC set. A file is left alone when only its dates would change.
"""

import contextlib
import io
import re
import sys
from pathlib import Path

import odoo
from odoo.modules import get_module_path
from odoo.tools import config, trans_export

DATES = re.compile(rb'^"(POT-Creation-Date|PO-Revision-Date): .*"$', re.MULTILINE)


def main(names):
    """Export all of the named addons from the configured database."""
    config.parse_config([])
    with contextlib.closing(odoo.registry(config["db_name"]).cursor()) as cursor:
        for name in names:
            path = Path(get_module_path(name)) / "i18n" / f"{name}.pot"
            content = io.BytesIO()
            trans_export(False, [name], content, "po", cursor)
            written = write_if_changed(path, content.getvalue())
            print(f"{name}: {'written' if written else 'unchanged'}")


def write_if_changed(path, content):
    """Write the file unless it says the same already; tell whether it was written."""
    if path.is_file() and DATES.sub(b"", path.read_bytes()) == DATES.sub(b"", content):
        return False
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    return True


if __name__ == "__main__":
    main(sys.argv[1:])
