"""The words in double braces that a reply template may use, and what Odoo puts there.

Templates are written by business people and rendered with the rights of whoever answers, so free
expressions would be code: only these words become expressions.
"""

import re

from markupsafe import escape

# word: expression of Odoo's template engine
WORDS = {
    "customer": "object.customer_name",
    "reference": "object.name",
    "subject": "object.title",
    "record": "object.res_name or ''",
    "agent": "user.name",
    "team": "object.team_id.name or ''",
    "company": "object.company_id.name",
    "promised": "format_date(object.promised_at) if object.promised_at else ''",
}
BRACES = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
# a link or another attribute, where the sanitiser may have encoded the braces
WORD_IN_TAG = re.compile(r"<[^>]*(\{\{|%7B%7B)[^>]*>", re.IGNORECASE)


def unknown_words(text):
    """Return what stands in double braces and is none of the words."""
    found = [match.strip() for match in BRACES.findall(text or "")]
    rest = BRACES.sub("", text or "")
    stray = ["{{"] if "{{" in rest or "}}" in rest else []
    return [word for word in found if word not in WORDS] + stray


def to_inline(text):
    """Return a subject for Odoo's inline templates."""
    return BRACES.sub(lambda match: f"{{{{ {WORDS[match.group(1).strip()]} }}}}", text or "")


def to_qweb(html):
    """Return a sanitised body for QWeb; its words are the only expressions in it."""
    return BRACES.sub(
        lambda match: f'<t t-out="{escape(WORDS[match.group(1).strip()])}"></t>', html or ""
    )
