from odoo import _, api, fields, models
from odoo.exceptions import UserError

SEERS = "exception_gateway.group_payload"


class ExceptionEventEdit(models.TransientModel):
    """The content of an event, to be put right and said again. The original stays as it came."""

    _name = "exception.event.edit"
    _inherit = "exception.dialog"
    _description = "Edit and Replay an Event"

    event_id = fields.Many2one("exception.event", required=True, readonly=True, ondelete="cascade")
    was_reason = fields.Char(related="event_id.reason", string="Why it is dead")
    content = fields.Text(
        groups=SEERS, compute="_compute_content", store=True, readonly=False, precompute=True
    )
    is_changed = fields.Boolean(compute="_compute_result")
    result = fields.Html(compute="_compute_result", sanitize=False, groups=SEERS)
    reason = fields.Char(
        "Why it is replayed", help="Kept on the trail. Example: The shop sent the old number."
    )

    @api.depends("event_id")
    def _compute_content(self):
        for dialog in self:
            dialog.content = dialog._original()

    def _original(self):
        if not self.event_id or not self.env.user.has_group(SEERS):
            return False
        # sudo: the field is for administrators only
        return self.event_id.sudo()._content().decode("utf-8", "replace")

    @api.depends("content")
    @api.depends_context("uid", "lang")
    def _compute_result(self):
        contracts = self.env["exception.event.contract"]
        for dialog in self:
            dialog.is_changed = dialog.content != dialog._original()
            dialog.result = False
            if dialog.event_id and self.env.user.has_group(SEERS):
                # sudo: as in _original
                event = dialog.event_id._origin.sudo()
                preview = event._preview(
                    dialog._body(), event.endpoint_id, kind=event.name or "", headers=event.headers
                )
                dialog.result = contracts._shown_preview(preview)

    def _body(self):
        """Return the content to be replayed; what was not touched as it came, byte for byte."""
        if self.content == self._original():
            # sudo: as in _original
            return self.event_id._origin.sudo()._content()
        return (self.content or "").encode("utf-8", "surrogatepass")

    def action_apply(self):
        """Say the event again with this content, and open what becomes of it."""
        self.ensure_one()
        if not (self.reason or "").strip():
            raise UserError(_("Say why it is replayed; it is kept on the trail."))
        event = self.event_id._replay(self._body(), self.reason)
        return {
            "type": "ir.actions.act_window",
            "res_model": event._name,
            "res_id": event.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }
