from collections import defaultdict

from markupsafe import Markup

from odoo import _, api, fields, models
from odoo.exceptions import UserError

from ..tools.assignment import Member, Parcel, even_out

# Only the least urgent cases are looked at: nobody checks more lines than that.
CONSIDERED = 1000
STARTED = ("open", "waiting")


class ExceptionTeamRebalance(models.TransientModel):
    """Evens out the desks of a team: shows what would move, and moves what is left selected.

    Nothing is written on a case before ``action_apply``.
    """

    _name = "exception.team.rebalance"
    _inherit = "exception.dialog"
    _description = "Even out the Work of a Team"

    team_id = fields.Many2one("exception.team", required=True, readonly=True, ondelete="cascade")
    include_started = fields.Boolean("Also cases that were begun", readonly=True)
    line_ids = fields.One2many("exception.team.rebalance.line", "rebalance_id", "Moves")
    loads = fields.Json(readonly=True)
    summary = fields.Html(compute="_compute_summary")
    skipped = fields.Text("What stays, and why", readonly=True)

    @api.depends("line_ids.selected")
    def _compute_summary(self):
        for wizard in self:
            after = {int(user_id): load for user_id, load in (wizard.loads or {}).items()}
            before = dict(after)
            for line in wizard.line_ids.filtered("selected"):
                after[line.from_user_id.id] -= line.points
                after[line.to_user_id.id] += line.points
            users = self.env["res.users"].browse(before).sorted("name")
            wizard.summary = Markup("<ul class='list-inline mb-0'>%s</ul>") % Markup().join(
                Markup("<li class='list-inline-item me-4'>%s: <b>%s → %s</b></li>")
                % (user.name, before[user.id], after[user.id])
                for user in users
            )

    @api.model
    def _open(self, team, include_started=False):
        """Plan for this team and return the action that shows the plan."""
        team._check_can_rebalance()
        values = self._plan(team, include_started)
        wizard = self.create({"team_id": team.id, "include_started": include_started, **values})
        return {
            "type": "ir.actions.act_window",
            "name": _("Even out the work of %s", team.name),
            "res_model": self._name,
            "res_id": wizard.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def action_include_started(self):
        """Plan anew, with the cases that somebody has begun; again: without."""
        self.ensure_one()
        return self._open(self.team_id, not self.include_started)

    # ------------------------------------------------------------------
    # planning
    # ------------------------------------------------------------------

    @api.model
    def _plan(self, team, include_started):
        """Return the values of the preview."""
        cases = self.env["exception.case"].search(
            [("team_id", "=", team.id), ("is_open", "=", True), ("user_id", "!=", False)],
            order="score, severity desc, id desc",
            limit=CONSIDERED,
        )
        # sudo: loads count cases that the lead may not see; only numbers of them are shown
        team, cases = team.sudo(), cases.sudo()
        queue = team._assignment_queues(fields.Datetime.now())[team.id]
        owners = {member.user_id: member for member in queue.members}
        loads = (cases.user_id & team.member_ids)._exception_loads()
        for user_id, load in loads.items():
            owners.setdefault(user_id, Member(user_id, load=load))
        before = {user_id: member.load for user_id, member in owners.items()}
        parcels, counts = self._parcels(cases, queue, owners, include_started)
        moves, stuck = even_out(queue, owners, parcels)
        moved = sum(len(move.parcel.case_ids) for move in moves)
        counts["stuck"] = sum(len(parcel.case_ids) for parcel in stuck)
        counts["even"] = len(cases) - moved - sum(counts.values())
        return {
            "loads": before,
            "skipped": self._explain(counts),
            "line_ids": [(0, 0, vals) for vals in self._lines(moves, queue, cases)],
        }

    @api.model
    def _parcels(self, cases, queue, owners, include_started):
        """Return the parcels that may move, and how many cases may not and why."""
        movable = ("new", *STARTED) if include_started else ("new",)
        bundles, counts = defaultdict(list), defaultdict(int)
        for case in cases:
            bundles[case.user_id.id, case._parcel_key()].append(case)
        parcels = []
        for (owner_id, _key), bundle in bundles.items():
            if owner_id not in owners:
                counts["outside"] += len(bundle)
            elif any(case.state == "approval" for case in bundle):
                counts["approval"] += len(bundle)
            elif any(case.state not in movable for case in bundle):
                counts["started"] += len(bundle)
            else:
                points = queue.points(case.severity for case in bundle)
                ids = [case.id for case in bundle]
                parcels.append(Parcel(ids, owner_id, bundle[0].company_id.id, points))
        return parcels, counts

    @api.model
    def _lines(self, moves, queue, cases):
        severities = {case.id: case.severity for case in cases}
        for move in moves:
            giver, taker = move.giver_load[0], move.taker_load[0]
            for case_id in move.parcel.case_ids:
                points = queue.weights[severities[case_id]]
                yield {
                    "case_id": case_id,
                    "from_user_id": move.parcel.owner_id,
                    "to_user_id": move.user_id,
                    "points": points,
                    "from_load": f"{giver} → {giver - points}",
                    "to_load": f"{taker} → {taker + points}",
                }
                giver, taker = giver - points, taker + points

    @api.model
    def _explain(self, counts):
        """Say how many cases stay where they are, and why, a line for each reason."""
        reasons = {
            "started": _("begun already, or on one record with a begun case: %s"),
            "approval": _("waiting for an approval: %s"),
            "outside": _("with people outside the team: %s"),
            "stuck": _("nobody else can take them now: %s"),
            "even": _("moving them would not make the desks more even: %s"),
        }
        return "\n".join(text % counts[key] for key, text in reasons.items() if counts[key])

    # ------------------------------------------------------------------
    # moving
    # ------------------------------------------------------------------

    def action_apply(self):
        """Move the selected cases; those that changed since the preview stay."""
        self.ensure_one()
        self.team_id._check_can_rebalance()
        lines = self.line_ids.filtered("selected")
        if not lines:
            raise UserError(_("Select the cases to move, or discard."))
        # sudo: only cases of this team move, to its members, and leads may move them
        cases = lines.case_id.sudo()
        cases = cases._lock(cases._search([("id", "in", cases.ids)]))
        able = {
            member.user_id: member
            for member in self.team_id._assignment_queues(fields.Datetime.now())[
                self.team_id.id
            ].members
        }
        moves, skipped = defaultdict(list), []
        for line in lines:
            if reason := line._refuse(cases, able):
                skipped.append({"id": line.case_id.id, "reason": reason})
            else:
                moves[line.from_user_id, line.to_user_id].append(line.case_id.id)
        given = defaultdict(list)
        for (giver, taker), ids in moves.items():
            self._move(cases.browse(ids), giver, taker)
            given[taker.id] += ids
        cases._tell_owners(given)
        done = [case_id for ids in given.values() for case_id in ids]
        return self.env["exception.bulk.result"]._show(
            {"done": done, "skipped": skipped}, _("Moved")
        )

    def _move(self, cases, giver, taker):
        cases._give(taker.id, "rebalance")
        cases._note(
            _(
                "Moved from %(giver)s to %(taker)s to even out the work of the team.",
                giver=giver.name,
                taker=taker.name,
            )
        )
