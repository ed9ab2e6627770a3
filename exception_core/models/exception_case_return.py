import logging
from collections import defaultdict

from odoo import _, api, models
from odoo.tools import SQL

from .exception_case_open import BATCH

_logger = logging.getLogger(__name__)


class ExceptionCaseReturn(models.Model):
    """People who can no longer work on their cases give them back to the queue.

    Called when users, groups and teams change. None of these changes may fail because of us:
    what goes wrong here is logged, and the Scheduled Action that assigns looks again.
    """

    _inherit = "exception.case"

    @api.model
    def _return_of_unable(self, user_ids=None):
        """Take open cases from people who were archived, or lost the group or the company.

        :param user_ids: whose; None: everybody's
        """
        self._return_safely(lambda cases: cases._select_unable(user_ids))

    @api.model
    def _return_of_leavers(self, left):
        """Take the team's open cases from members who left it.

        :param dict left: {team id: ids of those who are members no more}
        """
        left = {team_id: user_ids for team_id, user_ids in left.items() if user_ids}
        if left:
            self._return_safely(lambda cases: cases._select_left(left))

    @api.model
    def _return_of_deleted(self, user_ids):
        """Take open cases from people who are about to be deleted."""
        self._return_safely(lambda cases: cases._select_of(user_ids))

    @api.model
    def _return_safely(self, select):
        # what the writer did wrong is raised here, and is theirs
        self.env.flush_all()
        try:
            with self.env.cr.savepoint():
                # sudo: the cases of every company and private team
                cases = self.sudo().with_context(**BATCH)
                cases._return_to_queue(select(cases))
        except Exception:
            _logger.exception("Cases of people who left could not be given back")

    # ------------------------------------------------------------------
    # which
    # ------------------------------------------------------------------

    @api.model
    def _select_unable(self, user_ids):
        """Return {(user id, why): case ids}; one statement."""
        self.env.cr.execute(
            SQL(
                """
                SELECT c.id, c.user_id,
                       CASE WHEN NOT u.active THEN 'archived'
                            WHEN u.share OR g.uid IS NULL THEN 'group' ELSE 'company' END
                  FROM exception_case c
                  JOIN res_users u ON u.id = c.user_id
             LEFT JOIN res_groups_users_rel g ON g.uid = u.id AND g.gid = %(group)s
             LEFT JOIN res_company_users_rel r ON r.user_id = u.id AND r.cid = c.company_id
                 WHERE c.is_open AND c.user_id IS NOT NULL %(whose)s
                   AND (NOT u.active OR u.share OR g.uid IS NULL OR r.user_id IS NULL)
                """,
                group=self.env.ref("exception_core.group_user").id,
                whose=SQL() if user_ids is None else SQL("AND c.user_id = ANY(%s)", user_ids),
            )
        )
        found = defaultdict(list)
        for case_id, user_id, why in self.env.cr.fetchall():
            found[user_id, why].append(case_id)
        return found

    @api.model
    def _select_left(self, left):
        found = defaultdict(list)
        users = set().union(*left.values())
        domain = [
            ("team_id", "in", list(left)),
            ("user_id", "in", list(users)),
            ("is_open", "=", True),
        ]
        for case in self.search(domain):
            # the lead still works with the team
            if case.user_id.id in left[case.team_id.id] and case.user_id != case.team_id.lead_id:
                found[case.user_id.id, "team"].append(case.id)
        return found

    @api.model
    def _select_of(self, user_ids):
        found = defaultdict(list)
        for case in self.search([("user_id", "in", user_ids), ("is_open", "=", True)]):
            found[case.user_id.id, "archived"].append(case.id)
        return found

    # ------------------------------------------------------------------
    # giving back
    # ------------------------------------------------------------------

    @api.model
    def _return_to_queue(self, found):
        """Take the cases from their owners, say why, tell the leads, and give them again.

        :param dict found: {(user id, why): case ids}
        """
        returned = self.browse()
        for (user_id, why), ids in found.items():
            user, cases = self.env["res.users"].browse(user_id), self.browse(ids)
            cases.message_unsubscribe(user.partner_id.ids)
            cases.write({"user_id": False})
            cases.filtered(lambda case: case.state == "open").write({"state": "new"})
            cases._note(self._return_reasons(user)[why])
            for team, group in cases.grouped("team_id").items():
                group._tell_lead(team.lead_id, user, why)
            returned += cases
        if returned:
            returned._auto_assign()

    @api.model
    def _return_reasons(self, user):
        return {
            "archived": _("Back in the queue: %s works here no more.", user.name),
            "group": _("Back in the queue: %s no longer works on exceptions.", user.name),
            "company": _("Back in the queue: %s no longer works for the company.", user.name),
            "team": _("Back in the queue: %s left the team.", user.name),
        }

    def _tell_lead(self, lead, user, why):
        """Tell the lead of a team which cases came back, in one message."""
        if not lead:
            return
        cases = self.with_context(lang=lead.lang)
        cases._tell(lead, *cases._returned_message(user, why))

    def _returned_message(self, user, why):
        subject = _(
            "%(count)s cases of %(user)s are back in the queue", count=len(self), user=user.name
        )
        return subject, self._return_reasons(user)[why]
