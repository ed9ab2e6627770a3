from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import ExceptionCommon


@tagged("post_install", "-at_install")
class TestCaseAccess(ExceptionCommon):
    """Who sees which cases, and who may report one on which record."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.case = cls._create_case()
        cls.elsewhere = cls.env["res.company"].create({"name": "Elsewhere"})
        cls.foreign = cls._create_case(
            company_id=cls.elsewhere.id, res_model=False, res_id=False, title="Foreign"
        )
        cls.private_team = cls._create_team(
            private=True, member_ids=[(6, 0, cls.user_colleague.ids)]
        )
        cls.secret = cls._create_case(team_id=cls.private_team.id, title="Secret")

    def _seen(self, role):
        cases = self.env["exception.case"].with_user(self.users[role])
        known = (self.case | self.foreign | self.secret).ids
        return cases.search([("id", "in", known)]).sudo()

    def test_private_teams(self):
        for role in ("agent", "lead", "approver"):
            with self.subTest(role=role):
                self.assertEqual(self._seen(role), self.case)
        for role in ("colleague", "manager", "admin", "auditor"):
            with self.subTest(role=role):
                self.assertEqual(self._seen(role), self.case | self.secret)

    def test_the_owner_sees_a_case_of_a_private_team(self):
        self.secret.user_id = self.user_agent
        self.assertEqual(self._seen("agent"), self.case | self.secret)

    def test_other_companies(self):
        far = self._create_user("far", "exception_core.group_user")
        far.write({"company_ids": [(6, 0, self.elsewhere.ids)], "company_id": self.elsewhere.id})
        cases = self.env["exception.case"].with_user(far)
        known = (self.case | self.foreign | self.secret).ids
        self.assertEqual(cases.search([("id", "in", known)]).sudo(), self.foreign)

    def test_hidden_cases_are_not_read_written_or_worked(self):
        for case in (self.foreign, self.secret):
            hidden = case.with_user(self.user_agent)
            attempts = [
                lambda hidden=hidden: hidden.read(["title"]),
                lambda hidden=hidden: hidden.write({"title": "x"}),
                lambda hidden=hidden: hidden.assign_to_me(),
                lambda hidden=hidden: hidden.resolve(),
                lambda hidden=hidden: hidden.action_open_record(),
                lambda hidden=hidden: hidden.message_post(body="x"),
                lambda hidden=hidden: self.case.with_user(self.user_agent).merge_into(hidden.id),
            ]
            for number, attempt in enumerate(attempts):
                with self.subTest(case=case.title, attempt=number), self.assertRaises(AccessError):
                    attempt()

    def test_people_outside_the_groups_see_nothing(self):
        with self.assertRaises(AccessError):
            self.env["exception.case"].with_user(self.user_outsider).search([])

    def test_agents_create_cases_on_records_they_may_read(self):
        Case = self.env["exception.case"].with_user(self.user_agent)
        vals = {"title": "Seen by hand", "type_id": self.case_type.id}
        case = Case.create({**vals, "res_model": "res.partner", "res_id": self.partner.id})
        self.assertEqual((case.res_name, case.state), ("Test customer", "new"))
        self.assertEqual(case.team_id, self.case_type.team_id)
        self.assertTrue(case.date_due)
        refused = [
            {"res_model": "no.such.model", "res_id": 1},
            {"res_model": "res.partner"},
            {"res_model": "res.partner", "res_id": 2**30},
            {"res_model": "ir.config_parameter", "res_id": 1},
            {"res_model": "exception.record.mixin", "res_id": 1},
        ]
        for record in refused:
            with self.subTest(record=record), self.assertRaises(UserError):
                Case.create({**vals, **record})

    def test_a_case_belongs_to_the_company_of_its_record(self):
        self.user_agent.company_ids |= self.elsewhere
        self.partner.company_id = self.elsewhere
        env = self.env(user=self.user_agent, su=False)
        companies = (self.env.company | self.elsewhere).ids
        Case = env["exception.case"].with_context(allowed_company_ids=companies)
        vals = {
            "title": "Seen by hand",
            "type_id": self.case_type.id,
            "res_model": "res.partner",
            "res_id": self.partner.id,
        }
        self.assertEqual(Case.create(vals).company_id, self.elsewhere)
        with self.assertRaises(UserError):
            Case.create({**vals, "company_id": self.env.company.id})

    def test_case_of_a_new_owner_starts_at_once(self):
        Case = self.env["exception.case"].with_user(self.user_agent)
        vals = {"title": "Mine", "type_id": self.case_type.id, "user_id": self.user_agent.id}
        case = Case.create(vals)
        self.assertEqual(case.state, "open")
        self.assertTrue(case.assigned_at and case.first_response_at)
