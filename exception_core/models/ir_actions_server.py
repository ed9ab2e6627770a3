import hashlib
from dataclasses import dataclass, field

from odoo import api, fields, models

# What a released Server Action does.
CODE = ("state", "model_id", "code", "update_path", "value", "child_ids", "webhook_url")


@dataclass
class RunningAction:
    """What a Server Action sees of the run that carries it out.

    An object, because no client can put one into its context.
    """

    run: models.BaseModel
    case: models.BaseModel
    values: dict
    said: list = field(default_factory=list)
    kept: dict = field(default_factory=dict)
    found: bool | None = None
    # what was sent to the outside; it outlives the transaction of the action
    sent: list = field(default_factory=list)


class IrActionsServer(models.Model):
    """Server Actions that a system administrator has released for remediation.

    Who may choose a Server Action and have it run by others must not get the system by it. Only
    system administrators write Server Actions; the administrator of the desk chooses among those
    that are released here.
    """

    _inherit = "ir.actions.server"

    exception_release = fields.Selection(
        [
            ("person", "With the rights of whoever asks"),
            ("system", "Also with the rights of the system"),
        ],
        "Released for exceptions",
        copy=False,
        help="Whether administrators of the exception desk may use it as an action. With the "
        "rights of the system it does what it says whatever the person may do, so check what it "
        "can be given.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Create Server Actions; that one is released goes on the trail of the configuration."""
        actions = super().create(vals_list)
        released = actions.filtered("exception_release")
        released._audit_release("config.changed", {})
        return actions

    def write(self, vals):
        """Write Server Actions; of released ones it goes on the trail of the configuration."""
        watched = vals.keys() & {"exception_release", *CODE}
        before = {action.id: action._release_facts() for action in self} if watched else {}
        result = super().write(vals)
        if watched:
            was = {key for key, facts in before.items() if facts["released"]}
            told = self.filtered(lambda one: one.id in was or one.exception_release)
            told._audit_release("config.changed", before)
        return result

    def _audit_release(self, event, before):
        if not self:
            return
        self.env["exception.audit.entry"]._audit_config(
            self,
            event,
            before=lambda action: before.get(action.id, {}),
            after=lambda action: action._release_facts(),
        )

    def _release_facts(self):
        """Return whether it is released, and a digest of what it does: code may hold secrets."""
        # sudo: the code itself is for system administrators; a digest tells nothing
        action = self.sudo()
        does = repr([(name, str(action[name])) for name in CODE]).encode()
        return {
            "released": action.exception_release or False,
            "does": hashlib.sha256(does).hexdigest()[:16],
        }

    def _get_eval_context(self, action=None):
        """Give code and expressions the case, the run and its inputs."""
        context = super()._get_eval_context(action=action)
        running = self.env.context.get("exception_running_action")
        if isinstance(running, RunningAction):
            context.update(
                case=running.case.with_env(self.env),
                run=running.run.with_env(self.env),
                values=dict(running.values),
            )
        return context
