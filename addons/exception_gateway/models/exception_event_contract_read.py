from odoo import _, models

from ..tools.event_normal import moment, normal_form, order_value
from ..tools.event_path import find
from ..tools.event_schema import check, compile_schema
from ..tools.refused import Refused

LONGEST_KEY = 200
MOST_ITEMS = 1000


class ExceptionEventContractRead(models.Model):
    """What a message says by a contract. Works on unsaved contracts, too, and writes nothing."""

    _inherit = "exception.event.contract"

    def _lines(self, name):
        """Return the lines of the contract in their order, unsaved ones last."""
        return self[name].sorted(lambda one: (one.sequence, one._origin.id or 2**31))

    def _items(self, payload, headers):
        """Return the items of a message that has several, by this contract; None: it has none."""
        if not (self.items_path or "").strip():
            return None
        items = find(self.items_path, payload, headers)
        if not isinstance(items, list) or not items:
            return None
        if len(items) > MOST_ITEMS:
            raise Refused(
                _("It has %(count)s items; at most %(most)s are taken."),
                count=len(items),
                most=MOST_ITEMS,
            )
        return items

    def _kind(self, payload, headers, known):
        """Return what the sender calls this kind of message."""
        if not (self.kind_path or "").strip():
            return known or ""
        kind = find(self.kind_path, payload, headers)
        return str(kind)[:128] if isinstance(kind, str | int | float) else ""

    def _is_for(self, kind, payload, headers):
        """Tell whether the contract is for a message."""
        if (self.kinds or "").strip() and not self._fits(self.kinds, kind):
            return False
        condition = (self.condition or "").strip()
        return not condition or is_true(find(condition, payload, headers))

    def _read_message(self, work, digits):
        """Read a message into its work: version, schema, normal form, keys.

        :raise Refused: what does not fit
        """
        payload, headers = work.payload, work.headers
        self._check_version(payload, headers)
        if wrong := self._schema_problems(payload):
            raise Refused(_("It does not fit the schema: %(wrong)s"), wrong="; ".join(wrong))
        work.form = normal_form(find(self.mapping, payload, headers), digits)
        work.subject = self._key_text("subject_path", payload, headers)
        if work.subject:
            work.order = order_value(find(self.ordering_path, payload, headers))
            if work.order is None:
                raise Refused(_("It does not say its place in the order (“Newer by”)."))
        work.business_key = self._key_text("dedup_path", payload, headers)

    def _check_version(self, payload, headers):
        if not (self.version_path or "").strip():
            return
        version = find(self.version_path, payload, headers)
        if version is None or not self._fits(self.versions, str(version)):
            raise Refused(
                _("Version “%(version)s” of the message is not known; accepted: %(known)s."),
                version=str(version)[:60] if version is not None else "–",
                known=self.versions,
            )

    def _schema_problems(self, payload):
        text = (self.schema or "").strip()
        return check(compile_schema(text), payload) if text else []

    def _key_text(self, name, payload, headers):
        """Return a key that a path finds, as text; None when nothing is there."""
        path = (self[name] or "").strip()
        value = find(path, payload, headers) if path else None
        if (
            isinstance(value, list)
            and value
            and all(isinstance(one, str | int | float) for one in value)
        ):
            # what a part contains must not look like the end of it: two matters are not one
            parts = (str(one).replace("\\", "\\\\").replace(":", "\\:") for one in value)
            value = ":".join(parts) if len(value) > 1 else str(value[0])
        if value is None or value == "":
            return None
        if not isinstance(value, str | int | float) or len(str(value)) > LONGEST_KEY:
            raise Refused(
                _("“%(label)s” is no short text."),
                label=self._fields[name].get_description(self.env)["string"],
            )
        return str(value)

    def _moment_of(self, form):
        return moment(form["when"], "when") if form and form["when"] else None


def is_true(value):
    """Tell whether a value counts as true in JMESPath: 0 does, what is empty does not."""
    return not (value is None or value is False or value == "" or value == [] or value == {})
