from odoo import _, api, fields, models

from ..tools import mask

WHOLE = "exception_gateway.group_payload"


class ExceptionEventContent(models.Model):
    """What of a message people see: all of it with a right of its own, else without persons."""

    _inherit = "exception.event"

    content = fields.Text(
        compute="_compute_content",
        groups="exception_core.group_manager,exception_core.group_auditor",
    )
    is_masked = fields.Boolean(compute="_compute_content")
    header_lines = fields.Text("Headers that were kept", compute="_compute_headers", groups=WHOLE)

    @api.depends("body")
    @api.depends_context("uid")
    def _compute_content(self):
        masked = not self.env.user.has_group(WHOLE)
        for event in self:
            event.is_masked = masked
            event.content = event._shown_content(masked)

    @api.depends("headers")
    def _compute_headers(self):
        for event in self:
            lines = (event.headers or {}).items()
            event.header_lines = "\n".join(f"{name}: {value}" for name, value in lines)

    def _shown_content(self, masked):
        body = self._content()
        if not body:
            return _("The content is not kept any more.") if self.size else False
        # sudo: which words are hidden is no secret
        words = self.sudo().endpoint_id._masked_words() if masked else None
        return mask.shown(body, words) or _("The content is not JSON, so nothing of it is shown.")
