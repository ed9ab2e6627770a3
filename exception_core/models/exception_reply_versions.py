from odoo import _, api, fields, models, tools
from odoo.exceptions import AccessError, UserError

from ..tools.reply_words import to_inline, to_qweb
from ..tools.text_diff import difference


class ExceptionReplyVersions(models.Model):
    """From draft to approved to retired, and what changed on the way."""

    _inherit = "exception.reply"

    difference = fields.Html(
        "Changes since the version before", compute="_compute_difference", sanitize=False
    )
    preview_subject = fields.Char(compute="_compute_preview")
    preview_body = fields.Html(compute="_compute_preview", sanitize=False)
    preview_case_id = fields.Many2one("exception.case", compute="_compute_preview")
    sent_count = fields.Integer("Answers sent", compute="_compute_sent_count")

    @api.depends("subject", "body", "version", "family_id")
    def _compute_difference(self):
        for reply in self:
            before = reply._version_before()
            if not before:
                reply.difference = False
                continue
            texts = [
                f"{one.subject or ''}\n\n{tools.html2plaintext(one.body or '')}"
                for one in (before, reply)
            ]
            reply.difference = difference(*texts)

    def _version_before(self):
        earlier = self.version_ids or self.family_id.version_ids
        return earlier.filtered(lambda one: one.version < self.version).sorted("version")[-1:]

    def _compute_sent_count(self):
        # sudo: only counts, of answers on whichever cases
        groups = (
            self.env["mail.message"]
            .sudo()
            ._read_group(
                [("exception_reply_id", "in", self.ids)], ["exception_reply_id"], ["__count"]
            )
        )
        counts = {reply.id: count for reply, count in groups}
        for reply in self:
            reply.sent_count = counts.get(reply.id, 0)

    @api.depends("subject", "body", "type_ids", "category_ids")
    @api.depends_context("uid", "lang")
    def _compute_preview(self):
        for reply in self:
            domain = [("type_id", "in", reply.type_ids.ids)] if reply.type_ids else []
            case = self.env["exception.case"].search(domain, order="id desc", limit=1)
            reply.preview_case_id = case
            reply.preview_subject = reply.preview_body = False
            if case:
                subject = reply._render(to_inline(reply.subject), case, "inline_template")
                reply.preview_subject = subject or case._message_compute_subject()
                reply.preview_body = reply._render(to_qweb(reply.body), case, "qweb")

    def _render(self, source, case, engine):
        """Render words that were checked when they were written; nothing else is an expression."""
        templates = self.env["mail.template"].with_context(lang=self.lang or self.env.lang)
        return templates._render_template(source, case._name, case.ids, engine=engine)[case.id]

    # ------------------------------------------------------------------
    # buttons
    # ------------------------------------------------------------------

    def action_approve(self):
        """Approve this version: agents are offered it from now on, and no longer the one before.

        :raise UserError: when it is no draft, says nothing, or the author approves it alone
        """
        for reply in self:
            reply._check_manager()
            reply._refuse_approval()
            # sudo: the right to approve was checked; state and mail template are the model's
            reply.sudo()._approve(self.env.user)
        return True

    def _check_manager(self):
        self.check_access_rights("write")
        self.check_access_rule("write")
        if not (self.env.su or self.env.user.has_group("exception_core.group_manager")):
            raise AccessError(_("Managers approve and retire reply templates."))

    def _refuse_approval(self):
        self.ensure_one()
        if self.state != "draft":
            raise UserError(_("%s is no draft.", self.display_name))
        if tools.is_html_empty(self.body):
            raise UserError(_("%s has no text yet.", self.display_name))
        # sudo: who wrote on a version is no secret to who approves it
        if self._asks_second_person() and self.env.user in self.sudo().editor_ids:
            raise UserError(
                _(
                    "You wrote on this version. Another manager approves it, so that two people "
                    "have read what customers get."
                )
            )

    @api.model
    def _asks_second_person(self):
        # sudo: system parameters are not for users
        params = self.env["ir.config_parameter"].sudo()
        return params.get_param("exception_core.reply_second_person", "yes") != "no"

    def _approve(self, user):
        now = fields.Datetime.now()
        self.family_id.version_ids.filtered(lambda one: one.state == "approved")._retire(now)
        template = self.env["mail.template"].create(self._template_values())
        self.write(
            {
                "state": "approved",
                "approved_by_id": user.id,
                "approved_at": now,
                "template_id": template.id,
            }
        )

    def _template_values(self):
        return {
            "name": self.display_name,
            "model_id": self.env["ir.model"]._get_id("exception.case"),
            "subject": to_inline(self.subject) or False,
            "body_html": to_qweb(self.body),
            "lang": self.lang or "{{ object.partner_id.lang }}",
            "description": self.note,
        }

    def action_retire(self):
        """Take approved versions away from the agents; what was sent from them stays."""
        for reply in self:
            reply._check_manager()
            if reply.state != "approved":
                raise UserError(_("Only an approved version can be retired."))
        # sudo: the right to retire was checked
        self.sudo()._retire(fields.Datetime.now())
        return True

    def _retire(self, now):
        self.write({"state": "retired", "retired_at": now})
        self.template_id.active = False

    def action_new_version(self):
        """Open the draft of the next version, made from this one unless there is one already."""
        self.ensure_one()
        self.check_access_rights("create")
        self.check_access_rule("write")
        family = self.family_id
        draft = family.version_ids.filtered(lambda one: one.state == "draft")[:1]
        if not draft:
            values = self.copy_data({"name": self.name})[0]
            number = max(family.version_ids.mapped("version")) + 1
            # sudo: version and family are the model's; the values are those of this version
            draft = self.sudo().create({**values, "version": number, "family_id": family.id})
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": draft.id,
            "views": [(False, "form")],
            "name": draft.display_name,
        }
