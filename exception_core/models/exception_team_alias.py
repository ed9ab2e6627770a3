from odoo import _, api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.mail.tools.alias_error import AliasError


class ExceptionTeamAlias(models.Model):
    """A mail address of a team: what is sent there opens a case of one type.

    A team may have several, for example one for returns and one for invoices. The address itself
    is Odoo's ``mail.alias``.
    """

    _name = "exception.team.alias"
    _description = "Exception Mail Address"
    _inherit = "mail.alias.mixin"
    _order = "team_id, sequence, id"
    _check_company_auto = True

    team_id = fields.Many2one("exception.team", required=True, index=True, ondelete="restrict")
    sequence = fields.Integer(default=10)
    type_id = fields.Many2one(
        "exception.type",
        "Type of the cases",
        required=True,
        ondelete="restrict",
        default=lambda self: self._default_type(),
        help="What a mail to this address is about. Example: returns@ opens cases of the type "
        "“Return not refunded”. Triage rules may decide more.",
    )
    company_id = fields.Many2one(
        "res.company",
        compute="_compute_company_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        index=True,
        help="The company that the cases belong to. A team of one company has that one.",
    )
    accept_lists = fields.Boolean(
        "From mailing lists",
        help="Mail that came over a mailing list opens cases, too. Tick it when a group address "
        "(for example of Google Groups) forwards to this one; its mails look like a list's.",
    )
    case_count = fields.Integer("Cases", compute="_compute_case_count")

    @api.model
    def _default_type(self):
        # sudo: system parameters are not for users
        chosen = self.env["ir.config_parameter"].sudo().get_param("exception_core.mail_type_id")
        kinds = self.env["exception.type"]
        if chosen and chosen.isdigit():
            kinds = kinds.browse(int(chosen)).exists().filtered("active")
        fallback = self.env.ref("exception_core.type_message_unanswered", raise_if_not_found=False)
        return kinds or fallback or kinds.search([], limit=1)

    @api.depends("team_id.company_id")
    def _compute_company_id(self):
        for alias in self:
            alias.company_id = alias.team_id.company_id or alias.company_id or self.env.company

    def _compute_case_count(self):
        groups = self.env["exception.case"]._read_group(
            [("team_alias_id", "in", self.ids)], ["team_alias_id"], ["__count"]
        )
        counts = {alias.id: count for alias, count in groups}
        for alias in self:
            alias.case_count = counts.get(alias.id, 0)

    @api.depends("alias_name", "alias_domain")
    def _compute_display_name(self):
        for alias in self:
            alias.display_name = alias.alias_email or alias.alias_name or _("No address yet")

    @api.constrains("company_id", "team_id")
    def _check_company_of_team(self):
        for alias in self:
            company = alias.team_id.company_id
            if company and alias.company_id != company:
                raise ValidationError(
                    _(
                        "%(team)s works for %(company)s only: its addresses open cases of that "
                        "company.",
                        team=alias.team_id.name,
                        company=company.name,
                    )
                )

    @api.constrains("alias_name")
    def _check_alias_name(self):
        for alias in self:
            if not alias.alias_name:
                raise ValidationError(_("Give the address a name, for example: returns"))

    def _alias_get_creation_values(self):
        values = super()._alias_get_creation_values()
        values["alias_model_id"] = self.env["ir.model"]._get_id("exception.case")
        # mails open cases; they are never all put on one
        values["alias_force_thread_id"] = False
        if self.id:
            values["alias_defaults"] = repr({"team_alias_id": self.id})
            domain = self.company_id.alias_domain_id
            if domain and self.alias_domain_id.company_ids:
                values["alias_domain_id"] = domain.id
        return values

    def write(self, vals):
        """Write addresses; a new company brings its mail domain with it."""
        result = super().write(vals)
        if "team_id" in vals and "company_id" not in vals:
            self._follow_company()
        return result

    def _follow_company(self):
        """Move the addresses to the mail domain of their company."""
        for alias in self:
            domain = alias.company_id.alias_domain_id
            if domain and alias.alias_domain_id.company_ids:
                # sudo: addresses are Odoo's; whoever may write the team may move them
                alias.alias_id.sudo().alias_domain_id = domain

    def _alias_get_error(self, message, message_dict, alias):
        """“Followers only” means the members of the team: teams have no followers."""
        if alias.alias_contact != "followers":
            return super()._alias_get_error(message, message_dict, alias)
        # sudo: only who belongs to the team is read
        team = self.sudo().team_id
        people = team.member_ids | team.lead_id
        if message_dict.get("author_id") in people.partner_id.ids:
            return False
        return AliasError("error_exception_team", _("restricted to members of the team"))
