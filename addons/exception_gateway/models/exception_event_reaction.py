from odoo import _, api, fields, models
from odoo.exceptions import ValidationError

from ..tools.event_path import compile_path
from ..tools.refused import Refused
from .exception_authority import KINDS_OF_DATA

KINDS = [
    ("open", "Open a case"),
    ("update", "Bring the open case up to date"),
    ("clear", "Clear the case"),
    ("answer", "Answer a playbook that waits for it"),
    ("write", "Write a field by an action"),
    ("ignore", "Ignore the event"),
]
PATHS = ("condition", "fingerprint", "answer", "values", "value")
# Which kinds of reaction need which field.
NEEDED = {
    "open": ("detector_id",),
    "update": ("detector_id",),
    "clear": ("detector_id",),
    "write": ("detector_id", "mismatch_detector_id", "action_id", "data_kind", "value"),
    "ignore": ("reason",),
}


class ExceptionEventReaction(models.Model):
    """What follows from a message, in order: all lines that fit, up to one that ignores.

    Conditions and values are JMESPath on the normal form; ``matched`` in them tells whether a
    record was found.
    """

    _name = "exception.event.reaction"
    _description = "Reaction to an Event"
    _inherit = ["exception.event.contract.part"]
    _order = "sequence, id"

    contract_id = fields.Many2one(
        "exception.event.contract", required=True, ondelete="cascade", index=True
    )
    sequence = fields.Integer(default=10)
    condition = fields.Char(
        "If", help="JMESPath on the normal form. Empty: always. Example: what == 'payment_failed'"
    )
    kind = fields.Selection(KINDS, "Then", required=True, default="open")
    detector_id = fields.Many2one(
        "exception.detector",
        domain="[('source', '=', 'event')]",
        ondelete="restrict",
        index=True,
        help="Says which case opens or clears: its type, team, hold. To answer a playbook: empty "
        "means every case of the record.",
    )
    fingerprint = fields.Char(
        "Told apart by",
        help="Tells two cases of one record apart. JMESPath on the normal form. Empty: one case a "
        "record. Example: references.dispute",
    )
    reason = fields.Char("Because", help="Why it is ignored. Example: Test payments are not real.")
    answer = fields.Char(
        "Event for the playbook",
        help="The name for which the step waits. JMESPath on the normal form. Empty: what "
        "happened. Example: 'approved'",
    )
    action_id = fields.Many2one(
        "exception.action",
        ondelete="restrict",
        help="Writes the value; it runs once for each event, on the case of the detector.",
    )
    values = fields.Char(
        "Inputs of the action",
        help="JMESPath on the normal form that makes an object. Example: {value: facts.status}",
    )
    data_kind = fields.Selection(
        KINDS_OF_DATA,
        "Kind of data",
        help="The table of authority says which system is right about it. An event of another "
        "system never writes; it opens a case if the value differs.",
    )
    field_name = fields.Char(
        "Field",
        help="The field of the record that is compared and written. Example: client_order_ref",
    )
    value = fields.Char(
        help="What the sender says it is. JMESPath on the normal form. Example: facts.status",
    )
    mismatch_detector_id = fields.Many2one(
        "exception.detector",
        "If another system is right",
        domain="[('source', '=', 'event')]",
        ondelete="restrict",
        default=lambda self: self.env.ref(
            "exception_gateway.detector_event_mismatch", raise_if_not_found=False
        ),
        help="Opens when the values differ and the sender is not the one who is right.",
    )

    @api.constrains("kind", "detector_id", "mismatch_detector_id", "action_id", "data_kind", *PATHS)
    def _check_line(self):
        for line in self:
            for name in PATHS:
                line._check_expression(name)
            for name in NEEDED.get(line.kind, ()):
                if not line[name]:
                    raise ValidationError(
                        _(
                            "“%(kind)s” needs “%(field)s”.",
                            kind=line._version_name(),
                            field=line._fields[name].get_description(self.env)["string"],
                        )
                    )
            for detector in line.detector_id | line.mismatch_detector_id:
                if detector.source != "event":
                    raise ValidationError(
                        _(
                            "“%s” finds its cases by itself; choose a detector for events.",
                            detector.name,
                        )
                    )
            if line.kind == "write":
                line._check_action()

    def _check_expression(self, name):
        try:
            if text := (self[name] or "").strip():
                compile_path(text)
        except Refused as refused:
            label = self._fields[name].get_description(self.env)["string"]
            where = f"{self._version_name()}, {label}"
            raise ValidationError(
                _("%(where)s: %(problem)s", where=where, problem=refused)
            ) from refused

    def _check_action(self):
        """An event writes by itself only what may be written without a person."""
        action = self.action_id
        if refusal := action._refuse_code(automated=True):
            raise ValidationError(refusal)
        if action.money != "none" and action.approval == "never":
            raise ValidationError(
                _("“%s” moves money; an event may ask for it only where people agree.", action.name)
            )
        names = action.field_ids.mapped("name")
        if self.field_name and self.field_name not in names:
            raise ValidationError(
                _(
                    "“%(field)s” is not among the fields that “%(action)s” changes.",
                    field=self.field_name,
                    action=action.name,
                )
            )

    def _version_name(self):
        return dict(self._fields["kind"]._description_selection(self.env))[self.kind]

    def _version_key(self):
        return f"{self.sequence}/{self.kind}/{self.condition}"
