from odoo import _, api, fields, models

from ..tools.refused import Refused


class ExceptionEventReact(models.Model):
    """What follows from messages: cases open, change and clear; playbooks and actions go on.

    Done in waves, in the order in which messages came: one message of each record a wave, so that
    two messages about one record are done one after the other though each wave is a batch.
    """

    _inherit = "exception.event"

    def _react(self, works):
        """Do what follows from these works."""
        now = fields.Datetime.now()
        missing = [work for work in works if self._needs_unmatched_case(work)]
        if missing:
            self._open_unmatched(missing, now)
        todo = [work for work in works if not work.outcome and work not in missing]
        for work in todo:
            self._choose_reactions(work)
        for wave in self._waves([work for work in todo if not work.outcome]):
            late = [work for work in wave if work.is_late]
            self._note_late(late)
            self._react_wave([work for work in wave if not work.is_late], now)
        self._keep_business_keys(works)

    @api.model
    def _waves(self, works):
        """Deal out works so that no wave has two about the same record or subject."""
        waves, next_wave = [], {}
        for work in works:
            key = work.place()
            if work.record is None and work.subject:
                key = (work.contract._family(), work.subject)
            number = next_wave.get(key, 0)
            next_wave[key] = number + 1
            if number == len(waves):
                waves.append([])
            waves[number].append(work)
        return waves

    def _react_wave(self, works, now):
        """Do the reactions of works about different records: the first of each, then the next."""
        for number in range(max((len(work.reactions) for work in works), default=0)):
            groups = {}
            for work in works:
                if not work.outcome and number < len(work.reactions):
                    groups.setdefault(work.reactions[number], []).append(work)
            for line, same in groups.items():
                getattr(self, f"_react_{line.kind}")(line, same, now)

    @api.model
    def _keep_business_keys(self, works):
        """Let what was understood count once from now on; what is dead may come again."""
        for work in works:
            if not work.business_key:
                continue
            if work.outcome is None:
                work.outcome = self._conclude(work)
            if work.outcome.state in ("done", "ignored", "parked") and not work.outcome.values.get(
                "duplicate_of_id"
            ):
                work.outcome.values["business_key"] = work.business_key

    # ------------------------------------------------------------------
    # cases
    # ------------------------------------------------------------------

    def _react_open(self, line, works, now):
        """Open the cases of these works, or bring those that are open up to date."""
        self._open_cases(line.detector_id, self._keyed_by(line, works), now)

    def _react_update(self, line, works, now):
        """Bring open cases up to date."""
        detector, keyed = line.detector_id, self._keyed_by(line, works)
        known = self._known_cases(detector, keyed)
        reader, changes = detector._as_engine()._fact_reader(), []
        currencies = self._currency_ids()
        for work, key in keyed:
            case = known.get(key)
            if case and case.is_open:
                changes.append((case, self._case_changes(detector, reader, work, key, currencies)))
                self._say_case(work, case, _("Brought %s up to date.", case.name))
            else:
                self._say_no_case(work, case)
        if changes:
            detector._as_engine().env["exception.case"]._reopen_batch(changes, now)

    def _react_clear(self, line, works, now):
        """Clear the cases whose condition went away."""
        keyed = self._keyed_by(line, works)
        known = self._cases_to_clear(line, keyed)
        cleared = self.env["exception.case"]
        for work, key in keyed:
            of_key = known.get(key, ())
            standing = [case for case in of_key if case.is_open or case.condition_active]
            for case in standing:
                cleared |= case
                self._say_case(work, case, _("Cleared %s.", case.name))
            if not standing:
                self._say_no_case(work, next(iter(of_key), None))
        if cleared:
            line.detector_id._as_engine().env["exception.case"].browse(cleared.ids)._clear()

    def _react_answer(self, line, works, now):
        """Bring the event to the playbooks at work on the cases of the record."""
        open_cases = self._open_cases_of(line, works)
        for work in works:
            try:
                name = self._text_of(line.answer, work) or work.form["what"]
            except Refused as refused:
                self._end(work, "dead", refused)
                continue
            cases = open_cases.get(work.place(), self.env["exception.case"])
            if not cases:
                work.say(_("No case of the record is open; nobody waits for it."))
                continue
            cases._playbook_event("event", data=work.facts(), name=name)
            for case in cases:
                self._say_case(work, case, _("Told the playbook of %s.", case.name))

    @api.model
    def _say_case(self, work, case, sentence):
        work.say(sentence, effect=True)
        work.case_ids.add(case.id)

    @api.model
    def _say_no_case(self, work, ended):
        """Say that nothing was open; what ended before keeps a note of the event."""
        if ended:
            work.late_case_ids.add(ended.id)
            work.say(_("%s had ended before; noted there.", ended.name), effect=True)
        else:
            work.say(_("There was no case, so there was nothing to do."), effect=True)

    def _note_late(self, works):
        """Note messages that came after newer ones on the cases that they are about."""
        cases = self._newest_cases(works)
        for work in works:
            case = cases.get(work.place())
            sentence = _("Older than what is known of it: a newer event came before.")
            if case:
                work.late_case_ids.add(case.id)
                sentence = _(
                    "Older than what is known of it: a newer event came before. Noted on %s.",
                    case.name,
                )
            self._end(work, "ignored", sentence)
