from odoo import _, api, fields, models
from odoo.exceptions import ValidationError

from ..tools import outside_change
from ..tools.event_path import find
from ..tools.refused import Refused

KINDS = [("follow", "Keep the case in step with the sender")]


class ExceptionEventReaction(models.Model):
    """Messages of ticket systems: the case follows its ticket."""

    _inherit = "exception.event.reaction"

    kind = fields.Selection(
        selection_add=KINDS,
        ondelete={"follow": "cascade"},
    )

    @api.constrains("kind", "values")
    def _check_follow(self):
        for line in self:
            if line.kind == "follow" and not (line.values or "").strip():
                raise ValidationError(
                    _(
                        "Say under “Inputs” what the sender says of the case. Example: "
                        "{number: reference, state: facts.state, note: message, at: when}"
                    )
                )


class ExceptionEventFollow(models.Model):
    """What a message says of a case is applied to it, under the rules of the case's own verbs."""

    _inherit = "exception.event"

    def _react_follow(self, line, works, now):
        """Bring cases in step with what their tickets in the sender's system say."""
        for work in works:
            try:
                changes = outside_change.read(find(line.values, self._said_of(work)))
            except Refused as refused:
                self._end(work, "dead", refused)
                continue
            system = work.event.endpoint_id.system_id
            number, url = changes.pop("number", None), changes.pop("url", None)
            case = self._case_to_follow(work, system, number)
            if not case:
                work.say(_("No case is known under this number; there is nothing to follow."))
                continue
            if number:
                case._link_outside(system, number, url)
            _result, sentence = case._follow_outside(system, changes)[case.id]
            self._say_case(work, case, sentence or _("%s knows its number there.", case.name))

    @api.model
    def _case_to_follow(self, work, system, number):
        """Return the case that has this number there, else the one that the message is about."""
        references = self.env["exception.case.reference"]
        case = references._find(system, number) if number else references.case_id
        if not case and work.record is not None:
            record = work.record
            if record._name == "exception.case":
                case = record
            elif record._name == "exception.case.reference" and record.system_id == system:
                case = record.case_id
        # sudo: the machine's own; a number of another company's case is none
        return case.sudo().filtered(lambda one: one.company_id == work.company)
