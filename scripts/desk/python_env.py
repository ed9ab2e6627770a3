"""The Python environment in .venv: built with uv where it is present, else with venv and pip.

A marker file in it holds a hash of the requirements; when they change, the environment is brought
up to date in place. An interrupted build leaves no marker and is simply finished next time.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from .console import SetupError, exclusive, say
from .paths import REQUIREMENTS, ROOT, VENV, VENV_PYTHON, run_folder

OLDEST, NEWEST = (3, 10), (3, 12)
PREFERRED = ("python3.11", "python3.12", "python3.10")
MARKER = VENV / ".requirements-installed"

MISSING_COMPILER = ("gcc: not found", "command 'gcc' failed", "command 'cc' failed", "Python.h")
UNREACHABLE = ("Temporary failure in name resolution", "Connection refused", "ConnectTimeout")


def enter():
    """Make the environment ready and continue this very script inside it."""
    changed = ensure()
    if changed or Path(sys.prefix).resolve() != VENV.resolve():
        os.execv(str(VENV_PYTHON), [str(VENV_PYTHON), *sys.argv])


def ensure():
    """Build or update the environment if it needs it; say whether anything was done."""
    if _is_current():
        return False
    with exclusive("env", "Waiting for another command that prepares the Python environment ..."):
        if _is_current():
            return False
        if not _in_range(version_of(str(VENV_PYTHON))):
            _create()
        _install()
        MARKER.write_text(fingerprint())
    return True


def fingerprint(pattern="*.txt"):
    """Hash of the requirements whose file matches."""
    digest = hashlib.sha256()
    for path in sorted(REQUIREMENTS.glob(pattern)):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def version_of(python):
    """(major, minor) of an interpreter, or None when it cannot be run."""
    probe = [python, "-c", "import sys; print(*sys.version_info[:2])"]
    try:
        done = subprocess.run(probe, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return tuple(int(part) for part in done.stdout.split())


def choose_interpreter(candidates=None):
    """The first of the candidates that Odoo 17 runs on, or None."""
    for name in candidates or (sys.executable, *PREFERRED):
        found = shutil.which(name)
        if found and _in_range(version_of(found)):
            return found
    return None


def _in_range(version):
    return version is not None and OLDEST <= version <= NEWEST


def _is_current():
    return MARKER.is_file() and VENV_PYTHON.exists() and MARKER.read_text() == fingerprint()


def _create():
    """An empty environment with an interpreter that Odoo 17 runs on."""
    python, uv = choose_interpreter(), shutil.which("uv")
    if not python and not uv:
        raise SetupError(
            "Odoo 17 runs on Python 3.10 to 3.12 and none of these was found (this is "
            f"{sys.version.split()[0]}).\n"
            "Install one of them (Debian/Ubuntu: apt-get install python3.11 python3.11-venv), or "
            "install uv, which fetches its own."
        )
    say(f"Creating the Python environment in .venv ({python or 'Python 3.11 by uv'}) ...")
    if uv:
        _run([uv, "venv", "--quiet", "--clear", "--python", python or "3.11", str(VENV)])
    else:
        _run([python, "-m", "venv", "--clear", str(VENV)])


def _install():
    """Install what requirements/ names. Community addons go without the packages they depend on."""
    say("Installing Python packages (about a minute the first time) ...")
    uv = shutil.which("uv")
    if uv:
        pip = [uv, "pip", "install", "--quiet", "--python", str(VENV_PYTHON)]
    else:
        pip = [str(VENV_PYTHON), "-m", "pip", "install", "--disable-pip-version-check"]
    named = [REQUIREMENTS / f"{name}.txt" for name in ("odoo", "gateway", "dev")]
    _run([*pip, *(word for path in named for word in ("-r", str(path)))])
    _run([*pip, "--no-deps", "-r", str(REQUIREMENTS / "addons.txt")])


def _run(command):
    """Run one step with its output in a log; explain a failure."""
    log = run_folder() / "python-env.log"
    with log.open("ab") as out:
        start = out.tell()
        done = subprocess.run(command, stdout=out, stderr=subprocess.STDOUT, cwd=str(ROOT))
    if done.returncode:
        text = log.read_bytes()[start:].decode(errors="replace")
        raise SetupError(f"{explain(text)}\nThe whole output is in {log}")


def explain(text):
    """What to do about a failed installation, read from its output."""
    if any(sign in text for sign in MISSING_COMPILER):
        return (
            "A Python package has no ready-made build for this machine, and there is no working C "
            "compiler or no Python headers to build it.\n"
            "Install them (Debian/Ubuntu: apt-get install build-essential python3-dev) and try "
            "again."
        )
    if "ensurepip" in text:
        return (
            "This Python cannot make virtual environments.\n"
            "Install its venv package (Debian/Ubuntu: apt-get install python3-venv), or uv."
        )
    if any(sign in text for sign in UNREACHABLE):
        return "The Python package index cannot be reached. Check the network and try again."
    return "Installing Python packages failed:\n" + "\n".join(text.strip().splitlines()[-8:])
