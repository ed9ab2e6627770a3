# what kind of record
from . import exception_kind_mixin

# configuration with versions
from . import exception_switchable
from . import exception_versioned_base
from . import exception_versioned_values
from . import exception_versioned_restore
from . import exception_versioned_guard
from . import exception_versioned_part
from . import exception_versioned
from . import exception_versioned_waiting
from . import exception_config_version
from . import exception_config_version_keep
from . import exception_config_version_words
from . import exception_config_change
from . import exception_config_change_decide

# what nobody writes by hand
from . import exception_evidence

# taxonomy
from . import exception_category
from . import exception_reason
from . import exception_sla_policy
from . import exception_sla_promise
from . import exception_sla_target
from . import exception_sla_change
from . import exception_sla_clock
from . import exception_sla_clock_store
from . import exception_sla_clock_plan
from . import exception_sla_clock_change
from . import exception_tier
from . import exception_tag
from . import exception_partner_tier
from . import exception_score_part
from . import exception_score_point
from . import exception_score
from . import exception_score_editor
from . import res_partner
from . import resource_calendar
from . import resource_calendar_attendance
from . import resource_calendar_leaves
from . import exception_team
from . import exception_type
from . import exception_channel
from . import exception_team_overview
from . import exception_team_assignment
from . import res_users
from . import res_groups
from . import res_users_versions
from . import res_users_actor

# case
from . import exception_case
from . import exception_case_overview
from . import exception_case_complete
from . import exception_case_open
from . import exception_case_insert
from . import exception_case_pending
from . import exception_case_work
from . import exception_case_take
from . import exception_case_wait
from . import exception_case_triage
from . import exception_case_decision
from . import exception_case_decision_view
from . import exception_case_sla
from . import exception_case_score
from . import exception_case_why
from . import exception_case_assign
from . import exception_case_assign_waiting
from . import exception_case_return
from . import exception_case_partner
from . import exception_case_customer
from . import exception_case_decide
from . import exception_case_tell
from . import exception_case_close
from . import exception_case_view
from . import exception_case_buttons
from . import exception_case_bundle
from . import exception_case_protect
from . import exception_case_screens
from . import exception_case_related
from . import exception_problem
from . import exception_problem_work
from . import exception_problem_kind
from . import exception_problem_suggestion
from . import exception_problem_look
from . import exception_problem_buttons
from . import exception_problem_suggestion_buttons
from . import exception_case_problem
from . import exception_team_problem
from . import exception_case_start
from . import exception_case_hold
from . import exception_hold_memory
from . import exception_case_hold_buttons
from . import exception_case_hold_end
from . import exception_case_refuse
from . import exception_team_actions
from . import exception_record_mixin

# audit
from . import exception_audit_entry
from . import exception_audit_append
from . import exception_audit_words
from . import exception_audit_export
from . import exception_audit_redact
from . import exception_audit_archive
from . import exception_audit_checkpoint
from . import exception_audit_check

# holds
from . import exception_snapshot
from . import exception_hold_lift
from . import exception_hold_mixin
from . import exception_hold_check
from . import exception_hold_backstop
from . import exception_hold_answer
from . import exception_hold_evidence
from . import exception_hold_button

# mail
from . import exception_team_alias
from . import exception_mail_receipt
from . import mail_thread
from . import exception_case_mail_route
from . import exception_case_mail
from . import exception_reply
from . import exception_reply_versions
from . import exception_case_answer
from . import mail_message
from . import mail_template

# triage
from . import exception_definition_part
from . import exception_rule
from . import exception_rule_fact
from . import exception_rule_judge
from . import exception_rule_check
from . import exception_rule_policy
from . import exception_rule_supervise
from . import exception_rule_words
from . import exception_rule_try


# escalation
from . import exception_escalation_policy
from . import exception_escalation_level
from . import exception_escalation_event
from . import exception_escalation_message
from . import exception_case_message
from . import exception_escalation_scope
from . import exception_case_escalate
from . import exception_case_remind
from . import exception_sla_levels
from . import exception_sla_levels_new
from . import exception_sla_tick
from . import exception_sla_escalate
from . import exception_digest

# detection
from . import exception_query
from . import exception_detector
from . import exception_detector_fact
from . import exception_detector_parameter
from . import exception_detector_parameter_value
from . import exception_detector_trigger
from . import exception_detector_run
from . import exception_detector_paths
from . import exception_detector_compile
from . import exception_detector_plan
from . import exception_detector_gates
from . import exception_detector_open
from . import exception_detector_hold
from . import exception_detector_sweep
from . import exception_detector_realtime
from . import exception_detector_supervise
from . import exception_detector_rules
from . import exception_detector_lab
from . import exception_detector_stats
from . import exception_detector_screens
from . import exception_detector_versions
from . import base_automation

