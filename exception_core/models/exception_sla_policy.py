import logging

from odoo import _, api, fields, models
from odoo.exceptions import ValidationError

from ..tools import business_time
from ..tools.vocabulary import SEVERITIES

_logger = logging.getLogger(__name__)

FIRST_SPAN = 15 * business_time.DAY
LONGEST_SPAN = 3 * 366 * business_time.DAY


class ExceptionSlaPolicy(models.Model):
    """A promise: how fast a case is answered and resolved, in the hours of a calendar.

    Deadlines are counted in whole seconds of business time. The worked intervals of a calendar
    are laid out once for a whole batch, so that a deadline costs two bisections, not a query.
    """

    _name = "exception.sla.policy"
    _description = "Exception SLA Policy"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    round_the_clock = fields.Boolean(
        "Around the clock",
        help="Every hour counts, nights and holidays too. Example: a suspected fraud.",
    )
    calendar_id = fields.Many2one(
        "resource.calendar",
        "Working hours",
        help="Only these hours count. Empty: the working hours of the case's team, else those of "
        "its company.",
    )
    target_ids = fields.One2many(
        "exception.sla.target",
        "policy_id",
        "Targets",
        copy=True,
        default=lambda self: self._default_targets(),
    )
    type_ids = fields.One2many("exception.type", "sla_policy_id", "Types")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    @api.model
    def _default_targets(self):
        """Offer one line a severity: an hour to a week of office hours."""
        minutes = {"1": (30, 240), "2": (60, 480), "3": (240, 1440), "4": (480, 2400)}
        return [
            fields.Command.create(
                {"severity": key, "response_minutes": first, "resolution_minutes": last}
            )
            for key, (first, last) in minutes.items()
        ]

    @api.constrains("name", "target_ids")
    def _check_targets(self):
        for policy in self:
            missing = {key for key, _label in SEVERITIES} - set(
                policy.target_ids.mapped("severity")
            )
            if missing:
                raise ValidationError(
                    _("%s needs a target for each of the four severities.", policy.name)
                )

    @api.constrains("active")
    def _check_in_use(self):
        archived = self.filtered(lambda policy: not policy.active)
        kind = self.env["exception.type"].search([("sla_policy_id", "in", archived.ids)], limit=1)
        if kind:
            raise ValidationError(
                _(
                    "%(policy)s is the promise for %(type)s. Give that type another one first.",
                    policy=kind.sla_policy_id.name,
                    type=kind.name,
                )
            )

    def _calendar(self, team, company):
        """Return the calendar whose hours count for a team's cases; empty: every hour counts."""
        self.ensure_one()
        none = self.env["resource.calendar"]
        if self.round_the_clock:
            return none
        # sudo: working hours may belong to a company that the user has not switched on
        calendar = self.calendar_id or team.sudo().calendar_id
        return (calendar or company.sudo().resource_calendar_id or none).sudo()

    def _deadlines(self, items, calendar):
        """Return [(response_due, date_due)] for ``items``: a list of (start, severity).

        Starts and results are naive UTC. ``calendar`` is what :meth:`_calendar` returned for the
        team and company of the items; empty means that every hour counts.
        """
        self.ensure_one()
        if self.round_the_clock:
            calendar = calendar.browse()
        targets = {
            target.severity: (target.response_minutes * 60, target.resolution_minutes * 60)
            for target in self.sudo().target_ids  # sudo: the promise holds whoever opens the case
        }
        wanted = [
            (business_time.to_stamp(start), targets.get(severity)) for start, severity in items
        ]
        due = _due_by_calendar(calendar.sudo(), {work for work in wanted if work[1]})
        return [due.get(work, (False, False)) for work in wanted]


def _due_by_calendar(calendar, wanted):
    """Map each (start, (response, resolution)) to its pair of naive deadlines."""
    if not wanted:
        return {}
    if not calendar:
        return {
            (start, work): tuple(business_time.to_datetime(start + seconds) for seconds in work)
            for start, work in wanted
        }
    first, last = min(start for start, _work in wanted), max(start for start, _work in wanted)
    span = max(FIRST_SPAN, 5 * max(work[1] for _start, work in wanted))
    while True:
        intervals = calendar._exception_work_intervals(first, last + span)
        work_time = business_time.WorkTime(intervals)
        due = {
            (start, work): tuple(work_time.due(start, seconds) for seconds in work)
            for start, work in wanted
        }
        if all(pair[1] is not None for pair in due.values()):
            return {key: tuple(map(business_time.to_datetime, pair)) for key, pair in due.items()}
        if span >= LONGEST_SPAN:
            # hours that never come would make a promise that is never broken
            _logger.warning("%s has too few working hours: every hour counts", calendar)
            return _due_by_calendar(calendar.browse(), wanted)
        span = min(span * 4, LONGEST_SPAN)
