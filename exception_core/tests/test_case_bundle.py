from odoo.tests import tagged

from .common import ExceptionCommon


@tagged("post_install", "-at_install")
class TestCaseBundle(ExceptionCommon):
    """Cases on one record are one bundle, led by the strongest."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plain_type = cls._create_type(requires_resolution=False)
        values = {"type_id": cls.plain_type.id, "severity": "3"}
        cls.weak = cls._create_case(**values, amount=10)
        cls.rich = cls._create_case(**values, amount=500)
        cls.old = cls._create_case(**values, amount=10)
        cls.cases = cls.weak | cls.rich | cls.old

    def assert_leads(self, leader, size):
        members = self.cases.filtered("is_open")
        self.assertEqual(members.filtered("is_leading"), leader)
        self.assertEqual(set(members.mapped("bundle_size")), {size})

    def test_leader_by_severity_then_amount_then_age(self):
        self.assert_leads(self.rich, 3)
        self.assertEqual(self.rich.bundle_badge, "+2")
        self.old.severity = "1"
        self.assert_leads(self.old, 3)
        self.old.severity = "3"
        self.rich.amount = 10
        self.assert_leads(self.weak, 3)

    def test_ended_cases_leave_the_bundle(self):
        self.rich.with_user(self.user_agent).resolve()
        self.assert_leads(self.weak, 2)
        self.assertEqual((self.rich.is_leading, self.rich.bundle_size), (False, 0))
        self.rich.with_user(self.user_agent).reopen()
        self.assert_leads(self.rich, 3)

    def test_a_client_cannot_switch_the_counting_off(self):
        case = self.rich.with_user(self.user_agent).with_context(exception_batch=True)
        case.resolve()
        self.assert_leads(self.weak, 2)

    def test_resolve_with_the_bundle(self):
        result = self.rich.with_user(self.user_agent).resolve(cover_bundle=True)
        self.assertEqual(set(result["covered"]), set((self.weak | self.old).ids))
        for case in self.weak | self.old:
            self.assertEqual((case.state, case.outcome), ("resolved", "covered"))
            self.assertEqual(case.covered_by_id, self.rich)

    def test_cover_leaves_what_the_user_cannot_see_or_decide(self):
        self.weak.team_id = self._create_team(private=True)
        self.old.state = "approval"
        self.rich.with_user(self.user_agent).resolve(cover_bundle=True)
        self.assertEqual((self.weak.state, self.old.state), ("new", "approval"))

    def test_a_private_team_has_its_own_bundle(self):
        team = self._create_team()
        self.rich.team_id = team
        self.assert_leads(self.rich, 3)
        team.private = True
        self.assertTrue(self.rich.is_leading)
        self.assertEqual(self.rich.bundle_size, 1)
        self.assertTrue(self.weak.is_leading)
        self.assertEqual(self.weak.bundle_size, 2)

    def test_cases_without_record_stand_alone(self):
        cases = self._create_case(res_model=False, res_id=False)
        cases |= self._create_case(res_model=False, res_id=False)
        self.assertEqual(cases.mapped("is_leading"), [True, True])
        self.assertEqual(cases.mapped("bundle_size"), [1, 1])

    def test_all_bundles_can_be_mended(self):
        self.env.flush_all()
        query = "UPDATE exception_case SET is_leading = NOT is_leading, bundle_size = 9"
        self.env.cr.execute(query)
        self.env.invalidate_all()
        self.env["exception.case"]._refresh_bundles()
        self.assert_leads(self.rich, 3)
