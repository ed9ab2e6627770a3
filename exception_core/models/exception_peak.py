from datetime import timedelta

from odoo import _, api, fields, models, tools
from odoo.exceptions import UserError, ValidationError

STATES = [
    ("requested", "Waits for a second person"),
    ("active", "Agreed"),
    ("refused", "Refused"),
    ("ended", "Ended"),
]
HOURS = "exception_core.peak_hours"
DEFAULT_HOURS = 72
# What is decided about a request, and what comes of it, is the model's to write.
PROTECTED = {
    "state",
    "requested_by_id",
    "requested_at",
    "agreed_by_id",
    "agreed_at",
    "own_agreement",
    "ended_by_id",
    "ended_at",
    "end_reason",
    "passed_ids",
}


class ExceptionPeak(models.Model):
    """Peak mode: chosen detectors warn instead of hold, for a period, with two people's consent.

    A manager asks, another one agrees. The end is computed from the clock, so it needs nobody;
    the Scheduled Action only writes it down. What was let pass meanwhile is kept, by document.
    Deciding is in ``exception_peak_decide``, which holds give way in ``exception_case_peak``.
    """

    _name = "exception.peak"
    _description = "Peak Mode"
    _inherit = ["mail.thread"]
    _order = "date_from desc, id desc"
    # who sees it may speak about it; it is written by the model only
    _mail_post_access = "read"

    name = fields.Char("Occasion", required=True, help="Example: Black Friday")
    detector_ids = fields.Many2many(
        "exception.detector",
        "exception_peak_detector_rel",
        "peak_id",
        "detector_id",
        "Warn instead of hold",
        help="Their cases are opened as ever, but keep no document from its next step. Detectors "
        "that are never relaxed cannot be chosen.",
    )
    company_ids = fields.Many2many(
        "res.company",
        "exception_peak_company_rel",
        "peak_id",
        "company_id",
        "For companies",
        required=True,
        default=lambda self: self.env.companies,
        help="Documents of these pass. Whoever asks and whoever agrees work in all of them.",
    )
    date_from = fields.Datetime("From", required=True, default=fields.Datetime.now)
    date_until = fields.Datetime("Until", required=True)
    reason = fields.Text(required=True, help="What is expected, and why waiting would cost more.")
    state = fields.Selection(
        STATES, required=True, readonly=True, default="requested", tracking=True, copy=False
    )
    # set null: people may be deleted; the trail keeps their names
    requested_by_id = fields.Many2one(
        "res.users", "Asked by", readonly=True, copy=False, ondelete="set null"
    )
    requested_at = fields.Datetime("Asked", readonly=True, copy=False)
    agreed_by_id = fields.Many2one(
        "res.users", "Decided by", readonly=True, copy=False, ondelete="set null"
    )
    agreed_at = fields.Datetime("Decided", readonly=True, copy=False)
    own_agreement = fields.Boolean("Agreed by who asked", readonly=True, copy=False)
    ended_by_id = fields.Many2one(
        "res.users", "Ended by", readonly=True, copy=False, ondelete="set null"
    )
    ended_at = fields.Datetime("Ended", readonly=True, copy=False)
    end_reason = fields.Char("Why it was ended", readonly=True, copy=False)
    passed_ids = fields.One2many("exception.peak.pass", "peak_id", "Let pass", readonly=True)
    passed_count = fields.Integer("Documents let pass", compute="_compute_passed_count")
    is_on = fields.Boolean("On now", compute="_compute_is_on")
    can_agree = fields.Boolean(compute="_compute_can")

    _sql_constraints = [
        ("period", "CHECK(date_until > date_from)", "Peak mode ends after it begins."),
    ]

    def _compute_passed_count(self):
        groups = self.env["exception.peak.pass"]._read_group(
            [("peak_id", "in", self.ids)], ["peak_id"], ["__count"]
        )
        counts = {peak.id: count for peak, count in groups}
        for peak in self:
            peak.passed_count = counts.get(peak.id, 0)

    @api.depends("state", "date_from", "date_until")
    def _compute_is_on(self):
        now = fields.Datetime.now()
        for peak in self:
            peak.is_on = peak.state == "active" and peak.date_from <= now < peak.date_until

    @api.depends("state", "requested_by_id")
    @api.depends_context("uid")
    def _compute_can(self):
        for peak in self:
            peak.can_agree = not peak._refuse_agreement()

    # ------------------------------------------------------------------
    # asking
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Ask for peak mode; it relaxes nothing until a second person agrees."""
        asked = {
            **dict.fromkeys(PROTECTED - {"passed_ids"}, False),
            "state": "requested",
            "requested_by_id": self.env.uid,
            "requested_at": fields.Datetime.now(),
        }
        if not self.env.su:
            # said for each, so that neither values nor the context forge them
            vals_list = [
                {**{k: v for k, v in vals.items() if k != "passed_ids"}, **asked}
                for vals in vals_list
            ]
        else:
            vals_list = [{**asked, **vals} for vals in vals_list]
        peaks = super().create(vals_list)
        peaks._refuse_wrong()
        for peak in peaks:
            peak._tell("peak.requested")
        return peaks

    def write(self, vals):
        """Refuse changes of a request: who agreed has agreed to what it said."""
        if not self.env.su and not vals.keys() <= {"message_follower_ids"}:
            raise UserError(
                _("What was asked for is not changed afterwards. Withdraw it and ask anew.")
            )
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            _("Peak mode is not deleted: it is evidence. Withdraw the request instead.")
        )

    def _refuse_wrong(self):
        """Refuse what may not be relaxed, for longer than is allowed, or not at all.

        :raise ValidationError: what is wrong, and what to do
        """
        now = fields.Datetime.now()
        hours = self._most_hours()
        for peak in self:
            stays = peak.detector_ids.filtered(lambda one: not one._may_relax())
            if not peak.detector_ids:
                raise ValidationError(_("Choose the detectors that shall warn instead of hold."))
            if stays:
                raise ValidationError(
                    _(
                        "“%s” is never relaxed: it holds in peak mode, too. Leave it out.",
                        "”, “".join(stays.mapped("name")),
                    )
                )
            # sudo: which companies the person works in
            foreign = peak.sudo().company_ids - self.env.user.sudo().company_ids
            if foreign or not peak.sudo().company_ids:
                raise ValidationError(
                    _("Choose companies that you work in: peak mode holds for these only.")
                )
            if peak.date_until <= now:
                raise ValidationError(_("Peak mode ends in the future."))
            if peak.date_until - peak.date_from > timedelta(hours=hours):
                raise ValidationError(
                    _("Peak mode lasts %s hours at most, as the settings say.", hours)
                )

    @api.model
    def _most_hours(self):
        return self.env["ir.config_parameter"]._exception_number(HOURS, DEFAULT_HOURS)

    # ------------------------------------------------------------------
    # what is relaxed now
    # ------------------------------------------------------------------

    @api.model
    @tools.ormcache()
    def _windows(self):
        """Return what was agreed, as values: ((peak, from, until, detectors, companies), …)."""
        # sudo: what holds does not depend on who takes a step
        peaks = self.sudo().search([("state", "=", "active")], order="id")
        return tuple(
            (
                p.id,
                p.date_from,
                p.date_until,
                frozenset(p.detector_ids.ids),
                frozenset(p.company_ids.ids),
            )
            for p in peaks
        )

    @api.model
    def _relaxed(self, detectors, now, company=None):
        """Return those of the detectors that warn instead of hold at this moment.

        :param company: in this company; None: in any
        """
        ids = set()
        for _peak, begin, end, relaxed, companies in self._windows():
            if begin <= now < end and (company is None or company.id in companies):
                ids |= relaxed
        if not ids:
            return detectors.browse()
        return detectors.filtered(lambda one: one.id in ids and one._may_relax())

    @api.model
    def _peak_of(self, detector, now, company=None):
        """Return the peak mode because of which a detector does not hold now."""
        for peak_id, begin, end, relaxed, companies in self._windows():
            here = company is None or company.id in companies
            if here and begin <= now < end and detector.id in relaxed:
                return self.browse(peak_id)
        return self.browse()