# actions
from . import ir_actions_act_window
from . import ir_actions_server
from . import exception_action
from . import exception_action_parameter
from . import exception_action_propose
from . import exception_action_hold
from . import exception_action_words
from . import exception_action_webhook
from . import exception_action_run
from . import exception_action_run_submit
from . import exception_action_run_execute
from . import exception_action_run_work
from . import exception_action_run_set_field
from . import exception_action_run_webhook
from . import exception_action_run_tell
from . import exception_action_run_failure
from . import exception_action_run_recover
from . import exception_action_run_undo
from . import exception_action_run_budget
from . import exception_automation_stop
from . import exception_action_run_breaker
from . import exception_action_run_verbs
from . import exception_action_run_audit
from . import exception_action_run_buttons
from . import exception_type_breaker
from . import exception_case_action
from . import exception_case_parent
from . import exception_case_generic

# playbooks
from . import exception_playbook
from . import exception_playbook_step
from . import exception_playbook_step_action
from . import exception_playbook_step_input
from . import exception_playbook_words
from . import exception_play
from . import exception_play_event
from . import exception_case_step
from . import exception_case_step_do
from . import exception_case_step_wait
from . import exception_case_step_activity
from . import exception_case_step_action
from . import exception_case_step_approval
from . import exception_case_step_options
from . import exception_play_advance
from . import exception_play_sweep
from . import exception_case_play
from . import exception_play_stage
from . import exception_type_automation
from . import exception_type_stage
from . import exception_case_undo
from . import exception_playbook_try

# options: ranked ways out of a case
from . import exception_option
from . import exception_option_propose
from . import exception_option_words
from . import exception_option_choose
from . import exception_case_option

# versions of what decides
from . import exception_action_versions
from . import exception_playbook_versions

# peak mode
from . import exception_peak
from . import exception_peak_decide
from . import exception_peak_banner
from . import exception_peak_pass
from . import exception_detector_peak
from . import exception_case_peak
from . import exception_hold_peak

# approvals
from . import exception_approval_question
from . import exception_approval_matrix
from . import exception_approval_level
from . import exception_approval_level_when
from . import exception_approval_level_who
from . import exception_approval_matrix_check
from . import exception_approval_judge
from . import exception_approval_matrix_preview
from . import exception_approval
from . import exception_approval_step
from . import exception_approval_decision
from . import exception_approval_delegation
from . import exception_approval_edit
from . import exception_case_edit
from . import exception_hold_edit
from . import exception_material_line
from . import exception_approval_duty
from . import exception_approval_actor
from . import exception_approval_change
from . import exception_approval_build
from . import exception_approval_request
from . import exception_approval_decide
from . import exception_approval_hand
from . import exception_approval_end
from . import exception_approval_block
from . import exception_case_approval
from . import exception_approval_run
from . import exception_action_run_again
from . import exception_action_run_ask
from . import exception_approval_matrix_versions
from . import exception_approval_matrix_words
from . import exception_escalation_approval
from . import exception_approval_clock
from . import res_users_approval
from . import mail_activity_type
from . import mail_activity
from . import exception_approval_activity
from . import exception_approval_turn
from . import exception_approval_context
from . import exception_approval_facts
from . import exception_approval_step_words
from . import exception_approval_token
from . import exception_approval_draw
from . import exception_approval_mail
from . import exception_case_approval_screen

# settings and seeing whether it works
from . import ir_config_parameter
from . import ir_config_parameter_versions
from . import res_company
from . import res_company_versions
from . import exception_settings_mixin
from . import exception_settings_mail
from . import exception_settings_decide
from . import exception_settings_action
from . import exception_settings_audit
from . import exception_settings_second_person
from . import exception_settings_peak
from . import exception_settings_approval
from . import exception_settings_automation
from . import exception_settings_option
from . import res_config_settings
from . import exception_cron_failure
from . import exception_outage
from . import exception_watchdog
from . import exception_watchdog_words
from . import exception_watchdog_runs
from . import exception_watchdog_audit
from . import ir_cron
from . import exception_report_case
from . import exception_report_flow

# audit of the case: last, so that it is outermost
from . import exception_case_audit
from . import exception_case_audit_watch
from . import exception_case_audit_events
from . import exception_case_audit_view
