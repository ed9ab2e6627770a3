from odoo import _, api, fields, models
from odoo.exceptions import ValidationError

from ..tools.action_key import retry_seconds, unknown_words

RISKS = [("low", "Low"), ("medium", "Medium"), ("high", "High")]


class ExceptionAction(models.Model):
    """A remediation: a released Server Action with what it may do, for whom, and how it is undone.

    This file says what is configured. ``exception_action_propose`` turns it into runs,
    ``exception_action_run`` and the files beside it carry them out.
    """

    _name = "exception.action"
    _description = "Exception Action"
    _inherit = ["exception.kind.mixin", "exception.versioned", "mail.thread"]
    _kind_column = "model_name"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True, tracking=True)
    code = fields.Char(
        compute="_compute_code",
        precompute=True,
        store=True,
        readonly=False,
        required=True,
        copy=False,
        help="Stable word by which playbooks, options and data files know it.",
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True, tracking=True)
    description = fields.Text(translate=True, help="What it does, for whoever chooses it.")
    preview = fields.Char(
        "What it will do",
        translate=True,
        help="One sentence that is shown before it is done. Words in braces are put in: {case}, "
        "{record} and the inputs. Example: Gives {case} to {values.user}.",
    )
    company_id = fields.Many2one("res.company", index=True, help="Empty: every company.")
    server_action_id = fields.Many2one(
        "ir.actions.server",
        "Does",
        required=True,
        ondelete="restrict",
        tracking=True,
        domain="[('exception_release', '!=', False)]",
        help="A Server Action that a system administrator has released for exceptions. It works "
        "on the case, or on the record of the case, as its model says.",
    )
    model_name = fields.Char(compute="_compute_model_name", store=True, string="Works on")
    run_as = fields.Selection(
        [("person", "Whoever asks"), ("system", "The system")],
        "With the rights of",
        required=True,
        default="person",
        tracking=True,
        help="The system does it whatever the person may do by themselves; the Server Action must "
        "be released for that. Runs that nobody asked for are always the system's.",
    )
    is_external = fields.Boolean(
        "Calls the outside",
        tracking=True,
        help="It talks to another system, so its outcome may stay unknown. Runs as a job in the "
        "background and sends an idempotency key with every attempt.",
    )
    parameter_ids = fields.One2many("exception.action.parameter", "action_id", "Inputs", copy=True)
    field_ids = fields.Many2many(
        "ir.model.fields",
        "exception_action_field_rel",
        string="Changes",
        domain="[('model', '=', model_name), ('store', '=', True)]",
        help="The fields it changes: each run keeps them before and after, and can put them back.",
    )

    # where it is offered
    is_offered = fields.Boolean(
        "Offered on cases",
        default=True,
        help="People may choose it on a case; else only playbooks, options and other actions do.",
    )
    type_ids = fields.Many2many(
        "exception.type",
        "exception_action_type_rel",
        string="For types",
        help="Empty: offered for every type of exception.",
    )

    # who, how much, with whose agreement
    risk = fields.Selection(RISKS, required=True, default="medium", tracking=True)
    group_ids = fields.Many2many(
        "res.groups",
        "exception_action_group_rel",
        string="Who may do it",
        help="Empty: everybody who works on exceptions.",
    )
    approval = fields.Selection(
        [("never", "Not needed"), ("matrix", "As the approval policy says")],
        required=True,
        default="never",
        tracking=True,
    )
    matrix_id = fields.Many2one(
        "exception.approval.matrix",
        "Approval policy",
        ondelete="restrict",
        tracking=True,
        help="Who must agree. Empty: the policy of the case or of its type.",
    )
    money = fields.Selection(
        [
            ("none", "None"),
            ("case", "What is at stake in the case"),
            ("input", "The input of the kind “Amount of money”"),
        ],
        "Money it moves",
        required=True,
        default="none",
        tracking=True,
        help="What counts against the limits.",
    )
    limit_run = fields.Float(
        "Most for one run",
        group_operator=None,
        tracking=True,
        help="In the company's currency; 0: no limit. More needs people to agree, where an "
        "approval policy asks them; else it is refused. Example: 50",
    )
    limit_day = fields.Float(
        "Most a day",
        group_operator=None,
        tracking=True,
        help="In the company's currency, for all runs of a day without a person's approval; 0: no "
        "limit. Example: 500",
    )
    limit_count = fields.Integer(
        "Runs a day", tracking=True, help="Without a person's approval; 0: no limit."
    )

    # once, again, back
    key_template = fields.Char(
        "Done once for",
        required=True,
        default="{action}/{case}/{request}",
        tracking=True,
        help="Two requests with the same key are one: it is done once. Words: {action}, {case}, "
        "{record}, {date}, {values.…} for an input, and {request}, which is new each time. "
        "Example: {action}/{record} refunds an order once.",
    )
    retry_pattern = fields.Char(
        "Try again after seconds",
        default="60, 300, 1800",
        tracking=True,
        help="How long to wait after each attempt that may be repeated; then it is given to "
        "people. Example: 60, 300, 1800 tries four times within 36 minutes.",
    )
    timeout_seconds = fields.Integer(
        "Waits for an answer", default=20, help="Seconds, of a call to the outside."
    )
    undo_kind = fields.Selection(
        [
            ("none", "It cannot"),
            ("restore", "By putting the changed fields back"),
            ("action", "By another action"),
        ],
        "Taken back",
        required=True,
        default="none",
        tracking=True,
    )
    undo_action_id = fields.Many2one(
        "exception.action", "Inverse action", ondelete="restrict", tracking=True
    )
    undo_hours = fields.Integer(
        "Within hours", tracking=True, help="How long it can be taken back; 0: as long as you like."
    )
    reconcile_action_id = fields.Many2one(
        "ir.actions.server",
        "Asks back by",
        ondelete="restrict",
        tracking=True,
        domain="[('exception_release', '!=', False)]",
        help="Finds out what became of a call whose outcome is unknown. Without it a person says.",
    )

    _sql_constraints = [("code_uniq", "unique(code)", "An action with this code exists already.")]

    @api.depends("server_action_id.model_id")
    def _compute_model_name(self):
        for action in self:
            # sudo: Server Actions are read by system administrators only; this is no secret
            action.model_name = action.server_action_id.sudo().model_id.model

    @api.constrains("risk", "undo_kind", "undo_action_id", "field_ids")
    def _check_undo(self):
        for action in self:
            if action.risk == "low" and action.undo_kind == "none":
                raise ValidationError(
                    _("“%s” cannot be taken back, so its risk is medium at least.", action.name)
                )
            if action.undo_kind == "action" and not action.undo_action_id:
                raise ValidationError(_("Say by which action “%s” is taken back.", action.name))
            if action.undo_kind == "action" and action.undo_action_id == action:
                raise ValidationError(_("“%s” cannot take itself back.", action.name))
            if action.undo_kind == "restore" and not action.field_ids:
                raise ValidationError(_("Say which fields “%s” changes.", action.name))

    @api.constrains("key_template", "preview", "parameter_ids", "retry_pattern")
    def _check_texts(self):
        if self.env.context.get("install_mode"):
            # data files make the action first and its inputs next; a test checks those shipped
            return
        for action in self:
            inputs = action.parameter_ids.mapped("name")
            for text in (action.key_template, action.preview):
                if words := unknown_words(text, inputs):
                    raise ValidationError(
                        _("“%s” means nothing here. Braces take words, no code.", words[0])
                    )
            try:
                retry_seconds(action.retry_pattern, 1)
            except ValueError as error:
                raise ValidationError(
                    _("Write the seconds between attempts as numbers: 60, 300, 1800.")
                ) from error

    @api.constrains("server_action_id", "reconcile_action_id", "run_as", "field_ids")
    def _check_code(self):
        for action in self:
            if refusal := action._refuse_code():
                raise ValidationError(refusal)
            model = action.model_name
            # sudo: which fields a model has is not for everybody who configures actions
            for field in action.field_ids.sudo():
                if field.model != model:
                    raise ValidationError(
                        _("“%s” is no field of what the action works on.", field.display_name)
                    )

    @api.constrains("money", "parameter_ids", "limit_run", "limit_day", "limit_count")
    def _check_money(self):
        for action in self:
            amounts = action.parameter_ids.filtered(lambda one: one.kind == "amount")
            whole = not self.env.context.get("install_mode")  # as above
            if whole and action.money == "input" and len(amounts) != 1:
                raise ValidationError(
                    _("“%s” needs exactly one input that is an amount of money.", action.name)
                )
            if min(action.limit_run, action.limit_day, action.limit_count) < 0:
                raise ValidationError(_("A limit cannot be negative; 0 means none."))
            if action.money == "none" and (action.limit_run or action.limit_day):
                raise ValidationError(
                    _("Say which money “%s” moves, or leave out its limits.", action.name)
                )

    def _refuse_code(self, automated=False):
        """Say that a system administrator has not released what the action runs; None if so.

        :param automated: nobody asks for it, so that it runs with the rights of the system
        """
        self.ensure_one()
        # sudo: as in _compute_model_name
        code = self.sudo()
        for server_action in code.server_action_id | code.reconcile_action_id:
            if not server_action.exception_release:
                return _(
                    "“%s” is not released for exceptions. Ask a system administrator to do so.",
                    server_action.name,
                )
            as_system = automated or self.run_as == "system"
            if as_system and server_action.exception_release != "system":
                return _(
                    "“%s” is released with the rights of whoever asks only. Ask a system "
                    "administrator, or let it run with the rights of the person.",
                    server_action.name,
                )
        return None

    @api.model
    def _versioned_children(self):
        return ["parameter_ids"]

    def copy_data(self, default=None):
        """Copy actions under a name and code of their own."""
        copies = super().copy_data(default)
        for values in copies:
            if "code" not in (default or {}):
                number = self.with_context(active_test=False).search_count([])
                values["code"] = f"{self.code}_{number}"
                values["name"] = _("%s (copy)", values["name"])
        return copies
