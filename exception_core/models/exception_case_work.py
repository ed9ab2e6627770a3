from odoo import _, api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools.misc import split_every

from ..tools.job import commit

WORKABLE = ("new", "open", "waiting")
CRON_BATCH = 500


class ExceptionCaseWork(models.Model):
    """Working on cases: who owns them, who waits for whom.

    Public verbs work on many cases and answer ``{"done": [ids], "skipped": [{"id", "reason"}]}``.
    On a single case they raise the reason instead, because there is nothing else to do. The
    buttons (``action_…``) call them and show the answer.
    """

    _inherit = "exception.case"

    # ------------------------------------------------------------------
    # how verbs run
    # ------------------------------------------------------------------

    def _run_verb(self, refuse, apply):
        """Apply a verb to the cases that allow it.

        :param refuse: function of a case that returns why not, as a sentence, or None
        :param apply: function of the remaining cases as superuser, called once if there are any
        """
        self.check_access_rights("write")
        self.check_access_rule("write")
        allowed, skipped = [], []
        for case in self:
            reason = refuse(case)
            if not reason:
                allowed.append(case.id)
            elif len(self) == 1:
                raise UserError(reason)
            else:
                skipped.append({"id": case.id, "reason": reason})
        if allowed:
            # sudo: access was checked above; states and times are written by the model only
            apply(self.browse(allowed).sudo())
        return {"done": allowed, "skipped": skipped}

    def _refuse_ended(self):
        """Say why an ended case, or one under decision, cannot be worked; None if it can."""
        self.ensure_one()
        if self.state in WORKABLE:
            return None
        if self.state == "approval":
            return _("%s waits for an approval. Withdraw the request first.", self.name)
        states = dict(self._fields["state"]._description_selection(self.env))
        return _(
            "%(case)s has ended (%(state)s). Re-open it first.",
            case=self.name,
            state=states[self.state],
        )

    # ------------------------------------------------------------------
    # owner
    # ------------------------------------------------------------------

    def write(self, vals):
        """Write cases; a new owner starts them."""
        taken = self.browse()
        if vals.get("user_id"):
            taken = self.filtered(lambda case: case.user_id.id != vals["user_id"])
        result = super().write(vals)
        # sudo: times and states follow from what the user was allowed to write
        if taken:
            # the times of an ended case are settled
            taken.sudo().filtered("is_open")._begin_ownership(vals, self._in_batch())
        elif "user_id" in vals and not vals["user_id"]:
            owned = self.sudo().filtered("assigned_at")
            owned.write({"assigned_at": False, "assigned_by": False})
        return result

    @api.constrains("user_id")
    def _check_owner(self):
        """Hold an owner who is written by hand to what the verbs ask."""
        if self._in_batch():
            # a rule or a method chose among those who can; it must not stop the batch
            return
        for case in self:
            if refusal := case._refuse_owner(case.user_id, None):
                raise ValidationError(refusal)

    def _begin_ownership(self, vals, by_machine):
        """Note a new owner; only one whom a person chose begins by that."""
        if not by_machine:
            self._start_work()
        elif "assigned_at" not in vals:
            self.write({"assigned_at": fields.Datetime.now(), "assigned_by": "rule"})

    def _start_work(self):
        """Note that a person has taken over: from new to in progress, response given once."""
        now = fields.Datetime.now()
        self.write({"assigned_at": now, "assigned_by": False})
        self.filtered(lambda case: case.state == "new").write({"state": "open"})
        self._respond(now)

    def _respond(self, now):
        """Take a person's first step as the first response, unless only a message counts."""
        if self._first_step_answers():
            unanswered = self.filtered(lambda case: not case.first_response_at)
            unanswered.write({"first_response_at": now})

    @api.model
    def _first_step_answers(self):
        """Tell whether a person's first step is the first response, or only a message is."""
        # sudo: system parameters are not for users
        params = self.env["ir.config_parameter"].sudo()
        return params.get_param("exception_core.first_response") != "message"

    def assign(self, user_id=None, team_id=None):
        """Give the cases to a person, a team or both.

        A new team without a person leaves the cases unassigned in the queue of that team.
        """
        user = self.env["res.users"].browse(user_id or ())
        team = self.env["exception.team"].browse(team_id or ())
        if not user and not team:
            raise UserError(_("Choose a person or a team."))
        team.check_access_rule("read")

        def refuse(case):
            return case._refuse_ended() or case._refuse_owner(user, team)

        def apply(cases):
            vals = {"user_id": user.id} if user else {"user_id": False}
            if team:
                vals["team_id"] = team.id
            # as the user: the checks of a write by hand hold here as well
            cases.sudo(False).write(vals)

        return self._run_verb(refuse, apply)

    def _refuse_owner(self, user, team):
        """Say why this person or team cannot have the case; None if they can."""
        company = self.company_id
        if team and team.company_id and team.company_id != company:
            return _("%(team)s works for another company.", team=team.name)
        if not user:
            return None
        account = user.sudo()  # sudo: only whether the person may see the case is read
        works = account.active and not account.share
        if not works or not account.has_group("exception_core.group_user"):
            return _("%(user)s does not work on exceptions.", user=account.name)
        if company not in account.company_ids:
            return _(
                "%(user)s has no access to %(company)s.", user=account.name, company=company.name
            )
        return None

    def assign_to_me(self):
        """Take the cases; those that somebody else owns are left to them."""

        def refuse(case):
            if case.user_id and case.user_id != self.env.user:
                return _(
                    "%(case)s belongs to %(user)s already.", case=case.name, user=case.user_id.name
                )
            return case._refuse_ended() or case._refuse_owner(self.env.user, None)

        def apply(cases):
            given = cases.filtered("user_id")
            cases.sudo(False).write({"user_id": self.env.uid})
            # what a method had given to the user already
            given.filtered(lambda case: case.state == "new")._start()

        return self._run_verb(refuse, apply)

    def _cron_batches(self):
        """Yield batches of the cases; each is committed, so that a later failure keeps it."""
        for ids in split_every(CRON_BATCH, self.ids):
            yield self.browse(ids)
            commit(self.env)
