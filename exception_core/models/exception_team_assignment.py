from odoo import _, api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ..tools.assignment import Member, Queue

ASSIGNMENT_METHODS = [
    ("manual", "By hand"),
    ("round_robin", "In turn"),
    ("least_loaded", "To whom has least"),
]
# What a case weighs on a desk by its severity, unless its team says otherwise.
DEFAULT_WEIGHTS = {"1": 8, "2": 4, "3": 2, "4": 1}


class ExceptionTeamAssignment(models.Model):
    """How a team gives its cases to its members.

    Nothing is counted on the team itself: turns and loads are read from the cases, so that no
    row is written by everybody at once.
    """

    _inherit = "exception.team"

    assignment_method = fields.Selection(
        ASSIGNMENT_METHODS,
        "Assignment",
        default="manual",
        required=True,
        help="By hand: members take cases, the lead distributes them. In turn: each new case "
        "goes to the member who got one least recently. To whom has least: to the member whose "
        "open cases weigh least. Cases on one record go to one person together.",
    )
    weight_1 = fields.Integer("Critical weighs", default=DEFAULT_WEIGHTS["1"], required=True)
    weight_2 = fields.Integer("High weighs", default=DEFAULT_WEIGHTS["2"], required=True)
    weight_3 = fields.Integer("Medium weighs", default=DEFAULT_WEIGHTS["3"], required=True)
    weight_4 = fields.Integer("Low weighs", default=DEFAULT_WEIGHTS["4"], required=True)
    can_rebalance = fields.Boolean(compute="_compute_can_rebalance")

    _sql_constraints = [
        (
            "weights_positive",
            "CHECK (LEAST(weight_1, weight_2, weight_3, weight_4) >= 1)",
            "Each severity must weigh at least 1 point, else a desk would never be full.",
        ),
    ]

    @api.depends("lead_id")
    @api.depends_context("uid")
    def _compute_can_rebalance(self):
        manager = self.env.user.has_group("exception_core.group_manager")
        for team in self:
            team.can_rebalance = manager or team.lead_id == self.env.user

    def _check_can_rebalance(self):
        """Refuse anybody but the lead of these teams and managers."""
        for team in self:
            if not (self.env.su or team.can_rebalance):
                raise AccessError(
                    _("Only the lead of %s or a manager moves its cases between people.", team.name)
                )

    def write(self, vals):
        """Write teams; members who leave give the team's open cases back to its queue."""
        # sudo: who leaves is known whatever the writer may see
        before = {team.id: set(team.member_ids.ids) for team in self.sudo()}
        result = super().write(vals)
        if "member_ids" in vals:
            left = {team.id: before[team.id] - set(team.member_ids.ids) for team in self.sudo()}
            self.env["exception.case"]._return_of_leavers(left)
        return result

    def action_rebalance(self):
        """Show which cases would move between the members, before anything moves."""
        self.ensure_one()
        return self.env["exception.team.rebalance"]._open(self)

    # ------------------------------------------------------------------
    # the team as its method sees it
    # ------------------------------------------------------------------

    def _assignment_queues(self, now):
        """Return a ``Queue`` by team id: members who may get work now, loads, turns.

        Three statements, whatever the number of teams, members and cases.
        """
        rows = self._assignment_rows(now)
        users = self.env["res.users"].browse({user_id for _team, user_id, *_rest in rows})
        loads = users._exception_loads()
        absent = users._exception_absent(now)
        # a person has one desk, in however many teams
        desks = {
            user_id: Member(user_id, frozenset(companies), capacity or 0, loads.get(user_id, 0))
            for _team, user_id, companies, capacity, _turn in rows
        }
        queues = {
            team.id: Queue(team.assignment_method, team._assignment_weights(), [], {})
            for team in self
        }
        for team_id, user_id, _companies, _capacity, turn in rows:
            if user_id not in absent:
                queues[team_id].members.append(desks[user_id])
                queues[team_id].turns[user_id] = turn
        return queues

    def _assignment_weights(self):
        self.ensure_one()
        return {severity: self[f"weight_{severity}"] for severity in DEFAULT_WEIGHTS}

    def _assignment_rows(self, now):
        """Read (team, user, companies, capacity, last turn) of members who can work on cases."""
        self.flush_recordset(["member_ids"])
        self.env["res.users"].flush_model(
            ["active", "share", "groups_id", "company_ids", "exception_capacity"]
        )
        self.env["exception.case"]._flush_owned(["team_id", "user_id", "assigned_at"])
        self.env.cr.execute(
            SQL(
                """
                SELECT m.team_id, u.id, array_agg(c.cid), u.exception_capacity,
                       (SELECT max(assigned_at) FROM exception_case
                         WHERE user_id = u.id AND team_id = m.team_id)
                  FROM exception_team_member_rel m
                  JOIN res_users u ON u.id = m.user_id AND u.active AND NOT u.share
                  JOIN res_groups_users_rel g ON g.uid = u.id AND g.gid = %(group)s
                  JOIN res_company_users_rel c ON c.user_id = u.id
                 WHERE m.team_id = ANY(%(teams)s)
              GROUP BY m.team_id, u.id
              ORDER BY m.team_id, u.id
                """,
                group=self.env.ref("exception_core.group_user").id,
                teams=self.ids,
            )
        )
        return self.env.cr.fetchall()
