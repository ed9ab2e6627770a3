# access
from . import test_access_matrix
from . import test_access_methods

# taxonomy
from . import test_business_time
from . import test_settings
from . import test_sla_policy
from . import test_sla_vectors
from . import test_sla_clock
from . import test_sla_change
from . import test_sla_target
from . import test_taxonomy
from . import test_team_overview
from . import test_detector_sweep
from . import test_detector_realtime
from . import test_detector_hostile
from . import test_detector_lab

# case
from . import test_case_decide
from . import test_case_lifecycle
from . import test_case_related
from . import test_case_protect
from . import test_case_bulk
from . import test_case_bundle
from . import test_case_open_batch
from . import test_case_together
from . import test_case_access
from . import test_case_mixin
from . import test_case_view

# priority
from . import test_safe_address
from . import test_safe_http
from . import test_score
from . import test_score_stored
from . import test_score_settings
from . import test_tier

# problems
from . import test_problem
from . import test_problem_joining
from . import test_problem_dialogs
from . import test_problem_suggestion

# escalation
from . import test_escalation_policy
from . import test_escalation_tick
from . import test_escalation_breaks
from . import test_escalation_reopen
from . import test_escalation_digest

# screens
from . import test_tours_desk
from . import test_tours_score
from . import test_tours_escalation
from . import test_tours_problem
from . import test_audit_case
from . import test_audit_entry
from . import test_approval
from . import test_audit_procedures
from . import test_audit_survive
from . import test_audit_tamper, test_audit_hostile
from . import test_approval_case
from . import test_approval_clock
from . import test_approval_deputy
from . import test_approval_duty
from . import test_approval_forge, test_approval_hostile
from . import test_approval_levels
from . import test_assignment
from . import test_assignment_people
from . import test_assignment_rebalance

# mail
from . import test_case_mail
from . import test_case_mail_reply
from . import test_case_mail_answer
from . import test_reply
from . import test_case_mail_twice
from . import test_tours_mail
from . import test_triage
from . import test_triage_again
from . import test_triage_config
from . import test_triage_override
from . import test_triage_policy
from . import test_triage_try
from . import test_report
from . import test_watchdog
from . import test_tours_triage
from . import test_dialog_access
from . import test_hard_knocks
from . import test_hold_lift

# configuration
from . import test_config_version
from . import test_kind
from . import test_config_restore

# playbooks
from . import test_playbook
from . import test_playbook_flow
from . import test_playbook_people
from . import test_playbook_action
from . import test_playbook_try, test_playbook_hostile
from . import test_type_stage
from . import test_tours_playbook

# decisions
from . import test_approval_activity
from . import test_approval_token
from . import test_approval_mail
from . import test_approval_page
from . import test_approval_answer
from . import test_approval_ask
from . import test_approval_context
from . import test_tours_approval

# actions
from . import test_action_run
from . import test_action_undo, test_action_hostile
from . import test_action_limits
from . import test_action_failure
from . import test_action_generic
from . import test_action_config
from . import test_tours_action
from . import test_tours_audit
from . import test_second_person
from . import test_second_person_doors
from . import test_second_person_kinds, test_second_person_hostile
from . import test_second_person_policies
from . import test_peak
from . import test_tours_config

# options
from . import test_option_rank
from . import test_option
from . import test_option_approval
from . import test_option_provider
from . import test_option_step
from . import test_tours_option
