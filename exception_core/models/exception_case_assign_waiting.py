import logging
from collections import defaultdict

import psycopg2.errors

from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.misc import split_every

from ..tools.job import ASSIGN_LOCK, ATTEMPTS, commit
from .exception_case_assign import ASSIGNABLE
from .exception_case_open import BATCH

_logger = logging.getLogger(__name__)

# Rows are locked until the commit: small batches keep people from waiting.
ASSIGN_BATCH = 200


class ExceptionCaseAssignWaiting(models.Model):
    """The Scheduled Action that gives what nobody could take when it was opened."""

    _inherit = "exception.case"

    @api.model
    def _assign_waiting(self):
        """Give the unassigned cases of teams with a method; safe in two processes at once.

        Each batch is a transaction of its own, in which only one process works for the team:
        a second one passes over a team that is being served. Cases that a person is taking at
        that moment are locked and passed over.
        """
        # sudo: of every company, whoever runs it
        cases = self.sudo().with_context(**BATCH)
        cases._return_of_unable()
        commit(cases.env)
        given = defaultdict(list)
        for team_id, ids in cases._waiting_groups():
            for batch in split_every(ASSIGN_BATCH, ids, list):
                result = cases._assign_attempts(team_id, batch)
                for user_id, case_ids in (result or {}).items():
                    given[user_id] += case_ids
                if result == {}:
                    # nobody of the team can take any more
                    break
        cases._tell_owners(given)

    @api.model
    def _waiting_groups(self):
        """Return (team id, ids of its unassigned cases of one company), most urgent first."""
        domain = [
            ("is_open", "=", True),
            ("user_id", "=", False),
            ("state", "in", ASSIGNABLE),
            ("team_id.assignment_method", "!=", "manual"),
        ]
        found = self.search_read(
            domain,
            ["team_id", "company_id"],
            order="score desc, severity, date_due, id",
            load=False,
        )
        groups = defaultdict(list)
        for row in found:
            groups[row["team_id"], row["company_id"]].append(row["id"])
        return [(team_id, ids) for (team_id, _company), ids in groups.items()]

    @api.model
    def _assign_attempts(self, team_id, ids):
        """Give one batch; tried again when somebody changed its rows since it was read.

        :return: as ``_distribute``; None when there was nothing to give, or another process
            serves the team
        """
        for _attempt in range(ATTEMPTS):
            try:
                given = self._assign_batch(team_id, ids)
                commit(self.env)
                return given
            except psycopg2.errors.SerializationFailure:
                self.env.cr.rollback()
        _logger.info("Cases of team %s are changed all the time; left for the next run", team_id)
        return None

    @api.model
    def _assign_batch(self, team_id, ids):
        # another process may have given some since the last commit
        self.env.invalidate_all()
        self.env.cr.execute(SQL("SELECT pg_try_advisory_xact_lock(%s, %s)", ASSIGN_LOCK, team_id))
        if not self.env.cr.fetchone()[0]:
            return None
        domain = [("id", "in", ids), ("user_id", "=", False), ("state", "in", ASSIGNABLE)]
        cases = self._lock(self._search(domain))
        return cases._distribute(fields.Datetime.now()) if cases else None
