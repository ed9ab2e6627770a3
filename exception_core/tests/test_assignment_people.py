from datetime import timedelta

from psycopg2.errors import CheckViolation

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .assignment import AssignmentCommon


@tagged("post_install", "-at_install")
class TestAssignmentPeople(AssignmentCommon):
    """Who may get cases: present, in the group, of the company."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.now = fields.Datetime.now()
        cls.elsewhere = cls.env["res.company"].create({"name": "Elsewhere"})

    def _getting(self, count=6, **overrides):
        return self._open(count, **overrides).user_id

    def test_away(self):
        self.ann.exception_away_until = self.now + timedelta(hours=3)
        self.bob.exception_away_until = self.now - timedelta(hours=3)
        self.assertEqual(self._getting(), self.bob + self.cid)
        self.assertIn("Away until", self.ann.exception_presence)
        self.assertEqual(self.bob.exception_presence, "Here")

    def test_time_off_in_the_calendar(self):
        resources = self.env["resource.resource"].create(
            [{"name": user.name, "user_id": user.id} for user in self.people]
        )
        day = timedelta(days=1)
        spans = [(-day, day, "leave"), (day, 2 * day, "leave"), (-day, day, "other")]
        self.env["resource.calendar.leaves"].create(
            [
                {
                    "name": "Off",
                    "resource_id": resource.id,
                    "calendar_id": resource.calendar_id.id,
                    "date_from": self.now + start,
                    "date_to": self.now + end,
                    "time_type": kind,
                }
                for resource, (start, end, kind) in zip(resources, spans, strict=True)
            ]
        )
        self.assertEqual(self._getting(), self.bob + self.cid)
        self.assertIn("Away until", self.ann.exception_presence)

    def test_archived_or_out_of_the_group(self):
        self.ann.active = False
        self.bob.groups_id -= self.env.ref("exception_core.group_user")
        self.assertEqual(self._getting(), self.cid)

    def test_the_company_of_the_case(self):
        self.cid.company_ids += self.elsewhere
        self.assertEqual(self._getting(company_id=self.elsewhere.id), self.cid)
        self.assertEqual(len(self._getting()), 3)

    def test_a_private_team_gives_to_its_members_only(self):
        private = self._create_team(
            private=True, member_ids=[(6, 0, self.bob.ids)], assignment_method="least_loaded"
        )
        public = self._open(1, res_id=self.partner.id)
        self.assertEqual(public.user_id, self.ann)
        secret = self._open(1, team_id=private.id, res_id=self.partner.id)
        self.assertEqual(secret.user_id, self.bob)

    def test_nobody_can(self):
        self.desk.member_ids = False
        case = self._open(1)
        self.assertFalse(case.user_id)
        self.assertIn("Nobody is a member", case.with_user(self.user_lead).next_step)

    def test_people_set_when_they_come_back_and_no_more(self):
        me = self.ann.with_user(self.ann)
        with Form(me, view="base.view_users_form_simple_modif") as form:
            form.exception_away_until = self.now + timedelta(days=2)
        self.assertTrue(self.ann.exception_away_until)
        with self.assertRaises(AccessError):
            me.write({"exception_capacity": 3})
        with self.assertRaises(AccessError):
            self.bob.with_user(self.ann).write({"exception_away_until": False})

    def test_leads_keep_their_own_members(self):
        self.ann.with_user(self.user_lead).write({"exception_capacity": 12})
        self.assertEqual(self.ann.exception_capacity, 12)
        action = self.ann.with_user(self.user_lead).action_exception_member()
        view = self.env["ir.ui.view"].browse(action["views"][0][0])
        with Form(self.ann.with_user(self.user_lead), view=view) as form:
            form.exception_away_until = self.now + timedelta(days=2)
        self.assertTrue(self.ann.exception_away_until)
        stranger = self._create_user("stranger", "exception_core.group_user")
        for person, vals in [
            (stranger, {"exception_capacity": 3}),
            (self.user_outsider, {"exception_away_until": self.now}),
            (self.ann, {"exception_capacity": 3, "name": "Forged"}),
        ]:
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                person.with_user(self.user_lead).write(vals)
        stranger.with_user(self.user_manager).write({"exception_capacity": 3})
        with self.assertRaises(AccessError):
            self.user_outsider.with_user(self.user_manager).write({"exception_capacity": 3})

    @mute_logger("odoo.sql_db")
    def test_points_are_sensible(self):
        for record, name, value in [
            (self.ann, "exception_capacity", -1),
            (self.desk, "weight_4", 0),
        ]:
            with self.assertRaises(CheckViolation), self.env.cr.savepoint():
                record[name] = value
                record.flush_recordset()


@tagged("post_install", "-at_install")
class TestAssignmentReturn(AssignmentCommon):
    """Who can no longer work on a case gives it back at that moment."""

    def setUp(self):
        super().setUp()
        self.desk.member_ids = self.ann + self.bob
        self.bob.exception_away_until = fields.Datetime.now() + timedelta(days=1)
        self.fresh, self.begun, self.waiting = self._open(3)
        self.begun.with_user(self.ann).start()
        self.waiting.with_user(self.ann).wait("customer", note="asked")
        self.cases = self.fresh + self.begun + self.waiting
        self.assertEqual(self.cases.user_id, self.ann)

    def _assert_returned(self, why):
        self.env.invalidate_all()
        self.assertFalse(self.cases.user_id)
        self.assertEqual(self.cases.mapped("state"), ["new", "new", "waiting"])
        self.assertFalse(any(self.cases.mapped("assigned_at")))
        for case in self.cases:
            self.assertIn(why, case.message_ids[0].body)
            self.assertNotIn(self.ann.partner_id, case.message_partner_ids)
        told = self._messages_to(self.user_lead)
        self.assertEqual(len(told), 1)
        self.assertIn("3 cases of Ann", told.subject)

    def test_archived(self):
        self.ann.active = False
        self._assert_returned("works here no more")

    def test_deleted(self):
        partner = self.ann.partner_id
        self.ann.unlink()
        self.env.invalidate_all()
        self.assertEqual(self.cases.mapped("state"), ["new", "new", "waiting"])
        self.assertIn("works here no more", self.fresh.message_ids[0].body)
        self.assertTrue(partner.exists())

    def test_lost_the_group(self):
        self.ann.write({"groups_id": [(3, self.env.ref("exception_core.group_user").id)]})
        self._assert_returned("no longer works on exceptions")

    def test_lost_the_group_on_the_form_of_users(self):
        category = self.env.ref("exception_core.module_category_exceptions")
        name = next(
            name
            for name in self.env["res.users"].fields_get()
            if name.startswith("sel_groups_")
            and str(self.env.ref("exception_core.group_user").id) in name.split("_")
        )
        self.assertTrue(category)
        self.ann.write({name: False})
        self._assert_returned("no longer works on exceptions")

    def test_lost_the_group_on_the_form_of_groups(self):
        group = self.env.ref("exception_core.group_user")
        group.write({"users": [(3, self.ann.id)]})
        self._assert_returned("no longer works on exceptions")

    def test_lost_the_company(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.ann.write({"company_id": company.id, "company_ids": [(6, 0, company.ids)]})
        self._assert_returned("no longer works for the company")

    def test_left_the_team(self):
        elsewhere = self._create_case(team_id=self.team.id)
        elsewhere.user_id = self.ann
        self.desk.member_ids -= self.ann
        self._assert_returned("left the team")
        self.assertEqual(elsewhere.user_id, self.ann)

    def test_ended_cases_stay_as_they_were(self):
        self.fresh.with_user(self.ann).resolve(resolution_id=self._create_reason().id)
        self.ann.active = False
        self.assertEqual(self.fresh.user_id, self.ann)

    def test_they_are_given_to_others_at_once(self):
        self.bob.exception_away_until = False
        self.ann.active = False
        self.assertEqual((self.fresh + self.begun).user_id, self.bob)
        self.assertEqual((self.fresh + self.begun).mapped("state"), ["new", "new"])
        self.assertFalse(self.waiting.user_id)

    @mute_logger("odoo.addons.exception_core.models.exception_case_return")
    def test_what_goes_wrong_here_stops_nobody(self):
        def fail(_self, _found):
            raise RuntimeError("broken")

        self.patch(type(self.env["exception.case"]), "_return_to_queue", fail)
        self.ann.active = False
        self.assertFalse(self.ann.active)
        self.assertEqual(self.fresh.user_id, self.ann)

    def test_the_scheduled_action_looks_again(self):
        self.env.flush_all()
        self.env.cr.execute("UPDATE res_users SET active = FALSE WHERE id = %s", [self.ann.id])
        self.env.invalidate_all()
        self.env["exception.case"]._assign_waiting()
        self._assert_returned("works here no more")
