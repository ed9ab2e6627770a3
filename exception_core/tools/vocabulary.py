"""Selections that several models share, so that their keys and labels cannot drift apart."""

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
# ``exception.audit.entry._audit_events``.
AUDIT_EVENTS = [
    ("case.opened", "Case opened"),
    ("case.state", "State changed"),
    ("case.assigned", "Given to a person or a team"),
    ("case.changed", "Case changed"),
    ("case.overridden", "Decided otherwise"),
    ("case.triaged", "Triaged again"),
    ("case.ended", "Case ended"),
    ("case.reopened", "Case re-opened"),
    ("case.merged", "Other cases merged into this one"),
    ("case.deleted", "Case deleted"),
    ("mail.opened", "Mail opened the case"),
    ("mail.added", "Mail added to the case"),
    ("mail.resumed", "Mail resumed the case"),
    ("mail.reopened", "Mail re-opened the case"),
    ("hold.set", "Put on hold"),
    ("hold.lifted", "Hold lifted"),
    ("hold.lift_ended", "Lifting of a hold ended"),
    ("hold.passed", "Passed a hold"),
    ("hold.refused", "Step refused by a hold"),
    ("approval.requested", "Approval requested"),
    ("approval.decided", "Approval decided on"),
    ("approval.escalated", "Approval escalated"),
    ("approval.reminded", "Approver reminded"),
    ("approval.delegated", "Approval delegated"),
    ("approval.withdrawn", "Approval withdrawn"),
    ("approval.approved", "Approved"),
    ("approval.rejected", "Rejected"),
    ("approval.stale", "Approval asked for again"),
    ("approval.drawn", "Decision token drawn"),
    ("approval.brought", "Decision brought by middleware"),
    ("action.proposed", "Action proposed"),
    ("action.queued", "Action queued"),
    ("action.done", "Action done"),
    ("action.failed", "Action failed"),
    ("action.unknown", "Outcome of an action unknown"),
    ("action.undone", "Action undone"),
    ("action.abandoned", "Action abandoned"),
    ("action.refused", "Action refused"),
    ("option.proposed", "Ways out proposed"),
    ("option.chosen", "Way out chosen"),
    ("option.dismissed", "Way out ruled out"),
    ("playbook.started", "Playbook started"),
    ("playbook.step", "Step of a playbook"),
    ("playbook.compensated", "Step of a playbook taken back"),
    ("playbook.ended", "Playbook ended"),
    ("option.proposed", "Way out proposed"),
    ("option.chosen", "Way out chosen"),
    ("stage.raised", "Automation raised"),
    ("stage.lowered", "Automation lowered"),
    ("automation.stopped", "Automation stopped"),
    ("automation.resumed", "Automation switched on again"),
    ("peak.requested", "Peak mode requested"),
    ("peak.agreed", "Peak mode agreed to"),
    ("peak.ended", "Peak mode ended"),
    ("config.changed", "Configuration changed"),
    ("config.proposed", "Change of configuration proposed"),
    ("config.agreed", "Change of configuration agreed to"),
    ("config.withdrawn", "Change of configuration withdrawn"),
    ("config.reverted", "Configuration taken back"),
    ("audit.redacted", "Personal data blacked out"),
    ("audit.archived", "Older entries archived"),
    ("audit.exported", "Trail exported"),
    ("audit.verified", "Trail verified"),
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
