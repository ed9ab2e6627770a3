"""Where things are. Everything that set-up makes lies in git-ignored folders of the checkout."""

import hashlib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
REQUIREMENTS = ROOT / "requirements"
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / "bin" / "python"
ODOO_DOWNLOAD = ROOT / ".odoo"
EMBEDDED_PG = ROOT / ".pg"
RUN = ROOT / ".run"
ODOO_DATA = RUN / "data"

# Two checkouts may share one PostgreSQL server: names of databases carry this.
CHECKOUT_ID = hashlib.sha256(str(ROOT).encode()).hexdigest()[:6]


def run_folder():
    """The folder for derived files, made when it is first asked for."""
    RUN.mkdir(mode=0o700, exist_ok=True)
    return RUN
