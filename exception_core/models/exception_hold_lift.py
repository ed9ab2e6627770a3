from odoo import _, api, fields, models

ENDS = [
    ("expired", "Time is over"),
    ("changed", "Document changed"),
    ("reopened", "Case was re-opened"),
    ("replaced", "Held again"),
]


class ExceptionHoldLift(models.Model):
    """A hold that was lifted although its case is open: by whom, why, and for what exactly.

    It covers one case and the document as it was: a material change of the document, or the end
    of its time, ends it. Written by the model only.
    """

    _name = "exception.hold.lift"
    _description = "Lifted Hold"
    _inherit = ["exception.evidence"]
    _order = "id desc"
    _rec_name = "case_id"

    case_id = fields.Many2one(
        "exception.case", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="case_id.company_id", store=True, index=True)
    user_id = fields.Many2one(
        "res.users", "Lifted by", required=True, readonly=True, ondelete="restrict"
    )
    reason_id = fields.Many2one(
        "exception.reason", required=True, readonly=True, ondelete="restrict"
    )
    note = fields.Text(readonly=True)
    approval_id = fields.Many2one("exception.approval", readonly=True, ondelete="restrict")
    lifted_at = fields.Datetime("Lifted", required=True, readonly=True)
    expires_at = fields.Datetime("Until", readonly=True, help="Empty: until the case ends.")
    snapshot = fields.Json("Document", readonly=True, prefetch=False)
    reopen_count = fields.Integer(readonly=True)
    ended_at = fields.Datetime("Ended", readonly=True)
    end_reason = fields.Selection(ENDS, "Ended because", readonly=True)
    end_changes = fields.Text("What changed", readonly=True)

    @api.model
    def _lift(self, cases, reason, note=None, expires_at=None, approval=None):
        """Keep that the current user lifted the holds of these cases.

        :return: the lifts
        """
        snapshots, now = self.env["exception.snapshot"], fields.Datetime.now()
        records = cases.sudo()._held_records()
        cases._audit(
            "hold.lifted",
            before=lambda case: {"step": case.hold_step},
            after={"until": fields.Datetime.to_string(expires_at) if expires_at else None},
            reason=reason.name,
            on_behalf=approval.requested_by if approval else None,
            override=not approval,
            note=note or None,
            approval=approval.id if approval else None,
        )
        if any(case.hold_resume for case in cases.sudo()):
            cases._resume_soon()
        # the caller has checked who may
        return self._record(
            [
                {
                    "case_id": case.id,
                    "user_id": self.env.uid,
                    "reason_id": reason.id,
                    "note": note or False,
                    "approval_id": approval.id if approval else False,
                    "lifted_at": now,
                    "expires_at": expires_at,
                    "snapshot": snapshots._take(records[case]),
                    "reopen_count": case.reopen_count,
                }
                for case in cases.sudo()
            ]
        )

    @api.model
    def _in_force(self, cases, now):
        """Return the lifts of these cases that count now."""
        lifts, _ended = self._split(cases, now)
        return lifts

    @api.model
    def _end_stale(self, cases, now):
        """End the lifts of these cases whose time is over or whose document changed."""
        _lifts, ended = self._split(cases, now)
        for lift, why, changes in ended:
            lift._end(why, changes)

    @api.model
    def _split(self, cases, now):
        """Return the lifts in force, and (lift, why, what changed) of those that count no more."""
        lifts = self.browse()
        if cases.ids:
            lifts = self.search([("case_id", "in", cases.ids), ("ended_at", "=", False)])
        in_force, ended = self.browse(), []
        records = lifts.case_id._held_records()
        for lift in lifts:
            case = lift.case_id
            if lift.reopen_count != case.reopen_count:
                ended.append((lift, "reopened", ()))
            elif lift.expires_at and lift.expires_at <= now:
                ended.append((lift, "expired", ()))
            elif changes := lift._changes(records[case]):
                ended.append((lift, "changed", changes))
            else:
                in_force += lift
        return in_force, ended

    def _changes(self, record):
        """Return what changed on the document since the hold was lifted.

        :param record: the document, empty when it is gone
        """
        return self.env["exception.snapshot"]._compare(record, self.snapshot)

    def _end(self, why, changes=()):
        """End lifts: from now on the holds hold again."""
        rows = [
            _("%(label)s: %(before)s → %(after)s", **{k: row[k] or "–" for k in row})
            for row in changes
        ]
        # sudo: see _lift
        lifts = self.sudo().filtered(lambda lift: not lift.ended_at)
        if not lifts:
            return
        lifts.case_id._audit("hold.lift_ended", reason=dict(ENDS)[why], changes=rows or None)
        lifts._store(
            {
                "ended_at": fields.Datetime.now(),
                "end_reason": why,
                "end_changes": "\n".join(rows) or False,
            }
        )
