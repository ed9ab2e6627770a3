from odoo.http import root
from odoo.tests import HttpCase, new_test_user, tagged

from .common_mail import ExceptionMailCommon


@tagged("post_install", "-at_install")
class TestMailTour(ExceptionMailCommon, HttpCase):
    """The journey of a customer's mail, with the agent in a real browser."""

    browser_size = "1440,900"

    @classmethod
    def setUpClass(cls):
        """Make an agent, a type that is resolved without reasons, and an approved template."""
        super().setUpClass()
        # read the manifests here: CPython 3.11 stumbles when two requests parse them at once
        cls.assertTrue(cls, root.statics)
        cls.tour_agent = new_test_user(
            cls.env,
            "tour_mail_agent",
            groups="exception_core.group_user",
            name="Mail agent",
            email="tour@desk.example.com",
            tz="UTC",
        )
        cls.team.member_ids |= cls.tour_agent
        cls.kind = cls._create_type(name="Tour: broken", requires_resolution=False)
        cls.alias.type_id = cls.kind
        cls.reply = cls.env["exception.reply"].create(
            {
                "name": "Tour: ask for a photo",
                "body": "<p>Dear {{customer}}, please send us a photo.</p>",
                "type_ids": [(6, 0, cls.kind.ids)],
            }
        )
        cls.reply.with_user(cls.user_manager).action_approve()

    def _url(self, case):
        return f"/web#id={case.id}&model=exception.case&view_type=form"

    def test_a_customers_mail_is_answered_and_its_reply_resolved(self):
        case = self._open_by_mail()
        self.assertTrue(case.needs_answer)
        with self.mock_mail_gateway():
            self.start_tour(self._url(case), "exception_mail_answer", login="tour_mail_agent")
        self.assertEqual((case.user_id, case.state), (self.tour_agent, "waiting"))
        self.assertEqual(case.waiting_for, "customer")
        self.assertTrue(case.first_response_at)
        answer = case.message_out_ids
        self.assertEqual(len(answer), 1)
        self.assertEqual(answer.exception_reply_id, self.reply)
        self.assertIn(f"Dear {self.partner.name}, please send us a photo.", answer.body)
        self.assertEqual(answer.partner_ids, self.partner)

        self._reply(answer, files=[("photo.pdf", b"%PDF-1.4")])
        self.assertEqual(case.state, "open")
        self.assertTrue(case.needs_answer)

        self.start_tour(self._url(case), "exception_mail_resolve", login="tour_mail_agent")
        self.assertEqual((case.state, case.outcome), ("resolved", "manual"))
