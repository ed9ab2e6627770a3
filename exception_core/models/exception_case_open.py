from odoo import _, api, fields, models

# What a detector's hit may say about its case, besides the dimensions.
HIT_FIELDS = {
    "detector_id",
    "type_id",
    "team_id",
    "res_model",
    "res_id",
    "fingerprint",
    "company_id",
    "partner_id",
    "currency_id",
    "amount",
    "occurred_at",
    "facts",
    "title",
    "recurrence_of_id",
    "severity",
    "hold_step",
}
# Cheap batches: no tracking, followers or messages for each record.
QUIET = {
    "tracking_disable": True,
    "mail_create_nosubscribe": True,
    "mail_create_nolog": True,
    "mail_notrack": True,
}
# Inside a batch of the model: bundles are refreshed once, by the batch. An object, because no
# client can send one in its context.
BATCH_MARK = object()
BATCH = {**QUIET, "exception_batch": BATCH_MARK}


class ExceptionCaseOpen(models.Model):
    """What detectors call: open, re-open and clear cases, thousands at once."""

    _inherit = "exception.case"

    @api.model
    def _dimension_fields(self):
        """Names of the dimensions that a hit may carry; bridges add theirs."""
        return ["channel_id", "country_id"]

    @api.model
    def _complete(self, vals_list):
        """Complete values; in a batch the fields' own defaults are looked up once for all."""
        vals_list = super()._complete(vals_list)
        if vals_list and self._in_batch():
            missing = [name for name in self._fields if name not in vals_list[0]]
            defaults = self.default_get(missing)
            vals_list = [{**defaults, **vals} for vals in vals_list]
        return vals_list

    @api.model
    def _add_missing_default_values(self, values):
        """Leave the values of a batch as they are: they have their defaults."""
        return values if self._in_batch() else super()._add_missing_default_values(values)

    @api.model
    def _open_batch(self, vals_list):
        """Open the cases of new hits.

        :param vals_list: dicts with keys of ``HIT_FIELDS`` and dimensions; dimensions may also
            come together under ``dims``; any other key is refused
        :return: the cases, in order; a hit whose case is open already, because a person had
            re-opened it, refreshes that case instead
        """
        allowed = HIT_FIELDS | set(self._dimension_fields())
        rows = []
        for vals in vals_list:
            row = {**vals, **(vals.get("dims") or {})}
            row.pop("dims", None)
            if unknown := row.keys() - allowed:
                raise ValueError(f"Unknown keys of a hit: {', '.join(sorted(unknown))}")
            rows.append({**row, "condition_active": bool(row.get("detector_id"))})
        # sudo: a sweep opens cases of every company, whoever started it
        cases = self.sudo().with_context(**BATCH)
        known = cases._open_by_hit(rows)
        keys = [cases._hit_key(row) for row in rows]
        keyed = list(zip(keys, rows, strict=True))
        cases._reopen_batch([(known[key], row) for key, row in keyed if key in known])
        new = cases.create([row for key, row in keyed if key not in known])
        new._decide()
        fresh = iter(new)
        return cases.browse((known.get(key) or next(fresh)).id for key in keys)

    @api.model
    def _hit_key(self, vals):
        return vals.get("detector_id"), vals.get("res_id"), vals.get("fingerprint") or ""

    @api.model
    def _open_by_hit(self, rows):
        """Return the open cases of these hits by their key; there are hardly ever any."""
        detectors = {row["detector_id"] for row in rows if row.get("detector_id")}
        if not detectors:
            return {}
        domain = [
            ("detector_id", "in", list(detectors)),
            ("res_id", "in", [row["res_id"] for row in rows]),
            ("is_open", "=", True),
        ]
        wanted = {self._hit_key(row) for row in rows}
        found = {(c.detector_id.id, c.res_id, c.fingerprint or ""): c for c in self.search(domain)}
        return {key: case for key, case in found.items() if key in wanted}

    @api.model
    def _reopen_batch(self, hits, now=None):
        """Re-open cases whose condition came back; open ones are only refreshed.

        :param hits: list of (case, vals); vals as for ``_open_batch``
        """
        now = now or fields.Datetime.now()
        refreshed = set(self._dimension_fields()) | {
            "facts",
            "amount",
            "currency_id",
            "partner_id",
            "hold_step",
        }
        # sudo: as in _open_batch
        cases = self.sudo().with_context(**BATCH)
        cases = cases.browse([case.id for case, _vals in hits])
        ended = cases.browse()
        for case, (_case, vals) in zip(cases, hits, strict=True):
            values = {key: vals[key] for key in refreshed & vals.keys()}
            if not values.get("currency_id", True):
                values["currency_id"] = case.company_id.currency_id.id
            values["condition_active"] = True
            if not case.is_open:
                ended |= case
                values.update(case._reopened_values())
            case.write(values)
        if ended:
            ended._reopen_clocks(now)
            ended._note(_("Re-opened: the condition came back."))
        cases._rescore()
        cases._bundle()

    def _clear(self):
        """Take note that the condition of these cases went away.

        Open cases end as cleared, without a person; one that waits for an approval stays open,
        because a decision about it is under way.
        """
        # sudo: as in _open_batch
        cases = self.sudo().with_context(**BATCH)
        cases.write({"condition_active": False})
        held = cases.filtered(lambda case: case.state == "approval")
        ended = cases.filtered("is_open") - held
        if ended:
            ended.write(ended._ended_values("cleared"))
            ended._note(_("Resolved: the condition is no longer there."))
            ended._bundle()
        if held:
            held._note(_("The condition is no longer there, but an approval is under way."))

    def _check_company(self, fnames=None):
        """Leave out the check in batches: a record whose partner belongs to another company
        is an exception to show, not a reason to stop the sweep."""
        if self._in_batch():
            return
        super()._check_company(fnames)

    def _note(self, text):
        """Log one internal note on each case, without notifying anybody."""
        self._message_log_batch(bodies=dict.fromkeys(self.ids, text))
