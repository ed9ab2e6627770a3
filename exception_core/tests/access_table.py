"""Who may do what, by hand: the intention, never read from the access rules themselves.

c create, r read, w write, d delete. The columns are roles: ``user`` is an agent; ``outsider`` an
employee without any group of the suite. Abstract models have no rows to guard.
"""

ROLES = ("user", "lead", "manager", "admin", "approver", "auditor", "outsider", "portal", "public")

# Models of the suite, and of the addons on top of it that are installed.
MODELS = """
model                              user lead manager admin approver auditor outsider portal public

# taxonomy: everybody on the desk reads it, administrators keep it
exception.category                 -r-- -r-- -r--    crwd  -r--     -r--    ----     ----   ----
exception.type                     -r-- -r-- -r--    crwd  -r--     -r--    ----     ----   ----
exception.reason                   -r-- -r-- -r--    crwd  -r--     -r--    ----     ----   ----
exception.channel                  -r-- -r-- -r--    crwd  -r--     -r--    ----     ----   ----
exception.tier                     -r-- -r-- -r--    crwd  -r--     -r--    ----     ----   ----
exception.tag                      -r-- crw- crw-    crwd  -r--     -r--    ----     ----   ----

# teams: managers set them up
exception.team                     -r-- -r-- crw-    crwd  -r--     -r--    ----     ----   ----
exception.team.alias               -r-- -r-- crwd    crwd  -r--     -r--    ----     ----   ----
exception.mail.receipt             ---- ---- -r--    -r--  ----     -r--    ----     ----   ----
exception.reply                    -r-- -r-- crw-    crwd  -r--     -r--    ----     ----   ----

# cases: worked by everybody on the desk, deleted by nobody
exception.case                     crw- crw- crw-    crw-  -r--     -r--    ----     ----   ----
exception.hold.lift                -r-- -r-- -r--    -r--  -r--     -r--    ----     ----   ----
exception.problem                  -r-- crw- crw-    crw-  -r--     -r--    ----     ----   ----
exception.problem.suggestion       ---- -rw- -rw-    -rw-  ----     -r--    ----     ----   ----

# time: written by the model only, except policies
exception.sla.policy               -r-- -r-- -r--    crwd  -r--     -r--    ----     ----   ----
exception.sla.target               -r-- -r-- -r--    crwd  -r--     -r--    ----     ----   ----
exception.sla.clock                -r-- -r-- -r--    -r--  -r--     -r--    ----     ----   ----
exception.sla.change               ---- ---- ----    -r--  ----     -r--    ----     ----   ----
exception.escalation.policy        -r-- -r-- -r--    crwd  -r--     -r--    ----     ----   ----
exception.escalation.level         -r-- -r-- -r--    crwd  -r--     -r--    ----     ----   ----
exception.escalation.event         -r-- -r-- -r--    -r--  -r--     -r--    ----     ----   ----
exception.digest                   ---- ---- ----    -r--  ----     -r--    ----     ----   ----

# rank: administrators set the weights, tiers are written by the model or by a lead's dialog
exception.score.part               -r-- -r-- -r--    -rw-  -r--     -r--    ----     ----   ----
exception.score.point              -r-- -r-- -r--    crwd  -r--     -r--    ----     ----   ----
exception.partner.tier             -r-- -r-- -r--    -r--  -r--     -r--    ----     ----   ----

# whether the desk works by itself: for those who must act
exception.outage                   ---- -r-- -r--    -r--  ----     -r--    ----     ----   ----
exception.cron.failure             ---- -r-- -r--    -r--  ----     -r--    ----     ----   ----

# the gateway: administrators set it up, the machine writes what came and went
exception.system                   ---- ---- -r--    crwd  ----     -r--    ----     ----   ----
exception.event.endpoint           ---- ---- -r--    crwd  ----     -r--    ----     ----   ----
exception.event.secret             ---- ---- -r--    -r--  ----     -r--    ----     ----   ----
exception.event                    -r-- -r-- -r--    -r--  ----     -r--    ----     ----   ----
exception.event.refusal            ---- ---- -r--    -r--  ----     -r--    ----     ----   ----
exception.event.rhythm             ---- ---- -r--    -r--  ----     -r--    ----     ----   ----
exception.event.expectation        ---- ---- -r--    crwd  ----     -r--    ----     ----   ----
exception.gateway.health           ---- ---- -r--    -r--  ----     -r--    ----     ----   ----
exception.event.contract           ---- ---- -r--    crwd  ----     -r--    ----     ----   ----
exception.event.match              ---- ---- -r--    crwd  ----     -r--    ----     ----   ----
exception.event.reaction           ---- ---- -r--    crwd  ----     -r--    ----     ----   ----
exception.event.newest             ---- ---- -r--    -r--  ----     -r--    ----     ----   ----
exception.authority                ---- ---- -r--    crwd  ----     -r--    ----     ----   ----
exception.subscription             ---- ---- -r--    crwd  ----     -r--    ----     ----   ----
exception.subscription.header      ---- ---- -r--    crwd  ----     -r--    ----     ----   ----
exception.subscription.secret      ---- ---- ----    crwd  ----     ----    ----     ----   ----
exception.outgoing.event           ---- ---- -r--    -r--  ----     -r--    ----     ----   ----
exception.payload.field            ---- ---- -r--    -r--  ----     -r--    ----     ----   ----
exception.delivery                 ---- ---- -r--    -r--  ----     -r--    ----     ----   ----
exception.delivery.attempt         ---- ---- -r--    -r--  ----     -r--    ----     ----   ----
exception.delivery.replay          ---- ---- ----    crwd  ----     ----    ----     ----   ----
exception.case.reference           -r-- -r-- crw-    crwd  -r--     -r--    ----     ----   ----
exception.case.outside.note        ---- ---- -r--    -r--  ----     -r--    ----     ----   ----
exception.sealed.secret            ---- ---- ----    -r--  ----     -r--    ----     ----   ----

# the audit trail: read by those who answer for it, written by nobody
exception.audit.entry              ---- ---- -r--    -r--  ----     -r--    ----     ----   ----
exception.audit.checkpoint         ---- ---- -r--    -r--  ----     -r--    ----     ----   ----
exception.audit.check              ---- ---- -r--    -r--  ----     -r--    ----     ----   ----

# reporting: views of the database, which nobody writes
exception.report.case              ---- -r-- -r--    -r--  ----     -r--    ----     ----   ----
exception.report.flow              ---- -r-- -r--    -r--  ----     -r--    ----     ----   ----

# triage: leads write rules, administrators delete them
exception.rule                     -r-- crw- crw-    crwd  -r--     -r--    ----     ----   ----
exception.rule.fact                -r-- crwd crwd    crwd  -r--     -r--    ----     ----   ----

# approvals: administrators set the policies; what was asked and decided is written by nobody
exception.approval.matrix          -r-- -r-- -r--    crwd  -r--     -r--    ----     ----   ----
exception.approval.level           -r-- -r-- -r--    crwd  -r--     -r--    ----     ----   ----
exception.approval                 -r-- -r-- -r--    -r--  -r--     -r--    ----     ----   ----
exception.approval.step            -r-- -r-- -r--    -r--  -r--     -r--    ----     ----   ----
exception.approval.decision        -r-- -r-- -r--    -r--  -r--     -r--    ----     ----   ----
exception.approval.delegation      crwd crwd crwd    crwd  crwd     -r--    ----     ----   ----
exception.approval.edit            ---- ---- ----    -r--  ----     -r--    ----     ----   ----
exception.approval.preview         ---- ---- crwd    crwd  ----     ----    ----     ----   ----
exception.approval.hand            crwd crwd crwd    crwd  crwd     ----    ----     ----   ----
exception.approval.preview.line    ---- ---- -r--    -r--  ----     ----    ----     ----   ----

# playbooks: administrators keep them; what they do on a case is evidence
exception.playbook                 -r-- -r-- -r--    crwd  -r--     -r--    ----     ----   ----
exception.playbook.step            -r-- -r-- -r--    crwd  -r--     -r--    ----     ----   ----
exception.playbook.step.input      -r-- -r-- -r--    crwd  -r--     -r--    ----     ----   ----
exception.type.stage               -r-- -r-- -r--    -r--  -r--     -r--    ----     ----   ----
exception.play                     -r-- -r-- -r--    -r--  -r--     -r--    ----     ----   ----
exception.play.event               -r-- -r-- -r--    -r--  -r--     -r--    ----     ----   ----
exception.case.step                -r-- -r-- -r--    -r--  -r--     -r--    ----     ----   ----
exception.approval.token           ---- ---- ----    -r--  ----     -r--    ----     ----   ----

# detection: administrators only; runs are evidence
exception.detector                 -r-- -r-- -r--    crwd  -r--     -r--    ----     ----   ----
exception.detector.fact            -r-- -r-- -r--    crwd  -r--     -r--    ----     ----   ----
exception.detector.parameter       -r-- -r-- -r--    crwd  -r--     -r--    ----     ----   ----
exception.detector.parameter.value -r-- -r-- -r--    crwd  -r--     -r--    ----     ----   ----
exception.detector.trigger         -r-- -r-- -r--    crwd  -r--     -r--    ----     ----   ----
exception.detector.run             -r-- -r-- -r--    -r--  -r--     -r--    ----     ----   ----

# actions: administrators set them up; runs are evidence, written by the model only
exception.action                   -r-- -r-- -r--    crwd  -r--     -r--    ----     ----   ----
exception.action.parameter         -r-- -r-- -r--    crwd  -r--     -r--    ----     ----   ----
exception.action.run               -r-- -r-- -r--    -r--  -r--     -r--    ----     ----   ----
exception.option                   -r-- -r-- -r--    -r--  -r--     -r--    ----     ----   ----
exception.automation.stop          ---- -r-- -r--    -r--  ----     -r--    ----     ----   ----
# changes of the configuration: kept by the model
exception.config.version           ---- -r-- -r--    -r--  ----     -r--    ----     ----   ----
exception.peak                     ---- ---- crw-    crw-  ----     -r--    ----     ----   ----
exception.peak.pass                ---- ---- -r--    -r--  ----     -r--    ----     ----   ----
exception.config.change            ---- -r-- -r--    -r--  ----     -r--    ----     ----   ----

# dialogs
exception.config.explain           ---- crwd crwd    crwd  ----     ----    ----     ----   ----
exception.config.restore           ---- crwd crwd    crwd  ----     ----    ----     ----   ----
exception.approval.answer          crwd crwd crwd    crwd  crwd     ----    ----     ----   ----
exception.bulk.result              -r-- -r-- -r--    -r--  -r--     ----    ----     ----   ----
exception.bulk.result.line         -r-- -r-- -r--    -r--  -r--     ----    ----     ----   ----
exception.action.dialog            crwd crwd crwd    crwd  ----     ----    ----     ----   ----
exception.action.reason            crwd crwd crwd    crwd  ----     ----    ----     ----   ----
exception.option.dismiss           crwd crwd crwd    crwd  ----     ----    ----     ----   ----
exception.case.assign              crwd crwd crwd    crwd  ----     ----    ----     ----   ----
exception.case.playbook            crwd crwd crwd    crwd  ----     ----    ----     ----   ----
exception.type.stage.dialog        ---- ---- crwd    crwd  ----     ----    ----     ----   ----
exception.event.edit               ---- ---- ----    crwd  ----     ----    ----     ----   ----
exception.event.secret.dialog      ---- ---- ----    crwd  ----     ----    ----     ----   ----
exception.playbook.try             ---- crwd crwd    crwd  ----     ----    ----     ----   ----
exception.case.step.answer         crwd crwd crwd    crwd  ----     ----    ----     ----   ----
exception.case.decide              crwd crwd crwd    crwd  ----     ----    ----     ----   ----
exception.case.dismiss             crwd crwd crwd    crwd  ----     ----    ----     ----   ----
exception.case.merge               crwd crwd crwd    crwd  ----     ----    ----     ----   ----
exception.case.report              crwd crwd crwd    crwd  ----     ----    ----     ----   ----
exception.case.resolve             crwd crwd crwd    crwd  ----     ----    ----     ----   ----
exception.case.wait                crwd crwd crwd    crwd  ----     ----    ----     ----   ----
exception.hold.ask                 crwd crwd crwd    crwd  ----     ----    ----     ----   ----
exception.hold.put                 crwd crwd crwd    crwd  ----     ----    ----     ----   ----
exception.hold.dialog              -r-- -r-- -r--    -r--  -r--     -r--    -r--     ----   ----
exception.hold.dialog.line         -r-- -r-- -r--    -r--  -r--     -r--    -r--     ----   ----
exception.problem.add              crwd crwd crwd    crwd  ----     ----    ----     ----   ----
exception.problem.message          crwd crwd crwd    crwd  ----     ----    ----     ----   ----
exception.problem.resolve          ---- crwd crwd    crwd  ----     ----    ----     ----   ----
exception.problem.dismiss          ---- crwd crwd    crwd  ----     ----    ----     ----   ----
exception.team.rebalance           ---- crwd crwd    crwd  ----     ----    ----     ----   ----
exception.team.rebalance.line      ---- crwd crwd    crwd  ----     ----    ----     ----   ----
exception.partner.tier.change      ---- crwd crwd    crwd  ----     ----    ----     ----   ----
exception.audit.redact             ---- ---- ----    crwd  ----     ----    ----     ----   ----
exception.audit.archive            ---- ---- ----    crwd  ----     ----    ----     ----   ----
exception.settings                 ---- ---- ----    crw-  ----     ----    ----     ----   ----
"""

