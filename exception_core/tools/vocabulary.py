"""Selections that several models share, so that their keys and labels cannot drift apart."""

from odoo import _lt

SEVERITIES = [("1", "Critical"), ("2", "High"), ("3", "Medium"), ("4", "Low")]

DISPOSITIONS = [
    ("auto", "Resolve automatically"),
    ("approval", "Needs approval"),
    ("investigate", "Investigate"),
]

REASON_KINDS = [
    ("root_cause", "Root cause"),
    ("resolution", "Resolution"),
    ("false_alarm", "False alarm"),
    ("acceptance", "Risk acceptance"),
    ("cancellation", "Cancellation"),
    ("override", "Override"),
    ("rejection", "Rejection"),
    ("suspension", "Suspension"),
    ("hold", "Hold"),
]

REASON_CLASSES = [
    ("system", "System"),
    ("integration", "Integration"),
    ("data", "Data"),
    ("policy", "Policy"),
    ("training", "Training"),
    ("supplier", "Supplier"),
    ("carrier", "Carrier"),
    ("customer", "Customer"),
    ("fraud", "Fraud"),
    ("one_off", "One-off"),
]

CHANNEL_KINDS = [
    ("shop", "Web shop"),
    ("marketplace", "Marketplace"),
    ("store", "Store"),
    ("portal", "Customer portal"),
    ("edi", "EDI"),
    ("desk", "Sales desk"),
    ("mail", "E-mail"),
]

# What the audit trail writes down. An addon adds its own in
# ``exception.audit.entry._audit_events``. No field knows these labels: they are marked here.
AUDIT_EVENTS = [
    ("case.opened", _lt("Case opened")),
    ("case.state", _lt("State changed")),
    ("case.assigned", _lt("Given to a person or a team")),
    ("case.changed", _lt("Case changed")),
    ("case.overridden", _lt("Decided otherwise")),
    ("case.triaged", _lt("Triaged again")),
    ("case.ended", _lt("Case ended")),
    ("case.reopened", _lt("Case re-opened")),
    ("case.merged", _lt("Other cases merged into this one")),
    ("case.deleted", _lt("Case deleted")),
    ("mail.opened", _lt("Mail opened the case")),
    ("mail.added", _lt("Mail added to the case")),
    ("mail.resumed", _lt("Mail resumed the case")),
    ("mail.reopened", _lt("Mail re-opened the case")),
    ("hold.set", _lt("Put on hold")),
    ("hold.lifted", _lt("Hold lifted")),
    ("hold.lift_ended", _lt("Lifting of a hold ended")),
    ("hold.passed", _lt("Passed a hold")),
    ("hold.refused", _lt("Step refused by a hold")),
    ("approval.requested", _lt("Approval requested")),
    ("approval.decided", _lt("Approval decided on")),
    ("approval.escalated", _lt("Approval escalated")),
    ("approval.reminded", _lt("Approver reminded")),
    ("approval.delegated", _lt("Approval delegated")),
    ("approval.withdrawn", _lt("Approval withdrawn")),
    ("approval.approved", _lt("Approved")),
    ("approval.rejected", _lt("Rejected")),
    ("approval.stale", _lt("Approval asked for again")),
    ("approval.drawn", _lt("Decision token drawn")),
    ("approval.brought", _lt("Decision brought by middleware")),
    ("action.proposed", _lt("Action proposed")),
    ("action.queued", _lt("Action queued")),
    ("action.done", _lt("Action done")),
    ("action.failed", _lt("Action failed")),
    ("action.unknown", _lt("Outcome of an action unknown")),
    ("action.undone", _lt("Action undone")),
    ("action.abandoned", _lt("Action abandoned")),
    ("action.refused", _lt("Action refused")),
    ("option.proposed", _lt("Ways out proposed")),
    ("option.chosen", _lt("Way out chosen")),
    ("option.dismissed", _lt("Way out ruled out")),
    ("playbook.started", _lt("Playbook started")),
    ("playbook.step", _lt("Step of a playbook")),
    ("playbook.compensated", _lt("Step of a playbook taken back")),
    ("playbook.ended", _lt("Playbook ended")),
    ("option.proposed", _lt("Way out proposed")),
    ("option.chosen", _lt("Way out chosen")),
    ("stage.raised", _lt("Automation raised")),
    ("stage.lowered", _lt("Automation lowered")),
    ("automation.stopped", _lt("Automation stopped")),
    ("automation.resumed", _lt("Automation switched on again")),
    ("peak.requested", _lt("Peak mode requested")),
    ("peak.agreed", _lt("Peak mode agreed to")),
    ("peak.ended", _lt("Peak mode ended")),
    ("config.changed", _lt("Configuration changed")),
    ("config.proposed", _lt("Change of configuration proposed")),
    ("config.agreed", _lt("Change of configuration agreed to")),
    ("config.withdrawn", _lt("Change of configuration withdrawn")),
    ("config.reverted", _lt("Configuration taken back")),
    ("audit.redacted", _lt("Personal data blacked out")),
    ("audit.archived", _lt("Older entries archived")),
    ("audit.exported", _lt("Trail exported")),
    ("audit.verified", _lt("Trail verified")),
]

# Business steps that a hold can keep a record from. Each document says in `_exception_steps()`
# which of them it has.
STEPS = [
    ("confirm", "Confirm"),
    ("reserve", "Reserve"),
    ("validate", "Validate"),
    ("post", "Post"),
    ("pay", "Pay"),
    ("adjust", "Adjust inventory"),
    ("scrap", "Scrap"),
]
