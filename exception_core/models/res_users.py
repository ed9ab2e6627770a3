from odoo import _, api, fields, models
from odoo.tools import SQL
from odoo.tools.misc import format_datetime

from .exception_team_assignment import DEFAULT_WEIGHTS

# Who works on exceptions or looks over it knows who is there and how much is on their desk.
ROLES = "exception_core.group_user,exception_core.group_approver,exception_core.group_auditor"
# What leads keep of their members.
KEPT_BY_LEADS = {"exception_capacity", "exception_away_until"}
# A change of these may take the right to work on a case away.
RIGHTS = {"active", "groups_id", "company_ids", "share"}


class ResUsers(models.Model):
    """How much a person takes on, and whether they are there."""

    _inherit = "res.users"

    exception_capacity = fields.Integer(
        "Points at once",
        groups=ROLES,
        help="The person gets new cases by themselves as long as the open ones weigh less than "
        "this. Example: with 20 points and the usual weights, five high cases fill the desk. "
        "0: no limit.",
    )
    exception_away_until = fields.Datetime(
        "Away from exceptions until",
        groups=ROLES,
        help="No new cases are given to the person before. Time off from the calendar counts "
        "by itself.",
    )
    exception_load = fields.Integer(
        "Points at hand",
        compute="_compute_exception_load",
        groups=ROLES,
        help="What the open cases of the person weigh, in all teams together.",
    )
    exception_presence = fields.Char("Present", compute="_compute_exception_presence", groups=ROLES)

    _sql_constraints = [
        (
            "exception_capacity_positive",
            "CHECK (exception_capacity >= 0)",
            "Points at once cannot be negative. Give 0 for no limit.",
        ),
    ]

    @property
    def SELF_READABLE_FIELDS(self):
        """Add what a person sees of themselves in the preferences."""
        return super().SELF_READABLE_FIELDS + ["exception_capacity", "exception_away_until"]

    @property
    def SELF_WRITEABLE_FIELDS(self):
        """Add what a person sets in the preferences."""
        return super().SELF_WRITEABLE_FIELDS + ["exception_away_until"]

    def _compute_exception_load(self):
        loads = self._exception_loads()
        for user in self:
            user.exception_load = loads.get(user.id, 0)

    @api.depends("exception_away_until")
    @api.depends_context("lang", "tz")
    def _compute_exception_presence(self):
        now = fields.Datetime.now()
        absent = self._exception_absent(now)
        for user in self:
            if user.id not in absent:
                user.exception_presence = _("Here")
            elif not absent[user.id]:
                user.exception_presence = _("Away")
            else:
                until = format_datetime(self.env, absent[user.id], dt_format="short")
                user.exception_presence = _("Away until %s", until)

    # ------------------------------------------------------------------
    # changes
    # ------------------------------------------------------------------

    def write(self, vals):
        """Write users; leads may keep presence and capacity of their members.

        Whoever loses the right to work on a case gives it back to the queue at that moment.
        """
        users = self
        if vals and vals.keys() <= KEPT_BY_LEADS and self._exception_kept_by_me():
            # sudo: two fields of this suite, on people whom the writer leads
            users = self.sudo()
        result = super(ResUsers, users).write(vals)
        if RIGHTS & vals.keys() or any(key[:9] in ("in_group_", "sel_group") for key in vals):
            self.env["exception.case"]._return_of_unable(self.ids)
        return result

    def unlink(self):
        """Delete users; their open cases go back to the queue first."""
        self.env["exception.case"]._return_of_deleted(self.ids)
        return super().unlink()

    def _exception_kept_by_me(self):
        """Tell whether the user leads all these people."""
        if self.env.su:
            return False
        if self.env.user.has_group("exception_core.group_manager"):
            # sudo: only whether they work on exceptions is asked
            return all(user.has_group("exception_core.group_user") for user in self.sudo())
        if not self.env.user.has_group("exception_core.group_lead"):
            return False
        # sudo: members of the user's own teams, whatever else the user may see
        led = self.env["exception.team"].sudo().search([("lead_id", "=", self.env.uid)])
        return self <= led.member_ids.with_env(self.env)

    # ------------------------------------------------------------------
    # what assignment asks
    # ------------------------------------------------------------------

    def _exception_loads(self):
        """Return what the open cases of each user weigh, by user id: one statement."""
        if not self.ids:
            return {}
        self.env["exception.case"]._flush_owned(["user_id", "team_id", "severity", "is_open"])
        self.env["exception.team"].flush_model([f"weight_{key}" for key in DEFAULT_WEIGHTS])
        weights = SQL(" ").join(
            SQL("WHEN %s THEN COALESCE(%s, %s)", key, SQL.identifier("t", f"weight_{key}"), points)
            for key, points in DEFAULT_WEIGHTS.items()
        )
        self.env.cr.execute(
            SQL(
                "SELECT c.user_id, sum(CASE c.severity %s END)"
                "  FROM exception_case c LEFT JOIN exception_team t ON t.id = c.team_id"
                " WHERE c.is_open AND c.user_id = ANY(%s) GROUP BY c.user_id",
                weights,
                self.ids,
            )
        )
        return dict(self.env.cr.fetchall())

    def _exception_absent(self, now):
        """Return {user id: until when} of those who are away, or have time off, at this time."""
        if not self.ids:
            return {}
        # sudo: whether a colleague is there is no secret; why is not read
        users = self.sudo()
        absent = {
            user.id: user.exception_away_until
            for user in users
            if user.exception_away_until and user.exception_away_until > now
        }
        leaves = users.env["resource.calendar.leaves"].search_read(
            [
                ("resource_id.user_id", "in", users.ids),
                ("date_from", "<=", now),
                ("date_to", ">", now),
                ("time_type", "=", "leave"),
            ],
            ["resource_id", "date_to"],
        )
        resources = users.env["resource.resource"].browse(row["resource_id"][0] for row in leaves)
        owners = {resource.id: resource.user_id.id for resource in resources}
        for row in leaves:
            user_id = owners[row["resource_id"][0]]
            absent[user_id] = max(row["date_to"], absent.get(user_id) or row["date_to"])
        return absent

    def action_exception_member(self):
        """Open what a lead keeps of a member: presence and points at once."""
        self.ensure_one()
        view = self.env.ref("exception_core.res_users_view_form_exception_member")
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": "res.users",
            "res_id": self.id,
            "views": [(view.id, "form")],
            "target": "new",
        }
