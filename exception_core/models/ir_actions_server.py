from dataclasses import dataclass, field

from odoo import fields, models


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
