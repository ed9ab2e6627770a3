"""Show what changed between two texts, word by word."""

import difflib
import re

from markupsafe import Markup


def difference(old, new):
    """Return ``new`` as HTML with what was added and what was taken out marked."""
    before, after = _words(old), _words(new)
    matcher = difflib.SequenceMatcher(a=before, b=after, autojunk=False)
    parts = []
    for kind, i1, i2, j1, j2 in matcher.get_opcodes():
        gone, come = "".join(before[i1:i2]), "".join(after[j1:j2])
        if kind == "equal":
            parts.append(_lines(gone))
            continue
        if gone:
            parts.append(Markup("<del class='text-danger'>%s</del>") % _lines(gone))
        if come:
            parts.append(Markup("<ins class='text-success'>%s</ins>") % _lines(come))
    return Markup().join(parts)


def _words(text):
    return re.findall(r"\s+|[^\s]+", text or "")


def _lines(text):
    return Markup("<br/>").join(text.split("\n"))
