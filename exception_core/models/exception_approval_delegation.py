from datetime import timedelta

from odoo import _, api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..tools.uninstall import unclaimed

# Settled when it is made; afterwards only its end moves.
SETTLED = {"user_id", "deputy_id", "date_from", "only_away"}
# A form takes a while to fill in.
SLACK = timedelta(minutes=15)


class ExceptionApprovalDelegation(models.Model):
    """A deputy for a period: decides in the name of a person, and both names are kept.

    A period that is over stays for the record. Whoever is away hands over by themselves; managers
    do it for people who cannot.
    """

    _name = "exception.approval.delegation"
    _description = "Deputy in Approvals"
    _order = "date_from desc, id desc"
    _rec_name = "user_id"

    user_id = fields.Many2one(
        "res.users",
        "Person",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
    )
    deputy_id = fields.Many2one(
        "res.users",
        required=True,
        index=True,
        ondelete="restrict",
        domain=lambda self: [
            ("groups_id", "in", self.env.ref("exception_core.group_approver").ids)
        ],
    )
    date_from = fields.Datetime("From", required=True, default=fields.Datetime.now)
    date_to = fields.Datetime("Until", help="Empty: until it is ended.")
    only_away = fields.Boolean(
        "Only while away",
        help="The deputy is asked when the person has time off or has set themselves as away, and "
        "not otherwise.",
    )
    reason = fields.Char(help="Example: Parental leave")
    state = fields.Selection(
        [("planned", "Planned"), ("running", "Running"), ("ended", "Ended")],
        compute="_compute_state",
        search="_search_state",
    )
    is_applied = fields.Boolean(
        readonly=True, copy=False, help="Open requests know that this has begun."
    )

    _sql_constraints = [
        ("somebody_else", "CHECK(user_id != deputy_id)", "The deputy is another person."),
        (
            "dates_in_order",
            "CHECK(date_to IS NULL OR date_to >= date_from)",
            "The period cannot end before it begins.",
        ),
    ]

    @api.depends("date_from", "date_to")
    def _compute_state(self):
        now = fields.Datetime.now()
        for one in self:
            if one.date_to and one.date_to <= now:
                one.state = "ended"
            else:
                one.state = "running" if one.date_from <= now else "planned"

    @api.model
    def _search_state(self, operator, value):
        """Find delegations by what they are now."""
        if operator not in ("=", "!=", "in", "not in"):
            raise UserError(_("Search deputies by what they are: planned, running or ended."))
        values = value if isinstance(value, list | tuple) else [value]
        # sudo: only which are in this state; the record rules choose among them
        found = self.sudo().search([]).filtered(lambda one: one.state in values)
        return [("id", "in" if operator in ("=", "in") else "not in", found.ids)]

    # ------------------------------------------------------------------
    # who may hand over
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Create delegations of one's own; managers create them for others, too."""
        vals_list = [{**vals, "is_applied": False} for vals in vals_list]
        delegations = super().create(vals_list)
        delegations._check_person()
        now = fields.Datetime.now()
        for one in delegations:
            if not self.env.su and one.date_from < now - SLACK:
                raise ValidationError(_("A delegation cannot begin in the past."))
        delegations._audited_change()
        delegations._apply(now)
        return delegations

    def write(self, vals):
        """Write delegations; once made, only their end and their reason change."""
        if "is_applied" in vals and not self.env.su:
            raise UserError(_("That is noted by itself."))
        if SETTLED & vals.keys():
            raise UserError(_("A delegation stays as it was made. End it, and make another one."))
        self._check_person()
        now = fields.Datetime.now()
        until = fields.Datetime.to_datetime(vals.get("date_to"))
        if "date_to" in vals and not self.env.su:
            if any(one.state == "ended" for one in self):
                raise UserError(_("What has ended stays ended. Make another delegation."))
            if until and until < now - SLACK:
                raise ValidationError(_("A delegation cannot end in the past."))
        result = super().write(vals)
        if "date_to" in vals:
            self._audited_change()
            self._apply(now)
        return result

    def unlink(self):
        """Delete delegations that have not begun."""
        return super(ExceptionApprovalDelegation, unclaimed(self)).unlink()

    @api.ondelete(at_uninstall=False)
    def _unlink_only_planned(self):
        if any(one.state != "planned" for one in self):
            raise UserError(_("What has begun stays for the record. End the delegation instead."))
        self._check_person()

    def _check_person(self):
        """Refuse people who hand over what is somebody else's."""
        if self.env.su or self.env.user.has_group("exception_core.group_manager"):
            return
        if any(one.user_id != self.env.user for one in self):
            raise AccessError(
                _("Everybody chooses their own deputy; managers do it for people who cannot.")
            )

    @api.constrains("user_id", "deputy_id")
    def _check_deputy(self):
        for one in self:
            if refusal := self._refuse_deputy(one.deputy_id):
                raise ValidationError(refusal)

    @api.model
    def _refuse_deputy(self, user):
        """Say why somebody cannot be a deputy at all; None if they can."""
        account = user.sudo()  # sudo: only whether the person decides on exceptions is asked
        if not account.active or account.share:
            return _("%s works here no more.", account.name)
        if not account.has_group("exception_core.group_approver"):
            return _("%s has not the role Approver of Exceptions.", account.name)
        return None

    def action_end(self):
        """End these delegations now."""
        now = fields.Datetime.now()
        planned = self.filtered(lambda one: one.state == "planned")
        (self - planned).filtered(lambda one: one.state == "running").write({"date_to": now})
        planned.unlink()
        return True

    def _audited_change(self):
        self.env["exception.audit.entry"]._audit_config(
            self,
            "approval.delegated",
            after=lambda one: {
                "person": one.user_id,
                "deputy": one.deputy_id,
                "from": one.date_from,
                "until": one.date_to,
                "only_away": one.only_away,
            },
        )

    # ------------------------------------------------------------------
    # who stands in
    # ------------------------------------------------------------------

    @api.model
    def _running(self, now):
        """Return the delegations that count at this moment, the one that decides last."""
        # sudo: who is somebody's deputy is no secret to the model
        running = self.sudo().search(
            [
                ("date_from", "<=", now),
                "|",
                ("date_to", "=", False),
                ("date_to", ">", now),
            ],
            order="date_from, id",
        )
        conditional = running.filtered("only_away").user_id
        absent = conditional._exception_absent(now) if conditional else {}
        return running.filtered(lambda one: not one.only_away or one.user_id.id in absent)

    def _apply(self, now):
        """Let open requests follow delegations that began or ended."""
        # sudo: noted by the model; requests of any company
        for one in self.sudo():
            one.is_applied = one.date_from <= now and (not one.date_to or one.date_to > now)
        steps = self.env["exception.approval.step"].sudo()
        steps._ask_again_for(self.user_id | self.deputy_id)

    @api.model
    def _follow_periods(self, now):
        """Apply what has begun or ended since the last look; called by the tick."""
        # sudo: as in _apply
        due = self.sudo().search(
            [
                "|",
                "&",
                "&",
                ("is_applied", "=", False),
                ("date_from", "<=", now),
                "|",
                ("date_to", "=", False),
                ("date_to", ">", now),
                "&",
                ("is_applied", "=", True),
                ("date_to", "<=", now),
            ]
        )
        if due:
            due._apply(now)
