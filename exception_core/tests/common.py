"""Fixtures and helpers for tests of the suite, and of addons that build on it."""

from contextlib import contextmanager

from odoo.tests import TransactionCase, new_test_user

# The roles of the suite by the group that makes them.
ROLES = {
    "agent": "exception_core.group_user",
    "colleague": "exception_core.group_user",
    "lead": "exception_core.group_lead",
    "manager": "exception_core.group_manager",
    "admin": "exception_core.group_admin",
    "approver": "exception_core.group_approver",
    "auditor": "exception_core.group_auditor",
    "outsider": "base.group_user",
}


class CaseTrap:
    """What happened to cases inside :meth:`ExceptionCommon.trap_cases`."""

    def __init__(self, test, last_id):
        """Cases with an id above ``last_id`` count as opened."""
        self._test = test
        self._last_id = last_id

    @property
    def opened(self):
        """The cases opened since the trap was set."""
        self._test.env.flush_all()
        return self._test.env["exception.case"].search([("id", ">", self._last_id)], order="id")

    def assert_opened(self, count, record=None, type_code=None):
        """Assert how many cases were opened, on this record and of this type where given."""
        cases = self.opened
        if record is not None:
            cases = cases.filtered(
                lambda case: case.res_model == record._name and case.res_id == record.id
            )
        if type_code:
            cases = cases.filtered(lambda case: case.type_id.code == type_code)
        self._test.assertEqual(len(cases), count, self._describe())
        return cases

    def assert_none_opened(self):
        """Assert that nothing was opened."""
        self.assert_opened(0)

    def _describe(self):
        lines = [f"{case.type_id.code} on {case.res_model},{case.res_id}" for case in self.opened]
        return "opened: " + ("; ".join(lines) or "nothing")


class ExceptionCommon(TransactionCase):
    """A user for each role, a team, a record that cases are about, and factories.

    ``cls.users["agent"]`` is also ``cls.user_agent``; agent and colleague are members of
    ``cls.team``, which the lead leads. Everything is made by the superuser: tests switch with
    ``with_user``.
    """

    @classmethod
    def setUpClass(cls):
        """Make context, people and records."""
        super().setUpClass()
        cls._set_up_users()
        cls._set_up_records()

    @classmethod
    def _set_up_users(cls):
        cls.users = {}
        for role, group in ROLES.items():
            cls.users[role] = cls._create_user(f"test_exception_{role}", group)
            setattr(cls, f"user_{role}", cls.users[role])

    @classmethod
    def _set_up_records(cls):
        cls.case_type = cls.env.ref("exception_core.type_paid_not_shipped")
        cls.category = cls.case_type.category_id
        cls.partner = cls.env["res.partner"].create({"name": "Test customer"})
        cls.team = cls._create_team(
            lead_id=cls.user_lead.id,
            member_ids=[(6, 0, (cls.user_agent | cls.user_colleague).ids)],
        )

    @classmethod
    def _let_pass(cls):
        """Let no detector that an addon ships hold anything: the test says itself what holds."""
        # sudo: a change of what holds may need a second person
        shipped = cls.env["exception.detector"].sudo().search([("holds", "=", True)])
        shipped.write({"holds": False})

    @classmethod
    def _create_user(cls, login, groups, **overrides):
        """Create a user with these groups (XML ids, comma separated)."""
        return new_test_user(
            cls.env,
            login,
            groups=groups,
            context={"no_reset_password": True, "tracking_disable": True},
            **{"tz": "UTC", **overrides},
        )

    @classmethod
    def _create_team(cls, **overrides):
        """Create a team without hours of its own, led by the superuser unless told."""
        number = cls.env["exception.team"].with_context(active_test=False).search_count([])
        values = {
            "name": f"Test desk {number}",
            "code": f"test_desk_{number}",
            "lead_id": cls.env.uid,
        }
        return cls.env["exception.team"].create({**values, **overrides})

    @classmethod
    def _create_type(cls, **overrides):
        """Create a type of exception, worked by the test's team."""
        number = cls.env["exception.type"].with_context(active_test=False).search_count([])
        values = {
            "name": f"Test type {number}",
            "code": f"test_type_{number}",
            "category_id": cls.category.id,
            "team_id": cls.team.id,
            "sla_policy_id": cls.env.ref("exception_core.sla_policy_standard").id,
        }
        return cls.env["exception.type"].create({**values, **overrides})

    @classmethod
    def _create_case(cls, **overrides):
        """Create a case on the test's customer; fields that users must not set may be given."""
        values = {
            "title": "Test case",
            "type_id": cls.case_type.id,
            "team_id": cls.team.id,
            "res_model": "res.partner",
            "res_id": cls.partner.id,
        }
        return cls.env["exception.case"].create({**values, **overrides})

    @classmethod
    def _create_cases(cls, count, **overrides):
        """Create so many cases, each on a record of its own unless told."""
        if "res_id" not in overrides:
            partners = cls.env["res.partner"].create(
                [{"name": f"Test customer {index}"} for index in range(count)]
            )
            return cls.env["exception.case"].browse(
                cls._create_case(res_id=partner.id, **overrides).id for partner in partners
            )
        return cls.env["exception.case"].browse(
            cls._create_case(**overrides).id for _index in range(count)
        )

    @classmethod
    def _create_detector(cls, model="res.partner", **overrides):
        """Create a detector, not enabled yet, on a model given by name."""
        values = {
            "name": "Test detector",
            "model_id": cls.env["ir.model"]._get(model).id,
            "type_id": cls.case_type.id,
            "team_id": cls.team.id,
            "source": "domain",
            "domain": "[('id', '=', False)]",
        }
        return cls.env["exception.detector"].create({**values, **overrides})

    @classmethod
    def _create_action(
        cls, code="case.write({'description': 'done'})", model="exception.case", **overrides
    ):
        """Create an action whose released Server Action runs this code on the model."""
        number = cls.env["exception.action"].with_context(active_test=False).search_count([])
        server_action = cls.env["ir.actions.server"].create(
            {
                "name": f"Test code {number}",
                "model_id": cls.env["ir.model"]._get(model).id,
                "state": "code",
                "code": code,
                "exception_release": "system",
            }
        )
        values = {
            "name": f"Test action {number}",
            "code": f"test_action_{number}",
            "server_action_id": server_action.id,
        }
        return cls.env["exception.action"].create({**values, **overrides})

    @classmethod
    def _create_reason(cls, **overrides):
        """Create a resolution that is offered everywhere, unless told."""
        number = cls.env["exception.reason"].with_context(active_test=False).search_count([])
        values = {
            "name": f"Test reason {number}",
            "code": f"test_reason_{number}",
            "kind": "resolution",
        }
        return cls.env["exception.reason"].create({**values, **overrides})

    @classmethod
    def _watch_saves(cls):
        """Let real-time detectors made by this test see saves, as a fresh registry would.

        Collecting rules patch their models when a registry is ready; rules that a test makes
        come later. Afterwards the models are as any registry has them, for the tests that follow.
        """
        cls._patch_models()
        cls.addClassCleanup(cls._patch_models)

    @classmethod
    def _patch_models(cls):
        cls.env.registry.clear_cache()
        cls.env["base.automation"]._unregister_hook()
        cls.env["base.automation"]._register_hook()

    @contextmanager
    def trap_cases(self):
        """Catch what is opened inside.

        ``with self.trap_cases() as trap: …`` and then ``trap.assert_opened(1, record=order)``.
        """
        self.env.flush_all()
        last = self.env["exception.case"].search([], order="id desc", limit=1)
        yield CaseTrap(self, last.id or 0)
