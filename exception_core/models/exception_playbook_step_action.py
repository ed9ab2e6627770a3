from odoo import _, api, fields, models


class ExceptionPlaybookStepAction(models.Model):
    """Steps that do an action, or ask people to agree before the playbook goes on."""

    _inherit = "exception.playbook.step"

    action_id = fields.Many2one(
        "exception.action",
        ondelete="restrict",
        index="btree_not_null",
        help="Who must agree, its limits and how it is taken back are set on the action.",
    )
    input_ids = fields.One2many(
        "exception.playbook.step.input", "step_id", "Inputs of the action", copy=True
    )
    question = fields.Text(
        "What is asked", help="Example: May the customer keep the goods and get the money back?"
    )

    @api.constrains("kind", "action_id", "input_ids", "question")
    def _check_action(self):
        self._check_complete()

    def _missing_action(self):
        action = self.action_id
        if not action:
            return _("choose the action.")
        given = self.input_ids.parameter_id
        if foreign := given.filtered(lambda one: one.action_id != action):
            return _("“%s” is an input of another action.", foreign[0].label)
        lacking = action.parameter_ids.filtered(
            lambda one: one.required and not one.default and one not in given
        )
        if lacking:
            return _("say what “%s” of the action is.", lacking[0].label)
        return None

    def _missing_approval(self):
        return None if (self.question or "").strip() else _("write what is asked.")

    @api.onchange("action_id")
    def _onchange_action_id(self):
        """Offer the inputs of the action that is chosen."""
        if self.kind != "action" or not self.action_id:
            return
        self.name = self.name or self.action_id.name
        parameters = self.action_id.parameter_ids
        self.input_ids = [(5, 0, 0)] + [
            (0, 0, {"parameter_id": one.id, "source": "value", "value": one.default})
            for one in parameters
        ]

    def _settings(self, places):
        settings = super()._settings(places)
        if self.kind == "action":
            settings["action_id"] = self.action_id.id
            settings["inputs"] = [line._settings() for line in self.input_ids]
        if self.kind == "approval":
            settings["question"] = self.question
        return settings

    def _say_action(self):
        return self.action_id.name or ""

    def _say_options(self):
        return _("chosen by: %s", self._who())

    def _say_approval(self):
        return self.question or ""
