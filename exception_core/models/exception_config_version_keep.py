from collections import defaultdict
from functools import partial

from odoo import SUPERUSER_ID, api, fields, models
from odoo.tools import SQL
from odoo.tools.sql import table_exists

from ..tools.config_values import compare

# Versions that this transaction made, by (model, id); forgotten when it ends.
MADE = "exception_core.config_versions"


class ExceptionConfigVersionKeep(models.Model):
    """Make versions of what was marked in a transaction, and entries on the trail."""

    _inherit = "exception.config.version"

    @api.model
    def _keep(self, marks):
        """Keep what changed, before the commit.

        :param marks: {(model, id): mark}, see ``_version_mark``
        """
        if any(mark["is_uninstall"] for mark in marks.values()):
            # the suite itself goes, and its tables may be gone already
            if not table_exists(self.env.cr, self._table):
                return
        by_model = defaultdict(dict)
        for (model, res_id), mark in marks.items():
            if model in self.env and table_exists(self.env.cr, self.env[model]._table):
                by_model[model][res_id] = mark
        for model, found in by_model.items():
            self._keep_model(self.env[model].browse(found), found)
        self.env.flush_all()

    @api.model
    def _keep_model(self, records, marks):
        present = records.exists()
        states, last = present._version_states(), self._last_of(records._name, records.ids)
        self.concat(*last.values())._queue_up()
        made = self._made()
        own = {
            res_id: version
            for res_id, version in last.items()
            if made.get((records._name, res_id)) == version.id
        }
        base = {**last, **dict.fromkeys(own)}
        base |= self._last_of(records._name, own, self.concat(*own.values())) if own else {}
        steps = []
        for record in records:
            steps += self._steps(
                record,
                marks[record.id],
                own.get(record.id) or self.browse(),
                base.get(record.id) or self.browse(),
                states.get(record.id),
            )
        self._write_steps(steps)
        # how a record was that is no more, is told by its deletion
        self._tell_audit(
            [step for step in steps if step["record"] in present or step["vals"].get("is_deleted")]
        )

    def _queue_up(self):
        """Let one of two transactions that change lines of one record fail, and Odoo repeat it.

        They write different rows, so that nothing else would tell them of each other.
        """
        if self:
            self.env.cr.execute(
                SQL("UPDATE exception_config_version SET number = number WHERE id IN %s", self._ids)
            )

    @api.model
    def _steps(self, record, mark, own, base, state):
        """Return what is to be kept of one record, oldest first: usually one step or none.

        A step has ``record``, ``before`` and ``after`` (states), ``number``, ``vals``, and
        ``version`` where this transaction has made one already.

        :param own: the version that this transaction has made
        :param base: the last version before it
        :param state: the record as it is now, None when it is gone
        """
        known = base["values"] if base else None
        kept = [] if own else self._unnoticed(record, mark, base, known)
        last = kept[-1][0] if kept else known
        if state is None:
            differs = last and not base.is_deleted
        else:
            differs = compare(last, state) if last else record._version_worth(state)
        if differs:
            gone = {"is_deleted": True} if state is None else {}
            kept.append((last if state is None else state, {**gone, **self._signature(mark)}))
        elif own:
            # changed and changed back
            self._forget(own)
        befores = [known, *(after for after, _vals in kept)]
        return [
            {
                "record": record,
                "before": before,
                "after": after,
                "version": own,
                "gone": state is None,
                "vals": {**vals, "number": number, "values": after},
            }
            for number, (before, (after, vals)) in enumerate(
                zip(befores, kept, strict=False), base.number + 1
            )
        ]

    @api.model
    def _unnoticed(self, record, mark, base, known):
        """Return what the record was before this change and no version tells, as (state, vals)."""
        earlier = None if mark["is_new"] else mark["before"]
        if not earlier:
            return []
        if not known:
            return [(earlier, {"way": "before"})] if record._version_worth(earlier) else []
        differs = not base.is_deleted and compare(known, earlier)
        return [(earlier, {"way": "outside"})] if differs else []

    @api.model
    def _signature(self, mark):
        """Return whose change it is, and how it came about."""
        note = mark["note"]
        person = mark["user_id"]
        way = "update" if mark["is_update"] and person == SUPERUSER_ID else "person"
        if person == SUPERUSER_ID and way == "person":
            way = "system"
        return {
            "way": note.way or way,
            "author_id": person,
            "agreed_by_id": note.agreed_by_id,
            "restored": note.restored,
            "reason": mark.get("reason"),
        }

    @api.model
    def _write_steps(self, steps):
        now, fresh = fields.Datetime.now(), []
        people = self.env["res.users"]
        for step in steps:
            record, vals = step["record"], step["vals"]
            for role in ("author", "agreed_by"):
                person = people.browse(vals.get(f"{role}_id") or ())
                vals[f"{role}_name"] = person.name
            vals |= {
                "res_model": record._name,
                "res_id": record.id,
                "name": self._name_of(record, step["after"], step["gone"]),
                "at": now,
                "company_id": self._company_of(step["after"]),
            }
            if step["version"]:
                step["version"].write(vals)
            else:
                fresh.append(vals)
        for version in self.create(fresh):
            if version.way not in ("before", "outside"):
                self._made()[version.res_model, version.res_id] = version.id

    @api.model
    def _name_of(self, record, state, gone):
        name = state["fields"].get("name")
        if isinstance(name, dict):
            name = name.get("words", {}).get("en_US")
        return name or (record._description if gone else record.sudo()._version_title())

    @api.model
    def _company_of(self, state):
        value = state["fields"].get("company_id") or {}
        return self.env["res.company"].browse(value.get("ref", [None])[0] or ()).exists().id

    def _forget(self, version):
        self._made().pop((version.res_model, version.res_id), None)
        version.unlink()

    @api.model
    def _made(self):
        return self.env.cr.postrollback.data.setdefault(MADE, {})

    @api.model
    def _tell_audit(self, steps):
        """Append the changes to the trail of the configuration: labels, and values in words."""
        alike = defaultdict(list)
        for step in steps:
            vals = step["vals"]
            event = "config.reverted" if vals["way"] == "restored" else "config.changed"
            author = vals.get("author_id") or SUPERUSER_ID
            gone = step["record"].id if step["gone"] else None
            alike[author, event, vals.get("reason"), vals.get("agreed_by_id"), gone].append(step)
        for (author, event, reason, agreed_by, gone), some in alike.items():
            records = some[0]["record"].browse([step["record"].id for step in some])
            texts = {step["record"].id: self._texts(step) for step in some}
            data = {"agreed_by": self.env["res.users"].browse(agreed_by).name} if agreed_by else {}
            # the author's own environment: the trail says who it was
            trail = self.env["exception.audit.entry"].with_user(author).sudo()
            if gone:
                name = self._name_of(records, some[0]["after"], True)
                data |= {"deleted": name, "deleted_id": gone}
                before, after = texts[gone]
                trail._audit_config(records.browse(), event, before, after, reason=reason, **data)
                continue
            before, after = (
                partial(self._side, {key: pair[side] for key, pair in texts.items()})
                for side in (0, 1)
            )
            trail._audit_config(records, event, before, after, reason=reason, **data)

    @api.model
    def _side(self, texts, record):
        return texts[record.id]

    @api.model
    def _texts(self, step):
        """Return ({label: text}, {label: text}) of what a step changed."""
        before, after = step["before"], step["after"]
        if step["vals"].get("is_deleted"):
            before, after = None, step["before"]
        rows = self._rows(step["record"]._name, before, after)
        texts = [{row["label"]: row[side] for row in rows} for side in ("before", "after")]
        return (texts[1], {}) if step["vals"].get("is_deleted") else tuple(texts)
