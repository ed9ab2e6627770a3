"""Every public method of the suite's classes, and who may change something by calling it.

Anybody with a login can call a method without underscore. ``read``: it changes nothing. Else the
lowest role of the ladder user, lead, manager, admin that it serves; for those below, and for
everybody beside the ladder, it must refuse or change nothing. ``oversight``: managers and auditors
may; it leaves a record that they did, and changes nothing else.
"""

# Odoo's own methods that the suite extends: they keep to the table of models.
EXTENDED = {
    "action_create_payments",
    "action_post",
    "action_revert_inventory",
    "copy",
    "copy_data",
    "create",
    "default_get",
    "do_scrap",
    "fields_get",
    "get_values",
    "message_new",
    "message_route",
    "message_subscribe",
    "message_update",
    "onchange",
    "reconcile",
    "set_param",
    "set_values",
    "unlink",
    "validate_move",
    "web_read",
    "write",
}

METHODS = {
    "exception.subscription": {
        "read": "action_open_deliveries action_replay_since",
        "admin": """
            action_activate action_pause action_ping action_resume action_rotate_secret
            action_try_now
        """,
    },
    "exception.delivery": {"read": "action_open_case action_replay"},
    "exception.delivery.replay": {"admin": "action_apply"},
    # the rights to decide are given by policies, not by the ladder
    "exception.approval": {
        "read": """
            action_approve action_hand_on action_open_case action_open_history
            action_open_record action_reject action_withdraw approve decide_by_token delegate
            draw_decision_token reject
        """,
        "lead": "ask_again withdraw",
    },
    "exception.approval.answer": {"read": "action_apply"},
    "exception.approval.delegation": {"manager": "action_end"},
    "exception.approval.hand": {"read": "action_apply"},
    "exception.approval.preview": {"manager": "action_preview"},
    "exception.approval.matrix": {
        "read": "action_open_approvals action_preview",
    },
    "exception.action": {"read": "action_open_runs"},
    "exception.action.dialog": {"user": "action_apply action_request"},
    "exception.action.reason": {"user": "action_apply"},
    "exception.option": {
        "read": "action_dismiss",
        "user": "action_choose choose dismiss",
    },
    "exception.option.dismiss": {"user": "action_apply"},
    "exception.action.run": {
        "read": """
            action_abandon action_open_job action_undo action_was_done action_was_not_done
        """,
        "user": """
            abandon action_ask_back action_retry action_submit ask_back retry say_outcome submit
            undo
        """,
    },
    "exception.automation.stop": {"read": "action_resume", "manager": "resume"},
    "exception.audit.archive": {"admin": "action_apply"},
    "exception.audit.check": {
        "read": "action_verifier",
        "oversight": "action_verify_now verify_now",
    },
    "exception.audit.entry": {
        "read": "action_export action_export_csv action_open_case action_redact",
        "oversight": "action_verify",
    },
    "exception.audit.redact": {"admin": "action_apply"},
    "exception.bulk.result": {"read": "action_open_done action_open_skipped"},
    "exception.case": {
        "read": """
            action_accept_risk action_add_to_problem action_answer action_assign action_cancel
            action_change_decision action_do action_export_audit action_false_alarm action_lift_hold
            action_merge action_open_audit action_open_bundle action_put_on_hold
            action_request_approval action_request_release
            action_open_escalations action_open_problem action_open_record action_open_related
            action_open_approvals action_open_events action_open_suggestion action_playbook
            action_resolve
            action_undo_automatic action_wait action_withdraw_approval
        """,
        "user": """
            accept_risk action_assign_to_me action_leave_problem action_propose_options
            action_reopen action_resume propose_options
            action_retriage action_start action_take_next assign assign_to_me cancel_case
            change_decision mark_false_alarm merge_into put_on_hold reopen request_approval resolve
            resume retriage run_action start start_playbook stop_playbook take_next
            undo_automatic wait
        """,
        "manager": "lift_hold",
    },
    "exception.case.assign": {"user": "action_apply"},
    "exception.case.decide": {"user": "action_apply"},
    "exception.case.playbook": {"user": "action_apply"},
    "exception.case.step": {
        "read": "action_answer",
        "user": "action_retry action_tick give_up retry skip tick",
    },
    "exception.case.step.answer": {"user": "action_apply"},
    "exception.case.dismiss": {"user": "action_apply"},
    "exception.case.merge": {"user": "action_apply"},
    "exception.case.report": {"user": "action_apply"},
    "exception.case.resolve": {"user": "action_apply"},
    "exception.case.wait": {"user": "action_apply"},
    "exception.category": {"read": "action_open_cases action_open_types"},
    "exception.config.change": {
        "read": "action_explain action_open_record",
        "lead": """
            action_agree action_compare_anew action_withdraw agree compare_anew explain withdraw
        """,
    },
    "exception.config.explain": {"lead": "action_apply"},
    "exception.config.restore": {"lead": "action_apply"},
    "exception.config.version": {"read": "action_compare action_open_record action_restore"},
    "exception.detector": {
        "read": """
            action_open_backtest action_open_cases action_open_cron action_open_rules
            action_open_runs action_open_tune backtest lab_definition preview_condition tune
        """,
        "admin": "action_disable action_enable action_run_now adopt",
    },
    "exception.detector.parameter": {"read": "action_edit"},
    "exception.gateway.health": {"read": "action_open action_open_settings"},
    "exception.event.expectation": {
        "read": "action_open_backtest action_open_cases action_open_runs action_open_versions",
        "admin": "action_disable action_enable action_run_now",
    },
    "exception.escalation.policy": {"read": "action_open_events"},
    "exception.event": {
        "read": "action_open_audit action_open_cases action_open_record action_open_replays",
        "admin": "action_edit_replay action_retry",
    },
    "exception.event.contract": {
        "read": "action_open_dead action_open_events",
        "admin": "action_activate action_new_version action_retire action_send_sample",
    },
    "exception.event.edit": {"admin": "action_apply"},
    "exception.playbook": {
        "read": "action_open_cases action_try try_on_cases",
    },
    "exception.event.endpoint": {
        "read": "action_open_events",
        "admin": "action_activate action_pause action_rotate action_send_test",
    },
    "exception.event.secret": {"admin": "action_end"},
    "exception.event.secret.dialog": {"admin": "action_apply"},
    "exception.partner.tier.change": {"lead": "action_apply action_back_to_rule"},
    "exception.peak": {
        "read": "action_open_passed status",
        "manager": "action_agree action_end_now action_refuse agree end_now refuse",
    },
    "exception.peak.pass": {"read": "action_open_record"},
    "exception.hold.ask": {"user": "action_apply"},
    "exception.hold.dialog": {"read": "action_lift action_request_approval"},
    "exception.hold.dialog.line": {"read": "action_open_case"},
    "exception.hold.mixin": {"read": "action_put_on_hold"},
    "exception.hold.put": {"user": "action_apply"},
    "exception.problem": {
        "read": "action_message action_open_cases action_open_open_cases action_resolve",
        "user": "add_cases message_cases remove_cases",
        "lead": """
            action_close action_learn_kind action_reopen action_start close reopen
            resolve_together start
        """,
    },
    "exception.problem.add": {"user": "action_apply"},
    "exception.problem.dismiss": {"lead": "action_apply"},
    "exception.problem.message": {"user": "action_apply"},
    "exception.problem.resolve": {"lead": "action_apply"},
    "exception.problem.suggestion": {
        "read": "action_dismiss action_open_adopted action_open_cases",
        "lead": "action_look_now action_open_problem dismiss look_now open_problem",
    },
    "exception.record.mixin": {
        "read": "action_report_exception action_view_exceptions action_view_worst_exception"
    },
    "exception.reply": {"manager": "action_approve action_new_version action_retire"},
    "exception.report.case": {"read": "action_open_case"},
    "exception.report.flow": {"read": "action_open_case"},
    "exception.rule": {
        "read": "action_open_cases action_try lab_definition preview_condition try_on_past",
        # two of them are the mixin's: leads write rules, too
        "lead": "action_check_again action_disable action_enable",
    },
    "exception.score": {"read": "preview settings", "admin": "save"},
    "exception.settings": {"read": "cancel", "admin": "execute"},
    "exception.sla.clock": {"read": "action_open_case"},
    "exception.team": {
        "read": "action_open_cases action_open_queue",
        "user": "action_take_next",
        "lead": "action_rebalance",
    },
    "exception.team.rebalance": {"lead": "action_apply action_include_started"},
    "exception.tier": {"read": "action_open_customers"},
    "exception.type": {
        "read": "action_open_cases action_request_stage",
        "manager": "action_lower_stage lower_stage request_stage",
    },
    "exception.type.stage": {
        "read": "action_refuse",
        "manager": "action_agree agree refuse",
    },
    "exception.type.stage.dialog": {"manager": "action_apply"},
    "exception.switchable": {"admin": "action_disable action_enable"},
    "exception.versioned": {
        "read": "action_explain_change action_open_versions",
        "lead": "action_agree_change action_compare_change action_withdraw_change",
    },
    "exception.watchdog": {"lead": "status"},
    # confirming is a right of Sales, which none of these people has
    "sale.order": {"read": "action_confirm_many"},
    "mail.activity": {"read": "exception_decide exception_open_approval"},
    "res.partner": {"read": "action_exception_change_tier"},
    "res.users": {"read": "action_exception_member"},
}


def rows():
    """Return {(model, method): who}."""
    return {
        (model, method): who
        for model, by_who in METHODS.items()
        for who, names in by_who.items()
        for method in names.split()
    }
