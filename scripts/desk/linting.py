"""make lint: every check over the files that git tracks or would track."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from lxml import etree

from . import addons
from .console import SetupError, say
from .paths import ROOT, run_folder

ESLINT_SUFFIXES = {".js"}
PRETTIER_SUFFIXES = {".js", ".css", ".scss"}


def main():
    """Run all checks, also after one has failed; the exit code tells whether any did."""
    files = tracked_files()
    python = [path for path in files if path.suffix == ".py"]
    checks = {
        "ruff check": lambda: _tool("ruff", "check", "--quiet", *python),
        "ruff format": lambda: _tool("ruff", "format", "--check", "--quiet", *python),
        "pylint-odoo": lambda: _pylint(python),
        "XML": lambda: _xml([path for path in files if path.suffix == ".xml"]),
        "eslint": lambda: _node("eslint", _scripts(files, ESLINT_SUFFIXES), "--max-warnings=0"),
        "prettier": lambda: _node("prettier", _scripts(files, PRETTIER_SUFFIXES), "--check"),
    }
    failed = []
    for name, check in checks.items():
        passed = check()
        say(f"{name}: {'passed' if passed else 'FAILED'}")
        if not passed:
            failed.append(name)
    if failed:
        say(f"\nFailed: {', '.join(failed)}")
    return 1 if failed else 0


def tracked_files(root=ROOT):
    """Files that git tracks, and new ones that it does not ignore, as paths below ``root``."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True)
    if done.returncode:
        raise SetupError(f"make lint needs a git checkout: {done.stderr.strip()}")
    names = sorted(set(filter(None, done.stdout.split("\0"))))
    return [Path(name) for name in names if (root / name).is_file()]


def malformed(path):
    """Why an XML file cannot be parsed, or None."""
    try:
        etree.parse(str(path))
    except (etree.XMLSyntaxError, OSError) as error:
        return f"{path}: {error}"
    return None


def _xml(files):
    errors = list(filter(None, (malformed(ROOT / path) for path in files)))
    for error in errors:
        say(error)
    return not errors


def _tool(name, *arguments):
    """A tool of the Python environment."""
    if not arguments:
        return True
    command = [sys.executable, "-m", name, *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT).returncode == 0


def _pylint(python):
    """pylint-odoo over the addons, which are what it knows about."""
    folders = {addon.path.relative_to(ROOT) for addon in addons.find().values()}
    files = [path for path in python if folders.intersection(path.parents)]
    return not files or _tool("pylint", "--rcfile=.pylintrc-mandatory", *files)


def _scripts(files, suffixes):
    """Front-end sources of the addons, and the configuration of the tools themselves."""
    return [
        path
        for path in files
        if path.suffix in suffixes and ("static" in path.parts or path.parent == Path("."))
        if "lib" not in path.parts
    ]


def _node(tool, files, *options):
    """A tool of node_modules, which is brought up to date first."""
    if not files:
        return True
    if not _node_modules():
        return False
    command = [str(ROOT / "node_modules" / ".bin" / tool), *options, *map(str, files)]
    return subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL).returncode == 0


def _node_modules():
    """Install what package-lock.json names, if that has changed; say why when it cannot be done."""
    marker = ROOT / "node_modules" / ".lock-installed"
    lock = (ROOT / "package-lock.json").read_text()
    if marker.is_file() and marker.read_text() == lock:
        return True
    npm = shutil.which("npm")
    if not npm:
        say("eslint and prettier need Node.js 18.18 or newer with npm, and npm was not found.")
        return False
    log = run_folder() / "npm.log"
    with log.open("w") as out:
        command = [npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
        environment = {**os.environ, "CI": "true"}
        code = subprocess.run(
            command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=out, stderr=out, env=environment
        ).returncode
    if code:
        say(f"npm ci failed:\n{log.read_text()[-2000:]}")
        return False
    marker.write_text(lock)
    return True
