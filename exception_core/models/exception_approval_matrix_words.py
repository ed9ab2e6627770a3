from odoo import _, api, fields, models
from odoo.tools.misc import formatLang

from .exception_approval_level import HOUR, PEOPLE

CONDITIONS = (
    "amount_from",
    "amount_to",
    "margin_loss_from",
    "margin_loss_percent",
    "severity_from",
    "tier_ids",
    "contract",
    "risk_from",
    "domain",
    "record_domain",
)


class ExceptionApprovalMatrix(models.Model):
    """A policy in words: what it is about, and who must agree."""

    _inherit = "exception.approval.matrix"

    scope_text = fields.Char("About", compute="_compute_words")
    levels_text = fields.Char("Who must agree", compute="_compute_words")

    @api.depends(
        "type_ids",
        "action_ids",
        "tag_ids",
        "domain",
        "model_id",
        "record_domain",
        "level_ids.name",
        "level_ids.sequence",
    )
    @api.depends_context("lang", "uid")
    def _compute_words(self):
        rules = self.env["exception.rule"]
        for matrix in self:
            # sudo: names of models and actions are no secret
            known = matrix.sudo()
            words = [
                *known.action_ids.mapped("name"),
                *known.type_ids.mapped("name"),
                *known.tag_ids.mapped("name"),
                rules._domain_words("exception.case", matrix.domain),
                known.model_id.name,
                known.model_id and rules._domain_words(known.model, matrix.record_domain),
            ]
            matrix.scope_text = " · ".join(filter(None, words)) or _("everything")
            matrix.levels_text = " → ".join(matrix.level_ids.mapped("name"))


class ExceptionApprovalLevel(models.Model):
    """A level in words."""

    _inherit = "exception.approval.level"

    when_text = fields.Char("When", compute="_compute_words")
    who_text = fields.Char("Asks", compute="_compute_words")
    limit_text = fields.Char("Time to decide", compute="_compute_words")

    @api.depends("currency_id", "is_auto", "mode", "needed", "limit_seconds", *CONDITIONS, *PEOPLE)
    @api.depends_context("lang", "uid")
    def _compute_words(self):
        for level in self:
            level.when_text = level._when_words()
            level.who_text = level._who_words()
            hours = formatLang(self.env, level.limit_seconds / HOUR, digits=1)
            limit = _("%s working hours", hours) if level.limit_seconds else _("no limit")
            level.limit_text = "" if level.is_auto else limit
