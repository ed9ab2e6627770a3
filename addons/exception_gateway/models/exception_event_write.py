from odoo import _, api, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import float_compare

from ..tools.event_path import find
from ..tools.refused import Refused


class EventRequest:
    """By which event an action is asked for; no client can send an object in its context."""

    def __init__(self, key):
        """Take what the action is done once for."""
        self.key = key


class ExceptionEventWrite(models.Model):
    """Writing by an action what an authority says; what anybody else says opens a case."""

    _inherit = "exception.event"

    def _react_write(self, line, works, now):
        """Let those who are right write; open a case where anybody else differs."""
        known = self.env["exception.authority"]._who_is_right()
        allowed, differing = [], []
        for work in works:
            try:
                said = self._text_of(line.value, work)
            except Refused as refused:
                self._end(work, "dead", refused)
                continue
            if work.record is None:
                work.say(_("There is no record to write to."))
                continue
            if not self._differs(line, work.record, said):
                work.say(_("It is so already."), effect=True)
            elif self._is_right(known, line, work):
                allowed.append(work)
            else:
                differing.append(work)
        if differing:
            self._open_mismatch(line, differing, known, now)
        if allowed:
            self._ask_action(line, allowed, now)

    @api.model
    def _is_right(self, known, line, work):
        company = work.company
        return self.env["exception.authority"]._may_write(
            known, line.data_kind, company, work.event.endpoint_id.system_id
        )

    # ------------------------------------------------------------------
    # another system is right
    # ------------------------------------------------------------------

    def _open_mismatch(self, line, works, known, now):
        detector = line.mismatch_detector_id
        labels = dict(line._fields["data_kind"]._description_selection(self.env))

        def facts(work):
            return {
                "about": labels[line.data_kind],
                "here": self._shown(line, work.record),
                "there": self._text_of(line.value, work),
                "says": work.event.endpoint_id.system_id.name,
                "right": self._right_name(known, line, work),
                **work.facts(),
            }

        mark = f"{line.data_kind}:{line.field_name or ''}"
        keyed = [(work, self._case_key(detector, work, mark)) for work in works]
        self._open_cases(detector, keyed, now, facts=facts)

    @api.model
    def _right_name(self, known, line, work):
        system = known.get(
            (line.data_kind, work.company.id), known.get((line.data_kind, False), False)
        )
        return self.env["exception.system"].browse(system).name if system else "Odoo"

    # ------------------------------------------------------------------
    # by an action
    # ------------------------------------------------------------------

    def _ask_action(self, line, works, now):
        """Propose and submit the action on the case of each record, once for each event."""
        keyed = [(work, self._case_key(line.detector_id, work)) for work in works]
        self._open_cases(line.detector_id, keyed, now)
        cases = self._known_cases(line.detector_id, keyed)
        engine = line.detector_id._as_engine()
        for work, key in keyed:
            case = cases.get(key)
            if not case or not case.is_open:
                continue
            action = engine.env["exception.action"].browse(line.action_id.id)
            request = EventRequest(f"event/{work.event.id}/{line.id}")
            try:
                values = find(line.values, self._said_of(work)) if line.values else {}
                with self.env.cr.savepoint():
                    run = action.with_context(exception_event_request=request)._propose(
                        engine.env["exception.case"].browse(case.id),
                        values if isinstance(values, dict) else {},
                        _("Event %s", work.form["what"]),
                        automated=True,
                    )
                    run._store({"event_id": work.event.id})
                    run.with_context(exception_event_request=None)._submit()
            except Refused as refused:
                work.say(str(refused))
            except (UserError, AccessError) as error:
                work.say(_("“%(action)s” was not done: %(why)s", action=action.name, why=error))
            else:
                work.say(_("Asked for “%s”.", action.name), effect=True)

    # ------------------------------------------------------------------
    # comparing
    # ------------------------------------------------------------------

    @api.model
    def _differs(self, line, record, said):
        """Tell whether a record has another value than the one that was reported."""
        if not line.field_name or line.field_name not in record._fields:
            return True
        field, value = record._fields[line.field_name], record[line.field_name]
        if field.type in ("float", "monetary", "integer"):
            try:
                return float_compare(value, float(said or 0), precision_digits=6) != 0
            except (ValueError, OverflowError):
                return True
        if field.type == "boolean":
            return value != (said.lower() in ("true", "1", "yes"))
        return said.lower() not in {
            one.lower() for one in (self._kept(field, value), self._shown(line, record))
        }

    @api.model
    def _kept(self, field, value):
        if field.type == "many2one":
            return value.display_name or ""
        return str(value) if value else ""

    @api.model
    def _shown(self, line, record):
        """Return the value of the field as people read it."""
        if not line.field_name or line.field_name not in record._fields:
            return ""
        field, value = record._fields[line.field_name], record[line.field_name]
        if field.type == "selection":
            return dict(field._description_selection(self.env)).get(value, value) or ""
        return self._kept(field, value)