# What of records that one may not see: in another company, or of a private team. ``member`` is
# an agent who is a member of that private team.
RECORDS = """
record                     user member lead manager admin approver auditor outsider portal public
case                       -rw- -rw-   -rw- -rw-    -rw-  -r--     -r--    ----     ----   ----
case of another company    ---- ----   ---- ----    ----  ----     ----    ----     ----   ----
case of a private team     ---- -rw-   ---- -rw-    -rw-  ----     -r--    ----     ----   ----
team                       -r-- -r--   -r-- -rw-    -rwd  -r--     -r--    ----     ----   ----
team of another company    ---- ----   ---- ----    ----  ----     ----    ----     ----   ----
private team               ---- -r--   ---- -rw-    -rwd  ----     -r--    ----     ----   ----
channel of another company ---- ----   ---- ----    ----  ----     ----    ----     ----   ----
clock                      -r-- -r--   -r-- -r--    -r--  -r--     -r--    ----     ----   ----
clock of another company   ---- ----   ---- ----    ----  ----     ----    ----     ----   ----
clock of a private team    ---- -r--   ---- -r--    -r--  ----     -r--    ----     ----   ----
"""

ON_THE_DESK = "exception_core.group_user,exception_core.group_approver,exception_core.group_auditor"
# Fields that only some groups see, on models of the suite and on those that it extends.
FIELD_GROUPS = {
    # nobody at all, not even over the ORM
    "exception.approval.token.nonce_hash": ".",
    "exception.event.body": "exception_gateway.group_payload",
    "exception.event.headers": "exception_gateway.group_payload",
    "exception.event.header_lines": "exception_gateway.group_payload",
    "exception.event.content": "exception_core.group_manager,exception_core.group_auditor",
    "exception.event.contract.sample": "exception_gateway.group_payload",
    "exception.event.contract.sample_kind": "exception_gateway.group_payload",
    "exception.event.contract.sample_headers": "exception_gateway.group_payload",
    "exception.event.contract.sample_event_id": "exception_gateway.group_payload",
    "exception.event.contract.trial": "exception_gateway.group_payload",
    "exception.event.edit.content": "exception_gateway.group_payload",
    "exception.event.edit.result": "exception_gateway.group_payload",
    "exception.event.secret.sealed": ".",
    "exception.sealed.secret.sealed": ".",
    "exception.event.secret.dialog.sealed": ".",
    "exception.case.audit_ids": "exception_core.group_manager,exception_core.group_auditor",
    "exception.record.mixin.exception_case_count": ON_THE_DESK,
    "exception.record.mixin.exception_banner": ON_THE_DESK,
    "exception.record.mixin.exception_due_state": ON_THE_DESK,
    "sale.order.exception_case_count": ON_THE_DESK,
    "sale.order.exception_banner": ON_THE_DESK,
    "sale.order.exception_due_state": ON_THE_DESK,
    "stock.picking.exception_case_count": ON_THE_DESK,
    "stock.picking.exception_banner": ON_THE_DESK,
    "stock.picking.exception_due_state": ON_THE_DESK,
    "stock.quant.exception_case_count": ON_THE_DESK,
    "stock.quant.exception_banner": ON_THE_DESK,
    "stock.quant.exception_due_state": ON_THE_DESK,
    "stock.scrap.exception_case_count": ON_THE_DESK,
    "stock.scrap.exception_banner": ON_THE_DESK,
    "stock.scrap.exception_due_state": ON_THE_DESK,
    "purchase.order.exception_case_count": ON_THE_DESK,
    "purchase.order.exception_banner": ON_THE_DESK,
    "purchase.order.exception_due_state": ON_THE_DESK,
    "account.move.exception_case_count": ON_THE_DESK,
    "account.move.exception_banner": ON_THE_DESK,
    "account.move.exception_due_state": ON_THE_DESK,
    "account.payment.exception_case_count": ON_THE_DESK,
    "account.payment.exception_banner": ON_THE_DESK,
    "account.payment.exception_due_state": ON_THE_DESK,
    "res.partner.exception_tier_ids": ON_THE_DESK,
    "res.partner.exception_tier_id": ON_THE_DESK,
    "res.partner.exception_tier_why": ON_THE_DESK,
    "res.partner.exception_contract_value": ON_THE_DESK,
    "res.partner.exception_currency_id": ON_THE_DESK,
    "res.users.exception_capacity": ON_THE_DESK,
    "res.users.exception_away_until": ON_THE_DESK,
    "res.users.exception_load": ON_THE_DESK,
    "res.users.exception_manager_id": ON_THE_DESK,
    "res.users.exception_presence": ON_THE_DESK,
}

# Addresses that answer without the backend: the page of an approver's mail link, and what auditors
# take away.
ROUTES = {
    "/exception/approval/<string:token>",
    "/exception/approval/<string:token>/decide",
    "/exception/audit/export",
    "/exception/audit/verifier",
    "/exception/v1/events/<string:token>",
    "/exception/v1/health",
    "/exception/v1/schemas/<string:name>",
}


def parse(table):
    """Return {row: {column: cell}} of a table of text; comments and empty lines are left out."""
    lines = [line for line in table.strip().splitlines() if line and line[0] != "#"]
    columns = lines[0].split()[1:]
    rows = {}
    for line in lines[1:]:
        words = line.split()
        cells = words[-len(columns) :]
        rows[" ".join(words[: -len(columns)])] = dict(zip(columns, cells, strict=True))
    return rows
