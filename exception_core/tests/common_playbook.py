from odoo import fields

from .common import ExceptionCommon


class PlaybookCommon(ExceptionCommon):
    """Playbooks of a few steps, and a way to let the engine take what is due."""

    @classmethod
    def _create_playbook(cls, *steps, **overrides):
        """Create an enabled playbook; each step is a dict of values, or a name for a person's."""
        lines = [
            {"sequence": 10 * number, **({"name": step} if isinstance(step, str) else step)}
            for number, step in enumerate(steps, start=1)
        ]
        values = {
            "name": "Test playbook",
            "enabled": True,
            "owner_id": cls.user_admin.id,
            "step_ids": [(0, 0, {"name": f"Step {line['sequence']}", **line}) for line in lines],
        }
        return cls.env["exception.playbook"].create({**values, **overrides})

    @classmethod
    def _start(cls, playbook, case=None, **overrides):
        """Start a playbook on a case of the agent, and take what can be taken at once."""
        case = case or cls._create_case(user_id=cls.user_agent.id, **overrides)
        return case._start_playbook(playbook)

    @classmethod
    def _sweep(cls, **later):
        """Let the Scheduled Action run, as if so much time had gone by."""
        now = fields.Datetime.add(fields.Datetime.now(), **later) if later else None
        cls.env["exception.play"]._cron_playbook(now)

    def _states(self, play):
        return play.step_ids.mapped("state")
