from odoo import fields, models

ANSWERS = [("yes", "A second person agrees"), ("no", "One person is enough")]


class ExceptionSettingsSecondPerson(models.AbstractModel):
    """Settings: which changes of the configuration need a second person."""

    _inherit = "exception.settings.mixin"

    exception_second_person_hold = fields.Selection(
        ANSWERS,
        "Detectors that hold",
        default="yes",
        required=True,
        config_parameter="exception_core.second_person_hold",
    )
    exception_second_person_matrix = fields.Selection(
        ANSWERS,
        "Approval policies",
        default="yes",
        required=True,
        config_parameter="exception_core.second_person_matrix",
    )
    exception_second_person_rule = fields.Selection(
        ANSWERS,
        "Triage rules",
        default="no",
        required=True,
        config_parameter="exception_core.second_person_rule",
    )
    exception_second_person_policy = fields.Selection(
        ANSWERS,
        "Service levels and escalations",
        default="no",
        required=True,
        config_parameter="exception_core.second_person_policy",
    )
    exception_second_person_action = fields.Selection(
        ANSWERS,
        "Actions and playbooks",
        default="no",
        required=True,
        config_parameter="exception_core.second_person_action",
    )
    exception_second_person_desk = fields.Selection(
        ANSWERS,
        "Teams, types, categories, tiers and priority",
        default="no",
        required=True,
        config_parameter="exception_core.second_person_desk",
    )
    exception_second_person_admin = fields.Selection(
        [("no", "Nobody, administrators neither"), ("yes", "Administrators")],
        "Who may agree to changes of their own",
        default="no",
        required=True,
        config_parameter="exception_core.second_person_admin",
    )
