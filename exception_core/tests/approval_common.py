from .common import ExceptionCommon


class ApprovalCommon(ExceptionCommon):
    """People who may approve, a policy that is in use, and factories.

    ``cls.matrix`` asks ``cls.finance`` (a person of the group Approver) whatever the request is.
    """

    @classmethod
    def setUpClass(cls):
        """Make approvers and a policy."""
        super().setUpClass()
        cls.finance = cls._create_approver("finance")
        cls.director = cls._create_approver("director")
        cls.env["exception.approval.matrix"].search([]).write({"enabled": False})
        cls.matrix = cls._create_matrix([cls._level(cls.finance)])

    @classmethod
    def _create_approver(cls, name, groups="exception_core.group_approver", **overrides):
        """Create somebody who may be asked."""
        return cls._create_user(f"test_exception_{name}", groups, **overrides)

    @classmethod
    def _level(cls, *people, **overrides):
        """Return a command that makes a level asking these people."""
        values = {
            "name": people[0].name if people else "Level",
            "approver_user_ids": [(6, 0, [user.id for user in people])],
        }
        return (0, 0, {**values, **overrides})

    @classmethod
    def _create_matrix(cls, levels, **overrides):
        """Create a policy in use with these levels."""
        values = {"name": "Test policy", "enabled": True, "sequence": 1}
        matrix = cls.env["exception.approval.matrix"].create(
            {**values, "level_ids": levels, **overrides}
        )
        return matrix

    @classmethod
    def _ask(cls, case=None, user=None, reason="Please", **overrides):
        """Ask for approval of something on a case, as the agent unless told."""
        case = case or cls._create_case(**{"amount": 100.0, **overrides})
        approvals = cls.env["exception.approval"].with_user(user or cls.user_agent)
        return approvals._request(case.with_user(user or cls.user_agent), None, reason).sudo()

    def _refused(self, words, approval, user, decision="approve"):
        """Assert that a person cannot decide a request, and that the sentence says why."""
        with self.assertRaisesRegex(Exception, words):
            if decision == "approve":
                approval.with_user(user).approve()
            else:
                approval.with_user(user).reject("No")
        self.assertNotIn(user, approval.step_ids.decision_ids.user_id)
