import json

from odoo import _, api, fields, models

from ..tools import event_json
from ..tools.event_path import find
from ..tools.event_work import Work
from ..tools.refused import Refused

# Parts of a preview: key, what it is called is said where it is shown.
LONGEST = 2000


class Preview(dict):
    """What a message would lead to: for each part its state (good, bad, quiet) and its lines."""

    def add(self, part, state, *lines):
        """Add lines to a part; the worst state counts."""
        known = self.setdefault(part, {"state": state, "lines": []})
        known["state"] = max(known["state"], state, key=("good", "quiet", "bad").index)
        known["lines"] += [str(line) for line in lines if line]


class ExceptionEventPreview(models.Model):
    """What would become of a message, without writing anything.

    Takes the way that the background takes, up to what follows; that is said in sentences.
    """

    _inherit = "exception.event"

    @api.model
    def _preview(self, body, endpoint, contract=None, kind="", headers=None, company=None):
        """Return what a message would lead to.

        :param bytes body: the message
        :param endpoint: where it would come in; may be empty
        :param contract: the contract to try, saved or not; None: those of the endpoint decide
        :return: a :class:`Preview`
        """
        # sudo: the machine understands for all; whoever calls has checked who asks
        events = self.sudo()
        now = fields.Datetime.now()
        event = events.new({"endpoint_id": endpoint.id, "received_at": now, "name": kind})
        company = company or endpoint.company_id or self.env.company
        work = Work(event, company, kind=kind or "", headers=headers or {})
        preview = Preview()
        try:
            work.payload = event_json.parse(body)
            events._preview_contract(preview, work, contract)
            if work.contract:
                events._preview_reading(preview, work)
                events._preview_place(preview, work)
                events._preview_effects(preview, work)
        except Refused as refused:
            preview.add("outcome", "bad", _("Dead letter: %s", self._words_of(refused)))
        return preview

    @api.model
    def _words_of(self, refused):
        return str(refused)

    # ------------------------------------------------------------------
    # parts
    # ------------------------------------------------------------------

    @api.model
    def _preview_contract(self, preview, work, contract):
        """Choose the contract as the background does, or say whether the one to try is for it."""
        if contract is None:
            known = self._contracts_of([work])[work.event.endpoint_id]
            items = self._read_work(work, known, self._currency_digits())
            if items is not None:
                self._preview_items(preview, work, items)
            preview.add("contract", "good", work.contract.display_name)
            return
        work.contract = contract
        if items := contract._items(work.payload, work.headers):
            self._preview_items(preview, work, items)
        kind = contract._kind(work.payload, work.headers, work.kind)
        work.kind = kind
        if contract._is_for(kind, work.payload, work.headers):
            preview.add("contract", "good", _("It is for “%s”.", kind or "*"))
        else:
            preview.add("contract", "bad", _("It is not for this message: kind “%s”.", kind))

    @api.model
    def _preview_items(self, preview, work, items):
        preview.add("contract", "quiet", _("It has %s items; this is the first.", len(items)))
        work.payload = items[0]

    @api.model
    def _preview_reading(self, preview, work):
        contract = work.contract
        wrong = contract._schema_problems(work.payload)
        if wrong:
            preview.add("schema", "bad", *wrong)
        elif (contract.schema or "").strip():
            preview.add("schema", "good", _("It fits."))
        else:
            preview.add("schema", "quiet", _("There is none: any message fits."))
        if not wrong:
            try:
                contract._read_message(work, self._currency_digits())
            except Refused as refused:
                preview.add("form", "bad", self._words_of(refused))
                raise
            form = {name: value for name, value in work.form.items() if value not in (None, {})}
            text = json.dumps(form, ensure_ascii=False, indent=2)
            preview.add("form", "good", text[:LONGEST])
        else:
            raise Refused(_("It does not fit the schema."))

    @api.model
    def _preview_place(self, preview, work):
        """Say what is known of the matter: duplicates, order, record."""
        keyed = work.business_key and f"{work.contract._family()}:{work.business_key}"
        endpoint = work.event.endpoint_id
        if keyed:
            known = self._known_keys({(endpoint.id, keyed): []}) if endpoint else {}
            first = known.get((endpoint.id, keyed))
            preview.add("keys", "quiet", _("Counts once by %s", work.business_key))
            if first:
                preview.add("keys", "bad", _("It is a duplicate of event %s.", first))
        if work.order is not None:
            story = self._story(work)
            newest = self._newest_of({story}).get(story) if endpoint else None
            work.is_late = newest is not None and work.order < newest
            said = _("Order of %(subject)s: %(order)s", subject=work.subject, order=work.order)
            preview.add("keys", "quiet", said)
            if work.is_late:
                preview.add("keys", "bad", _("A newer event came before: it would be ignored."))
        self._find_records([work])
        if work.record is not None:
            kind = self.env["ir.model"]._get(work.record._name).name
            preview.add("record", "good", f"{kind}: {work.record.display_name}")
            preview["record"].update(model=work.record._name, id=work.record.id)
        elif work.several:
            preview.add("record", "bad", _("Several records fit."))
        elif work.looked:
            state = "quiet" if work.contract.unmatched in ("event", "ignore") else "bad"
            preview.add("record", state, _("No record fits: %s", self._looked_for(work)))
        else:
            said = (
                _("It names none that could be looked for: it is about the event itself.")
                if work.contract.match_ids
                else _("The contract looks for none: it is about the event itself.")
            )
            preview.add("record", "quiet", said)

    @api.model
    def _preview_effects(self, preview, work):
        """Say what would follow."""
        if work.outcome is None and not work.is_late:
            self._decide_unmatched([work])
        if work.outcome is None and self._needs_unmatched_case(work):
            detector = work.contract.unmatched_detector_id
            preview.add("outcome", "quiet", self._would_open(detector, work, None))
            return
        if work.outcome is None and work.is_late:
            preview.add("outcome", "quiet", _("Ignored, and noted on the case if there is one."))
            return
        if work.outcome is None:
            self._choose_reactions(work)
        if work.outcome is not None:
            states = dict(self._fields["state"]._description_selection(self.env))
            state = "bad" if work.outcome.state == "dead" else "quiet"
            said = f"{states[work.outcome.state]}: {work.outcome.reason or ''}"
            preview.add("outcome", state, said)
            return
        named = self._named_detectors()
        for line in [self._named_line(named, work, line) for line in work.reactions]:
            preview.add("outcome", "good", self._would(line, work))

    # ------------------------------------------------------------------
    # sentences
    # ------------------------------------------------------------------

    @api.model
    def _would(self, line, work):
        """Return what a line would do; of kinds that say no more, what they are called."""
        say = getattr(self, f"_would_{line.kind}_by", None)
        return say(line, work) if say else line._version_name()

    @api.model
    def _case_by(self, line, work, detector=None):
        """Return the case that a line would be about, if there is one."""
        keyed = self._keyed_by(line, [work])
        return self._known_cases(detector or line.detector_id, keyed).get(keyed[0][1])

    @api.model
    def _would_open(self, detector, work, case):
        place = work.record.display_name if work.record is not None else _("the event itself")
        if detector.state != "enabled":
            return _("Nothing: “%s” is switched off.", detector.name)
        if case and case.is_open:
            return _("Bring %s up to date.", case.name)
        if case and self._is_accepted(case, fields.Datetime.now()):
            return _("Nothing: the risk of %s is accepted. It is noted there.", case.name)
        return _("Open a case “%(type)s” on %(place)s.", type=detector.type_id.name, place=place)

    def _would_open_by(self, line, work):
        return self._would_open(line.detector_id, work, self._case_by(line, work))

    def _would_update_by(self, line, work):
        case = self._case_by(line, work)
        if case and case.is_open:
            return _("Bring %s up to date.", case.name)
        return _("Nothing: there is no open case “%s”.", line.detector_id.type_id.name)

    def _would_clear_by(self, line, work):
        keyed = self._keyed_by(line, [work])
        cases = self._cases_to_clear(line, keyed).get(keyed[0][1], ())
        standing = [case.name for case in cases if case.is_open]
        if standing:
            return _("Clear %s.", ", ".join(standing))
        return _("Nothing: there is no open case “%s”.", line.detector_id.type_id.name)

    def _would_answer_by(self, line, work):
        cases = self._open_cases_of(line, [work]).get(work.place())
        name = self._text_of(line.answer, work) or work.form["what"]
        if not cases:
            return _("Nothing: no case of the record is open.")
        return _(
            "Tell the playbooks of %(cases)s: %(name)s.",
            cases=", ".join(cases.mapped("name")),
            name=name,
        )

    def _would_write_by(self, line, work):
        if work.record is None:
            return _("Nothing: there is no record to write to.")
        said = self._text_of(line.value, work)
        if not self._differs(line, work.record, said):
            return _("Nothing: it is so already.")
        known = self.env["exception.authority"]._who_is_right()
        if self._is_right(known, line, work):
            values = find(line.values, self._said_of(work)) if line.values else {}
            shown = json.dumps(values, ensure_ascii=False)[:200]
            return _("Do “%(action)s” with %(values)s.", action=line.action_id.name, values=shown)
        return _(
            "Not write, because %(right)s is right about it, but open a case “%(type)s”.",
            right=self._right_name(known, line, work),
            type=line.mismatch_detector_id.type_id.name,
        )
