from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .approval_common import ApprovalCommon

REFUSED = "neither finished, changed nor cancelled"


class FaceCommon(ApprovalCommon):
    """The activities by which people see that a request waits for them."""

    def _faces(self, approval, user=None):
        domain = [("exception_approval_step_id.approval_id", "=", approval.id)]
        if user:
            domain.append(("user_id", "=", user.id))
        return self.env["mail.activity"].with_context(active_test=False).search(domain)


@tagged("post_install", "-at_install")
class TestApprovalFaces(FaceCommon):
    """One face for each person asked, as long as they are asked."""

    def test_whoever_is_asked_has_one_face_on_the_request(self):
        approval = self._ask()
        face = self._faces(approval)
        self.assertEqual(face.user_id, self.finance)
        self.assertEqual((face.res_model, face.res_id), ("exception.approval", approval.id))
        self.assertEqual(face.activity_category, "exception_approval")
        self.assertIn(approval.name, face.summary)
        self.assertIn("Please", face.note)

    def test_the_deadline_is_that_of_the_step_where_the_person_lives(self):
        self.finance.tz = "Pacific/Auckland"
        approval = self._ask()
        # late in the evening in UTC is the next day in New Zealand
        due = fields.Datetime.now().replace(hour=22, minute=0) + timedelta(days=2)
        approval.step_ids._store({"due_at": due})
        self.assertEqual(self._faces(approval).date_deadline, due.date() + timedelta(days=1))

    def test_asking_leaves_no_follower_and_sends_no_activity_mail(self):
        approval = self._ask()
        self.assertNotIn(self.finance.partner_id, approval.message_follower_ids.partner_id)
        self.assertNotIn(self.finance.partner_id, approval.case_id.message_follower_ids.partner_id)

    def test_an_answer_takes_ones_own_face_and_the_end_takes_all(self):
        self.matrix.level_ids.write(
            {"mode": "some", "needed": 2, "approver_user_ids": [(4, self.director.id)]}
        )
        third = self._create_approver("third")
        self.matrix.level_ids.approver_user_ids |= third
        approval = self._ask()
        self.assertEqual(len(self._faces(approval)), 3)
        approval.with_user(self.finance).approve()
        self.assertEqual(self._faces(approval).user_id, self.director | third)
        approval.with_user(third).approve()
        self.assertFalse(self._faces(approval))

    def test_the_next_level_is_not_shown_before_its_turn(self):
        self.matrix.level_ids = [self._level(self.director, sequence=20)]
        approval = self._ask()
        self.assertEqual(self._faces(approval).user_id, self.finance)
        approval.with_user(self.finance).approve()
        self.assertEqual(self._faces(approval).user_id, self.director)

    def test_withdrawing_takes_the_faces_away(self):
        approval = self._ask()
        approval.with_user(self.user_agent).withdraw("Mistake")
        self.assertFalse(self._faces(approval))

    def test_the_chatter_of_the_case_shows_the_face(self):
        approval = self._ask()
        case = approval.case_id.with_user(self.finance)
        shown = case._get_mail_thread_data(["activities"])["activities"]
        self.assertEqual([one["id"] for one in shown], self._faces(approval).ids)
        self.assertTrue(shown[0]["exception_can_decide"])
        seen = approval.case_id.with_user(self.user_agent)
        shown = seen._get_mail_thread_data(["activities"])["activities"]
        self.assertFalse(shown[0]["exception_can_decide"])

    def test_the_systray_has_a_group_of_requests(self):
        self._ask()
        groups = self.env["res.users"].with_user(self.finance).systray_get_activities()
        group = next(one for one in groups if one["model"] == "exception.approval")
        self.assertEqual(group["total_count"], 1)
        mine = self.env["exception.approval"].with_user(self.finance)
        self.assertEqual(mine.search_count([("my_turn", "=", True)]), 1)
        others = self.env["exception.approval"].with_user(self.director)
        self.assertEqual(others.search_count([("my_turn", "=", True)]), 0)

    def test_deciding_on_the_face_decides_the_step(self):
        approval = self._ask()
        face = self._faces(approval).with_user(self.finance)
        said = face.exception_decide("approve")
        self.assertEqual(said["type"], "success")
        self.assertEqual(approval.state, "approved")
        self.assertEqual(approval.step_ids.decision_ids.way, "activity")
        self.assertFalse(self._faces(approval))
        with self.assertRaisesRegex(UserError, "no longer waits"):
            face.exception_decide("reject", "Too late")

    def test_rejecting_on_the_face_needs_words(self):
        approval = self._ask()
        face = self._faces(approval).with_user(self.finance)
        with self.assertRaisesRegex(UserError, "Say why"):
            face.exception_decide("reject", " ")
        self.assertEqual(approval.state, "pending")
        face.exception_decide("reject", "Too much")
        self.assertEqual(approval.state, "rejected")

    def test_nobody_decides_on_the_face_of_another(self):
        approval = self._ask()
        for user in (self.user_agent, self.user_manager, self.user_admin, self.director):
            face = self._faces(approval).with_user(user)
            with self.assertRaises(UserError):
                face.exception_decide("approve")
        with self.assertRaises(AccessError):
            self._faces(approval).with_user(self.user_outsider).exception_decide("approve")
        self.assertEqual(approval.state, "pending")


