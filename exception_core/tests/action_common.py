from .common import ExceptionCommon


class ActionCommon(ExceptionCommon):
    """A case, and how actions are done on it in tests."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.case = cls._create_case()

    @classmethod
    def _field(cls, name, model="exception.case"):
        return cls.env["ir.model.fields"]._get(model, name)

    def _run(self, action, case=None, user=None, values=None):
        """Do an action as a person would; return the run."""
        case = (case or self.case).with_user(user or self.user_agent)
        result = case.run_action(action.id, values)
        return self.env["exception.action.run"].browse(result["run_id"])

    def _automate(self, action, case=None, values=None):
        """Do an action as a machine would; return the run."""
        run = action._propose(case or self.case, values, automated=True)
        run._submit()
        return run

    def _external(self, code, **overrides):
        """Return an action that calls the outside: it waits for its job."""
        return self._create_action(code, is_external=True, **overrides)
