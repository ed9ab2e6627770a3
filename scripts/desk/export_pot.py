"""python -m desk.export_pot ADDON...: write each addon's i18n/<addon>.pot.

Runs with Odoo on its path and ODOO_RC set. A file is left alone when only its dates would change.
Fails when texts of a source file could not be read, for Odoo merely logs that.
"""

import contextlib
import io
import logging
import re
import sys
from pathlib import Path

import odoo
from odoo.modules import get_module_path
from odoo.tools import config, trans_export

DATES = re.compile(rb'^"(POT-Creation-Date|PO-Revision-Date): .*"$', re.MULTILINE)


class Failures(logging.Handler):
    """Counts what the export logs as an error: a file whose texts would be missing."""

    def __init__(self):
        """Begin with none."""
        super().__init__(logging.ERROR)
        self.count = 0

    def emit(self, record):
        """Count one more; the log shows it by itself."""
        self.count += 1


def main(names):
    """Export all of the named addons from the configured database; the exit code."""
    config.parse_config([])
    failures = Failures()
    logging.getLogger("odoo.tools.translate").addHandler(failures)
    with contextlib.closing(odoo.registry(config["db_name"]).cursor()) as cursor:
        for name in names:
            path = Path(get_module_path(name)) / "i18n" / f"{name}.pot"
            content = io.BytesIO()
            trans_export(False, [name], content, "po", cursor)
            written = write_if_changed(path, content.getvalue())
            print(f"{name}: {'written' if written else 'unchanged'}")
    return 1 if failures.count else 0


def write_if_changed(path, content):
    """Write the file unless it says the same already; tell whether it was written."""
    if path.is_file() and DATES.sub(b"", path.read_bytes()) == DATES.sub(b"", content):
        return False
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    return True


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
