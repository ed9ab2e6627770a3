import threading
from functools import partial

from odoo import SUPERUSER_ID, api, fields, models
from odoo.tools import SQL

from ..tools.audit_chain import HIDEABLE, PLAIN, canonical, digest, salted
from ..tools.audit_seal import own_transaction, seal_all, seal_batch, seal_committed, tested

# The columns of an entry and their types, as they are inserted.
COLUMNS = {
    "chain": "int4",
    "event": "varchar",
    "at": "timestamp",
    "user_id": "int4",
    "who": "varchar",
    "on_behalf_id": "int4",
    "on_behalf": "varchar",
    "company_id": "int4",
    "case_id": "int4",
    "case_name": "varchar",
    "res_model": "varchar",
    "res_id": "int4",
    "res_name": "varchar",
    "is_override": "bool",
    "is_automatic": "bool",
    "reason": "text",
    "before": "text",
    "after": "text",
    "data": "text",
    "salts": "text",
    "digest": "varchar",
}
FLAGS = ("is_override", "is_automatic")
# The chain of what has no case: configuration, and what is done to the trail itself.
CONFIGURATION = 0


class Watch:
    """The cases whose changes somebody further out writes down; no client can send an object."""

    def __init__(self, ids):
        self.ids = ids


class Opening(Watch):
    """Cases that are being opened: what happens meanwhile comes after their first entry."""

    def __init__(self, ids):
        super().__init__(ids)
        self.later = []


class ExceptionAuditAppend(models.Model):
    """How entries get on the trail: one INSERT for a batch, chained after the commit."""

    _inherit = "exception.audit.entry"

    @api.model
    def _audit_config(self, records, event, before=None, after=None, reason=None, **data):
        """Write down what happened to configuration: one entry for each record.

        :param records: records of any model; an empty recordset gives one entry about the model
        :param str event: a key of ``_audit_events``
        :param before: plain values, or a function of a record that returns them
        :param after: likewise
        :param str reason: why
        :param data: plain values that help to understand it
        """
        # sudo: names and companies, for the trail only
        records = records.sudo()
        subjects = [
            {
                "chain": CONFIGURATION,
                "company_id": record["company_id"].id if "company_id" in record else None,
                "res_model": records._name,
                "res_id": record.id or None,
                "res_name": record.display_name if record else None,
                "before": self._plain_text(before, record),
                "after": self._plain_text(after, record),
            }
            for record in records or [records]
        ]
        self._append(event, subjects, reason=reason, data=data)

    @api.model
    def _append(self, event, subjects, reason=None, on_behalf=None, data=None, **common):
        """Insert entries; all of them in one statement.

        :param list subjects: a dict for each entry with what differs: keys of ``COLUMNS``
        :param on_behalf: the user in whose name it was done
        """
        if event not in dict(self._audit_events()):
            raise ValueError(f"Unknown event of the audit trail: {event}")
        person = self.env.user
        values = {
            **dict.fromkeys(COLUMNS),
            "event": event,
            "at": fields.Datetime.to_string(fields.Datetime.now()),
            "user_id": person.id,
            # sudo: a name
            "who": person.sudo().name,
            "is_override": False,
            "is_automatic": self._is_automatic(),
            "reason": reason or None,
            "data": self._plain_text(data, None),
            **common,
        }
        if on_behalf:
            values.update(on_behalf_id=on_behalf.id, on_behalf=on_behalf.sudo().name)
        rows = [self._hashed({**values, **subject}) for subject in subjects]
        watch = self.env.context.get("exception_watch")
        if isinstance(watch, Opening) and all(row["chain"] in watch.ids for row in rows):
            watch.later += rows
        else:
            self._insert(rows)
        cases = self.env["exception.case"].browse({one.get("case_id") for one in subjects} - {None})
        cases.invalidate_recordset(["audit_ids"], flush=False)

    @api.model
    def _hashed(self, values):
        """Complete the values of an entry by its salts and the hash of its content."""
        # what is empty is NULL: a False of the ORM would be kept, and hashed, as something else
        values = {n: None if v is False and n not in FLAGS else v for n, v in values.items()}
        texts = {name: str(values[name]) for name in HIDEABLE if values[name]}
        salts, commitments = salted(texts)
        plain = {name: values[name] for name in PLAIN}
        return {
            **values,
            **texts,
            "salts": canonical(salts),
            "digest": digest(plain, commitments),
        }

    @api.model
    def _insert(self, rows):
        if not rows:
            return
        arrays = [
            SQL("%s::%s[]", [row[name] for row in rows], SQL(kind))
            for name, kind in COLUMNS.items()
        ]
        self.env.cr.execute(
            SQL(
                "INSERT INTO exception_audit_entry (%s) SELECT * FROM unnest(%s)",
                SQL(", ").join(map(SQL.identifier, COLUMNS)),
                SQL(", ").join(arrays),
            )
        )
        self._seal_after_commit()

    # ------------------------------------------------------------------
    # plain values
    # ------------------------------------------------------------------

    @api.model
    def _plain_text(self, values, record):
        """Write values as the JSON that an entry keeps; None when there are none."""
        values = values(record) if callable(values) else values
        return canonical(_plain(values)) if values else None

    @api.model
    def _is_automatic(self):
        """Tell whether the machine does it: a Scheduled Action, a job, or a batch of the model."""
        # a client may send the number of a job in its context; then somebody is logged in
        login = getattr(threading.current_thread(), "uid", None)
        return bool(
            self.env.uid == SUPERUSER_ID
            or self.env["exception.case"]._in_batch()
            or (self.env.context.get("job_uuid") and login in (None, SUPERUSER_ID))
        )

    # ------------------------------------------------------------------
    # chaining
    # ------------------------------------------------------------------

    @api.model
    def _seal_after_commit(self):
        """See to it that the entries are chained as soon as they are committed."""
        after = self.env.cr.postcommit
        if not after.data.get("exception_audit"):
            after.data["exception_audit"] = True
            after.add(partial(seal_committed, self.env.cr.dbname))

    @api.model
    def _seal(self):
        """Chain every entry that is committed and waits for it; return how many."""
        with own_transaction(self.env) as cr:
            if not tested(self.env):
                return seal_all(cr)
            number = seal_batch(cr)
            self.invalidate_model(flush=False)
            return number


def _plain(value):
    """Return a value as JSON keeps it for ever: numbers with a point and dates as text."""
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(one) for one in value]
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, models.BaseModel):
        # sudo: the trail keeps the names of what was changed, also those its writer cannot read
        return [[record.id, record.sudo().display_name] for record in value]
    return str(value)
