"""Finding Odoo 17: ODOO_HOME, the well-known places, an installed package, else a download."""

import os
import re
import shutil
import subprocess
import sys
import tarfile
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from .console import SetupError, exclusive, say
from .paths import ODOO_DOWNLOAD

SERIES = (17, 0)
WELL_KNOWN = (Path("/opt/odoo-17.0"), Path("/opt/odoo"))
REPOSITORY = "https://github.com/odoo/odoo"
VERSION_INFO = re.compile(r"^version_info\s*=\s*\(\s*'?(?:saas~)?(\d+)'?\s*,\s*(\d+)", re.M)
ARCHIVE = "https://nightly.odoo.com/17.0/nightly/src/odoo_17.0.latest.tar.gz"


@dataclass(frozen=True)
class OdooSource:
    """An Odoo source tree: ``home`` goes on PYTHONPATH."""

    home: Path

    @property
    def addons_paths(self):
        """A git checkout keeps most addons in addons/, a release archive all in odoo/addons."""
        candidates = (self.home / "odoo" / "addons", self.home / "addons")
        return [path for path in candidates if path.is_dir()]

    @property
    def identity(self):
        """A text that changes when this Odoo changes."""
        release = self.home / "odoo" / "release.py"
        head = self.home / ".git" / "logs" / "HEAD"
        stamp = head if head.is_file() else release
        return f"{self.home} {release.read_text()} {stamp.stat().st_mtime_ns}"


def series_of(home):
    """(17, 0) and the like, read from odoo/release.py without importing it; None if not an Odoo."""
    try:
        text = (Path(home) / "odoo" / "release.py").read_text()
    except OSError:
        return None
    match = VERSION_INFO.search(text)
    return tuple(int(part) for part in match.groups()) if match else None


def find(environ=os.environ, well_known=WELL_KNOWN):
    """The Odoo 17 to use, downloaded when there is none."""
    if environ.get("ODOO_HOME"):
        return _from_variable(Path(environ["ODOO_HOME"]).expanduser().resolve())
    for home in (*well_known, ODOO_DOWNLOAD / "odoo"):
        series = series_of(home)
        if series == SERIES:
            return OdooSource(home)
        if series:
            say(f"Passing over {home}: it is Odoo {_told(series)}, not 17.0.")
    return _installed() or _download()


def _told(series):
    return ".".join(map(str, series))


def _from_variable(home):
    """ODOO_HOME is an explicit wish: anything but Odoo 17.0 there is an error."""
    series = series_of(home)
    if series == SERIES:
        return OdooSource(home)
    found = f"holds Odoo {_told(series)}" if series else "holds no Odoo (no odoo/release.py)"
    raise SetupError(
        f"ODOO_HOME={home} {found}; this suite needs Odoo 17.0.\n"
        "Point ODOO_HOME at the top folder of an Odoo 17.0 source tree, or unset it to let one be "
        "found or downloaded."
    )


def _installed():
    """An installed ``odoo`` package of series 17, reached through a link.

    The link keeps the rest of its site-packages from shadowing the environment's own packages.
    """
    probe = (
        "import importlib.util as u; s = u.find_spec('odoo'); "
        "print(*(s.submodule_search_locations if s else ()), sep='\\n')"
    )
    for python in {getattr(sys, "_base_executable", sys.executable), "/usr/bin/python3"}:
        if not Path(python).exists():
            continue
        done = subprocess.run([python, "-I", "-c", probe], capture_output=True, text=True)
        for package in map(Path, done.stdout.splitlines()):
            if series_of(package.parent) == SERIES:
                return _linked(package)
    return None


def _linked(package):
    home = ODOO_DOWNLOAD / "installed"
    home.mkdir(parents=True, exist_ok=True)
    link = home / "odoo"
    if link.is_symlink():
        link.unlink()
    link.symlink_to(package)
    return OdooSource(home)


def _download():
    """Odoo's own 17.0 branch, or its nightly source archive where git is missing or refused."""
    ODOO_DOWNLOAD.mkdir(exist_ok=True)
    target, partial = ODOO_DOWNLOAD / "odoo", ODOO_DOWNLOAD / "partial"
    with exclusive("odoo-download", "Waiting for another command that downloads Odoo ..."):
        if series_of(target) == SERIES:
            return OdooSource(target)
        for fetch in (_clone, _unpack):
            shutil.rmtree(partial, ignore_errors=True)
            tree = fetch(partial)
            if tree and series_of(tree) == SERIES:
                tree.rename(target)
                shutil.rmtree(partial, ignore_errors=True)
                return OdooSource(target)
    raise SetupError(
        "No Odoo 17 was found on this machine, and it could not be downloaded.\n"
        "Set ODOO_HOME to the top folder of an Odoo 17.0 source tree, put one at /opt/odoo-17.0, "
        "or check the network and try again."
    )


def _clone(partial):
    """The tip of the branch; None when that fails."""
    if not shutil.which("git"):
        return None
    say("Downloading Odoo 17 (git, depth 1, a few hundred MB) ...")
    command = ["git", "clone", "--quiet", "--depth", "1", "--branch", "17.0", REPOSITORY]
    done = subprocess.run([*command, str(partial)], stdin=subprocess.DEVNULL)
    return partial if done.returncode == 0 else None


def _unpack(partial):
    """The nightly archive's only folder; None when that fails."""
    say("Downloading Odoo 17 (nightly source archive) ...")
    partial.mkdir()
    archive = partial / "odoo.tar.gz"
    try:
        with urllib.request.urlopen(ARCHIVE, timeout=60) as answer, archive.open("wb") as out:
            shutil.copyfileobj(answer, out)
        with tarfile.open(archive) as content:
            content.extractall(partial, filter="data")
    except (urllib.error.URLError, OSError, tarfile.TarError) as error:
        say(f"That failed: {error}")
        return None
    return next((path.parent for path in partial.glob("*/odoo-bin")), None) or next(
        (path.parent.parent for path in partial.glob("*/odoo/release.py")), None
    )
