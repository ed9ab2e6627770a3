from odoo import _, api, fields, models
from odoo.tools import SQL


class ExceptionCaseTake(models.Model):
    """Take next: the most urgent case that nobody owns, or that waits for the user to start it."""

    _inherit = "exception.case"

    @api.model
    def take_next(self, team_id=None):
        """Give the user the most urgent case that nobody has begun, with its whole bundle.

        Nobody owns it, or the team's method gave it to the user, who starts it by this.
        How urgent each is, is worked out now: what the list is sorted by may be a minute old.

        Two people who ask at once get different cases: the row is locked before it is taken,
        and rows that somebody has locked are passed over.

        :param team_id: only from this team; otherwise from all teams of the user
        :return: action that opens the case, or a notification when nothing is left
        """
        self.check_access_rights("write")
        case = self._lock_next(team_id)
        if not case:
            return self._notification(
                _("Nothing is left"), _("No case waits for anybody in your teams. Well done.")
            )
        bundle = case._lock_rest_of_bundle()
        (case + bundle).assign_to_me()
        return case._open_form()

    @api.model
    def _takeable(self):
        own = ["&", ("user_id", "=", self.env.uid), ("state", "=", "new")]
        return [
            ("state", "in", ("new", "open")),
            ("is_open", "=", True),
            *["|", ("user_id", "=", False), *own],
        ]

    @api.model
    def _lock_next(self, team_id=None):
        user = self.env.user
        teams = self.env["exception.team"].search(
            ["|", ("member_ids", "in", user.ids), ("lead_id", "=", user.id)]
        )
        if team_id:
            teams &= teams.browse(team_id)
        domain = [
            *self._takeable(),
            *["|", ("is_leading", "=", True), ("user_id", "=", self.env.uid)],
            ("team_id", "in", teams.ids),
            ("company_id", "in", self.env.companies.ids),
        ]
        query = self._search(domain, limit=1)
        companies = self.env.companies
        query.order = SQL(
            "%s DESC, exception_case.user_id, exception_case.date_due, exception_case.id",
            self.env["exception.score"]._expression(fields.Datetime.now(), companies=companies),
        )
        return self._lock(query)

    def _lock_rest_of_bundle(self):
        self.ensure_one()
        if not self.res_id:
            return self.browse()
        domain = [
            *self._takeable(),
            ("res_model", "=", self.res_model),
            ("res_id", "=", self.res_id),
            ("id", "!=", self.id),
        ]
        return self._lock(self._search(domain))

    @api.model
    def _lock(self, query):
        """Lock the rows of a query and return them; rows locked by others are left out."""
        self.flush_model()
        self.env["exception.sla.clock"].flush_model()
        table = SQL.identifier(self._table)
        self.env.cr.execute(SQL("%s FOR UPDATE OF %s SKIP LOCKED", query.select(), table))
        return self.browse(row[0] for row in self.env.cr.fetchall())
