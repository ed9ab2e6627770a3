from odoo import _, api, fields, models, tools
from odoo.exceptions import UserError, ValidationError

from ..tools.reply_words import WORD_IN_TAG, WORDS, unknown_words

STATES = [("draft", "Draft"), ("approved", "Approved"), ("retired", "Retired")]
# What a version says, and to whom it is offered. Fixed once it is approved.
CONTENT = {"name", "lang", "company_id", "type_ids", "category_ids", "note", "subject", "body"}
# Written by the model only, for everybody.
PROTECTED = {
    "state",
    "version",
    "family_id",
    "version_ids",
    "all_version_ids",
    "editor_ids",
    "approved_by_id",
    "approved_at",
    "retired_at",
    "template_id",
}


class ExceptionReply(models.Model):
    """One version of a reply template.

    A draft is edited, approved by another person, and then fixed for ever: a change makes the
    next version (``exception_reply_versions``). Only the approved version is offered to agents,
    as a ``mail.template`` of Odoo, so that the composer works as everywhere.
    """

    _name = "exception.reply"
    _description = "Exception Reply Template"
    _inherit = "mail.thread"
    _order = "name, family_id, version desc, id"

    name = fields.Char(
        required=True, help="What agents choose by, for example: Ask for the address"
    )
    note = fields.Text("When to use", help="For agents and for whoever approves it.")
    lang = fields.Selection(
        lambda self: self.env["res.lang"].get_installed(),
        "Language",
        help="Offered to readers of this language only; empty: to everybody. Write one template "
        "for each language, so that each is approved by somebody who reads it.",
    )
    company_id = fields.Many2one(
        "res.company", index=True, help="Leave empty for a template that all companies share."
    )
    type_ids = fields.Many2many(
        "exception.type", string="Types", help="Offered on cases of these types; empty: on all."
    )
    category_ids = fields.Many2many(
        "exception.category",
        string="Categories",
        help="Offered on cases of these categories and of those below them; empty: on all.",
    )
    subject = fields.Char(help="Empty: the subject of the sender's mail, as a reply.")
    body = fields.Html(
        "Text",
        sanitize_style=True,
        help="Words in double braces are filled in: {{customer}}, {{reference}}, {{subject}}, "
        "{{record}}, {{agent}}, {{team}}, {{company}}, {{promised}}.",
    )
    state = fields.Selection(
        STATES, required=True, readonly=True, default="draft", copy=False, tracking=True, index=True
    )
    version = fields.Integer(required=True, readonly=True, default=1, copy=False)
    family_id = fields.Many2one(
        "exception.reply",
        "First version",
        readonly=True,
        copy=False,
        index=True,
        ondelete="restrict",
    )
    version_ids = fields.One2many("exception.reply", "family_id", "Versions", readonly=True)
    all_version_ids = fields.One2many(
        related="family_id.version_ids", string="All versions", readonly=True
    )
    editor_ids = fields.Many2many(
        "res.users",
        string="Written by",
        readonly=True,
        copy=False,
        help="Everybody who changed this version before it was approved.",
    )
    approved_by_id = fields.Many2one(
        "res.users", "Approved by", readonly=True, copy=False, tracking=True, ondelete="restrict"
    )
    approved_at = fields.Datetime("Approved on", readonly=True, copy=False)
    retired_at = fields.Datetime("Retired on", readonly=True, copy=False)
    template_id = fields.Many2one(
        "mail.template", "Mail template", readonly=True, copy=False, ondelete="restrict"
    )

    _sql_constraints = [
        ("version_uniq", "unique(family_id, version)", "This version exists already."),
    ]

    @api.depends("name", "version")
    def _compute_display_name(self):
        for reply in self:
            reply.display_name = _("%(name)s (v%(number)s)", name=reply.name, number=reply.version)

    @api.constrains("subject", "body")
    def _check_words(self):
        """Refuse words that nothing is filled in for, when they are written and not when sent."""
        for reply in self:
            unknown = unknown_words(reply.subject) + unknown_words(reply.body)
            if unknown:
                known = ", ".join(f"{{{{{word}}}}}" for word in WORDS)
                raise ValidationError(
                    _(
                        "“%(word)s” is not a word that can be filled in. These can: %(words)s.",
                        word=tools.html2plaintext(unknown[0]).strip() or unknown[0],
                        words=known,
                    )
                )
            if WORD_IN_TAG.search(str(reply.body or "")):
                raise ValidationError(_("Words in braces cannot stand inside a link."))

    # ------------------------------------------------------------------
    # protection
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Create drafts; each begins a family of versions unless the model says otherwise."""
        for vals in vals_list:
            self._refuse_protected(vals)
        clean = self._without_protected_defaults()
        replies = super(ExceptionReply, clean).create(vals_list)
        for reply in replies:
            # sudo: the model keeps who wrote what
            values = {"editor_ids": [(4, self.env.uid)]}
            if not reply.family_id:
                values["family_id"] = reply.id
            reply.sudo().write(values)
        return self.browse(replies.ids)

    def write(self, vals):
        """Write drafts; approved and retired versions stay as they are, for everybody."""
        self._refuse_protected(vals)
        if CONTENT & vals.keys():
            self._refuse_fixed()
            # sudo: the model keeps who wrote what
            super(ExceptionReply, self.sudo()).write({"editor_ids": [(4, self.env.uid)]})
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_drafts(self):
        for reply in self:
            if reply.state != "draft" or len(reply.version_ids) > 1:
                raise UserError(_("Versions that were approved are kept. Retire them instead."))

    def _refuse_protected(self, vals):
        if not self.env.su and PROTECTED & vals.keys():
            raise UserError(
                _("State and version of a template are changed by its buttons, not by hand.")
            )

    @api.model
    def _without_protected_defaults(self):
        kept = {
            key: value
            for key, value in self.env.context.items()
            if key[:8] != "default_" or key[8:] not in PROTECTED
        }
        # the whole context is replaced: single keys cannot be taken out otherwise
        return self.with_context(kept)  # pylint: disable=context-overridden

    def _refuse_fixed(self):
        for reply in self:
            if reply.state != "draft":
                raise UserError(
                    _(
                        "%s is no draft any more and stays as it is, because answers were made "
                        "from it. Make a new version.",
                        reply.display_name,
                    )
                )

    # ------------------------------------------------------------------
    # where it is offered
    # ------------------------------------------------------------------

    def _fits(self, case):
        """Tell whether this template is offered on a case."""
        self.ensure_one()
        if self.company_id and self.company_id != case.company_id:
            return False
        if self.type_ids and case.type_id not in self.type_ids:
            return False
        scope = set(self.category_ids.ids)
        if scope and scope.isdisjoint(case.category_id._ancestor_ids()):
            return False
        # sudo: the language of a contact of another company may count
        reader = case.partner_id.sudo().lang or case.company_id.partner_id.sudo().lang
        return not self.lang or self.lang == (reader or case.env.lang)

    @api.model
    def _of_template(self, template):
        """Return the version that a mail template was made for; empty for others."""
        if not template:
            return self.browse()
        # sudo: which version an answer came from is noted whoever sends it
        return self.sudo().search([("template_id", "=", template.id)], limit=1)
