from odoo import _, api, fields, models
from odoo.exceptions import ValidationError

# What outside systems know of the states of a case: who works on it is not theirs to know.
GROUPS = {"new": "open", "open": "open", "approval": "open"}
# Written by the model only.
KEPT = {"agreed_state", "outside_at", "in_conflict", "conflict"}
# Which case it is there.
IDENTITY = {"case_id", "system_id", "external_id"}


class ExceptionCaseReference(models.Model):
    """What a case is called in another system: its ticket there.

    Keeps which state both sides are known to have agreed on, so that a change can be told from an
    echo, and two changes at once from one.
    """

    _name = "exception.case.reference"
    _description = "Reference in Another System"
    _order = "case_id, id"
    _rec_name = "external_id"

    case_id = fields.Many2one("exception.case", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="case_id.company_id", store=True, precompute=True)
    system_id = fields.Many2one("exception.system", required=True, ondelete="restrict")
    system_name = fields.Char("Where", compute="_compute_system_name", compute_sudo=True)
    external_id = fields.Char("Number there", required=True, help="Example: SUP-1042")
    url = fields.Char("Link", help="Example: https://tickets.example.com/SUP-1042")
    agreed_state = fields.Char("Both say", readonly=True, copy=False)
    outside_at = fields.Datetime("Last change there", readonly=True, copy=False)
    in_conflict = fields.Boolean("They differ", readonly=True, copy=False)
    conflict = fields.Char("How they differ", readonly=True, copy=False)

    _sql_constraints = [
        (
            "external_uniq",
            "unique(system_id, external_id)",
            "This number of the other system belongs to another case already.",
        ),
        ("case_uniq", "unique(case_id, system_id)", "A case has one number in each system."),
    ]

    @api.depends("system_id")
    def _compute_system_name(self):
        for one in self:
            one.system_name = one.system_id.name

    @api.constrains("url")
    def _check_url(self):
        for one in self:
            # a link that people click: no script, no file
            if one.url and not one.url.startswith(("https://", "http://")):
                raise ValidationError(_("“%s” is no link. It begins with https://.", one.url))

    @api.model_create_multi
    def create(self, vals_list):
        """Create references; the trail of each case says so."""
        for vals in vals_list:
            self._refuse_kept(vals)
        vals_list = [{**dict.fromkeys(KEPT, False), **vals} for vals in vals_list]
        references = super().create(vals_list)
        references._say("outside.linked")
        return references

    def write(self, vals):
        """Write references; what both sides agreed on is kept by the model."""
        self._refuse_kept(vals)
        changes = bool(IDENTITY & vals.keys())
        if changes:
            self._say("outside.unlinked")
        result = super().write(vals)
        if changes:
            self._say("outside.linked")
        return result

    def unlink(self):
        """Delete references; the trail of each case says so."""
        self._say("outside.unlinked")
        return super().unlink()

    def _say(self, event):
        """Write on the trails of the cases what they are called elsewhere, or no more."""
        for one in self:
            # sudo: the trail keeps names
            one.case_id.sudo()._audit(
                event, system=one.sudo().system_id.name, number=one.external_id
            )

    @api.model
    def _refuse_kept(self, vals):
        if not self.env.su and KEPT & vals.keys():
            raise ValidationError(_("What both sides say is kept by itself."))

    @api.model
    def _find(self, system, external_id):
        """Return the case that another system calls so, empty when none is known."""
        # sudo: for code of the model that receives what a system says
        found = self.sudo().search(
            [("system_id", "=", system.id), ("external_id", "=", str(external_id))], limit=1
        )
        return found.case_id

    def _agree(self, state):
        """Note that both sides have this state now."""
        self.write({"agreed_state": state, "in_conflict": False, "conflict": False})


class ExceptionCase(models.Model):
    """A case knows what it is called elsewhere."""

    _inherit = "exception.case"

    reference_ids = fields.One2many(
        "exception.case.reference", "case_id", "In other systems", readonly=True, copy=False
    )

    @api.model
    def _protected_fields(self):
        return super()._protected_fields() | {"reference_ids"}

    def _outside_state(self):
        """Return the state as outside systems know it: open, waiting, resolved, …"""
        return GROUPS.get(self.state, self.state)

    def _reference_of(self, system_id):
        """Return what a system calls the case, as events say it; None when it does not know it."""
        found = self.reference_ids.filtered(lambda one: one.system_id.id == system_id)[:1]
        return {"id": found.external_id, "url": found.url or None} if found else None

    def _link_outside(self, system, external_id, url=None):
        """Note what another system calls this case; a number that is known is only completed.

        :return: the reference
        """
        self.ensure_one()
        # sudo: code of the model, for a system that has proved who it is
        references = self.env["exception.case.reference"].sudo()
        found = references.search(
            [("case_id", "=", self.id), ("system_id", "=", system.id)], limit=1
        )
        values = {"external_id": str(external_id), "url": url or found.url}
        if found:
            changed = {name: one for name, one in values.items() if found[name] != one}
            if changed:
                found.write(changed)
            return found
        return references.create({"case_id": self.id, "system_id": system.id, **values})
