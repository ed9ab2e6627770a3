"""The addons of this repository, read from their manifests."""

import ast
import hashlib
from dataclasses import dataclass
from pathlib import Path

from .console import SetupError
from .paths import ROOT

# What an installed database does not depend on: these may change without a rebuild.
NOT_INSTALLED = {"tests", "static", "i18n", "readme", "doc", "docs", "__pycache__"}
INSTALLED_SUFFIXES = {".py", ".xml", ".csv", ".sql", ".json", ".jmespath", ".html", ".txt"}


@dataclass(frozen=True)
class Addon:
    """One addon: its folder and what its manifest depends on."""

    path: Path
    depends: tuple
    installable: bool = True

    @property
    def name(self):
        """The technical name is the folder's."""
        return self.path.name

    def installed_files(self):
        """Files whose content ends up in a database, or decides what does."""
        for path in sorted(self.path.rglob("*")):
            inner = path.relative_to(self.path)
            if path.suffix in INSTALLED_SUFFIXES and not NOT_INSTALLED.intersection(inner.parts):
                yield path

    def key(self):
        """Hash of the installed files."""
        digest = hashlib.sha256()
        for path in self.installed_files():
            content = hashlib.sha256(path.read_bytes()).digest()
            digest.update(str(path.relative_to(self.path)).encode() + content)
        return digest.hexdigest()[:12]


def addons_folders(root=ROOT):
    """The addons paths of the repository that hold an addon (Odoo refuses empty ones)."""
    return [path for path in (root, root / "addons") if any(path.glob("*/__manifest__.py"))]


def find(root=ROOT):
    """All installable addons of the repository by name."""
    found = {}
    for folder in addons_folders(root):
        for manifest in sorted(folder.glob("*/__manifest__.py")):
            addon = _read(manifest)
            if addon.installable:
                found[addon.name] = addon
    return found


def _read(manifest):
    try:
        values = ast.literal_eval(manifest.read_text())
    except (SyntaxError, ValueError) as error:
        raise SetupError(f"{manifest} is not a manifest: {error}") from error
    depends = tuple(values.get("depends", ["base"]))
    return Addon(manifest.parent, depends, values.get("installable", True))


def with_dependencies(names, ours):
    """Those addons of the repository that installing ``names`` installs, in a stable order."""
    wanted, queue = set(), list(names)
    while queue:
        name = queue.pop()
        if name in ours and name not in wanted:
            wanted.add(name)
            queue.extend(ours[name].depends)
    return sorted(wanted)


def foreign_dependencies(ours):
    """What the repository's addons need from elsewhere: Odoo's own and the community's."""
    return sorted({name for addon in ours.values() for name in addon.depends} - set(ours))


def keys(names, ours):
    """The key of each addon of the repository that installing ``names`` installs."""
    return {name: ours[name].key() for name in with_dependencies(names, ours)}


def chosen(text, ours):
    """The names in a comma-separated wish such as MODULES; empty means all of the repository."""
    names = [name.strip() for name in (text or "").split(",") if name.strip()]
    return names or sorted(ours)