@tagged("post_install", "-at_install")
class TestApprovalFaceGuards(FaceCommon):
    """The face never decides, and never vanishes while somebody is asked.

    Tried as whoever is asked, as somebody who works on the case, and as administrators of the
    suite and of the system.
    """

    def setUp(self):
        super().setUp()
        self.approval = self._ask()
        self.face = self._faces(self.approval)
        self.system = self._create_user(
            "test_exception_system", "base.group_system,exception_core.group_admin"
        )
        self.attackers = (self.finance, self.user_agent, self.user_admin, self.system)

    def _tried_by_all(self, attack):
        for user in self.attackers:
            with self.subTest(user=user.login):
                with self.assertRaises(UserError), self.env.cr.savepoint():
                    attack(self.face.with_user(user))
                self._assert_stays()

    def _assert_stays(self):
        self.env.invalidate_all()
        face = self._faces(self.approval)
        self.assertEqual(face, self.face)
        self.assertTrue(face.active)
        self.assertEqual(face.user_id, self.finance)
        self.assertEqual(self.approval.state, "pending")
        self.assertFalse(self.approval.step_ids.decision_ids)

    def test_it_is_not_finished(self):
        self._tried_by_all(lambda face: face.action_done())
        self._tried_by_all(lambda face: face.action_feedback("Approved"))
        self._tried_by_all(lambda face: face.action_feedback_schedule_next("Approved"))
        with self.assertRaisesRegex(UserError, REFUSED):
            self.face.sudo().action_feedback()

    def test_it_is_not_cancelled(self):
        self._tried_by_all(lambda face: face.unlink())
        self._tried_by_all(lambda face: face.action_archive())
        self._tried_by_all(lambda face: face.write({"active": False}))

    def test_it_is_not_changed(self):
        tomorrow = fields.Date.today() + timedelta(days=400)
        for vals in (
            {"user_id": self.user_agent.id},
            {"summary": "Nothing to do"},
            {"note": "Done"},
            {"date_deadline": tomorrow},
            {"activity_type_id": self.env.ref("mail.mail_activity_data_todo").id},
            {"res_id": self._ask().id},
            {"exception_approval_step_id": False},
        ):
            self._tried_by_all(lambda face, vals=vals: face.write(vals))

    def test_the_record_does_not_clear_it(self):
        types = ["exception_core.activity_approval"]
        for user in self.attackers:
            approval = self.approval.with_user(user)
            for clear in (
                lambda one: one.activity_unlink(types),
                lambda one: one.activity_feedback(types),
                lambda one: one.activity_reschedule(
                    types, date_deadline=fields.Date.today(), new_user_id=self.user_agent.id
                ),
            ):
                with self.assertRaises(UserError), self.env.cr.savepoint():
                    clear(approval)
                self._assert_stays()

    def test_superuser_code_that_clears_activities_leaves_it(self):
        chore = self.approval.case_id.activity_schedule("mail.mail_activity_data_todo")
        (self.face | chore).sudo().unlink()
        self.assertFalse(chore.exists())
        self._assert_stays()
        self.env["ir.config_parameter"].set_param("mail.activity.gc.delete_overdue_years", 1)
        with self.assertRaises(UserError):
            # nobody's hand makes it old enough for Odoo's cleaning, either
            self.face.with_user(self.system).date_deadline = fields.Date.today() - timedelta(999)

    def test_archiving_the_person_or_the_record_leaves_it(self):
        partner = self.partner
        partner.active = False
        self._assert_stays()
        self.finance.with_user(self.system).active = False
        self._assert_stays()

    def test_nobody_makes_a_face_by_hand(self):
        step = self.approval.step_ids
        kind = self.env.ref("exception_core.activity_approval")
        values = {
            "res_model_id": self.env["ir.model"]._get_id("exception.approval"),
            "res_id": self.approval.id,
            "user_id": self.director.id,
        }
        for user in self.attackers:
            activities = self.env["mail.activity"].with_user(user)
            for more in ({"activity_type_id": kind.id}, {"exception_approval_step_id": step.id}):
                with self.assertRaises(UserError), self.env.cr.savepoint():
                    activities.create({**values, **more})
            with self.assertRaises(UserError), self.env.cr.savepoint():
                activities.with_context(
                    default_activity_type_id=kind.id, exception_evidence=True
                ).create(values)
        # as superuser, for somebody who may open the request: nothing but the guard refuses it
        ours = {**values, "user_id": self.finance.id}
        for more in ({"activity_type_id": kind.id}, {"exception_approval_step_id": step.id}):
            refused = self.assertRaisesRegex(UserError, "is an approval request")
            with refused, self.env.cr.savepoint():
                self.env["mail.activity"].create({**ours, **more})
        case = self.approval.case_id.with_user(self.user_agent)
        chore = case.activity_schedule("mail.mail_activity_data_todo")
        for vals in ({"exception_approval_step_id": step.id}, {"activity_type_id": kind.id}):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                chore.write(vals)
        self._assert_stays()

    def test_other_activities_are_as_ever(self):
        chore = self.approval.case_id.activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.user_agent.id
        )
        own = chore.with_user(self.user_agent)
        own.write({"summary": "Call them", "user_id": self.user_colleague.id})
        own.with_user(self.user_colleague).action_feedback("Called")
        self.assertFalse(chore.exists())
        with self.assertRaisesRegex(UserError, "not an approval request"):
            other = self.approval.case_id.activity_schedule(
                "mail.mail_activity_data_todo", user_id=self.user_agent.id
            )
            other.with_user(self.user_agent).exception_decide("approve")
