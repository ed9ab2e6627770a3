from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import email_normalize

from .common_mail import DOMAIN, ExceptionMailCommon


@tagged("post_install", "-at_install")
class TestCaseMailAnswer(ExceptionMailCommon):
    """Answers go out from the case, and stay on it as they were sent."""

    def setUp(self):
        super().setUp()
        self.case = self._open_by_mail()

    def _set_first_response(self, value):
        self.env["ir.config_parameter"].set_param("exception_core.first_response", value)

    def test_an_answer_goes_to_the_customer_under_the_teams_address(self):
        message = self._answer(self.case)
        self.assertEqual(message.partner_ids, self.partner)
        self.assertEqual(message.subject, f"Re: Broken parcel ({self.case.name})")
        self.assertEqual(email_normalize(message.reply_to), f"returns@{DOMAIN}")
        self.assertEqual(len(self._mails), 1)
        self.assertIn("anna@customer.example", self._mails[0]["email_to"][0])
        self.assertEqual(email_normalize(self._mails[0]["reply_to"]), f"returns@{DOMAIN}")
        self.assertNotIn(self.partner, self.case.message_partner_ids)
        self.assertEqual(self.case.message_out_ids, message)

    def test_answering_takes_the_case(self):
        self._answer(self.case)
        self.assertEqual((self.case.user_id, self.case.state), (self.user_agent, "open"))

    def test_the_case_of_another_team_uses_that_teams_address(self):
        other = self._create_team()
        self._create_alias("claims", team_id=other.id)
        self.case.team_id = other
        self.assertEqual(email_normalize(self._answer(self.case).reply_to), f"claims@{DOMAIN}")

    def test_an_answer_is_the_first_response(self):
        for setting in ("state", "message"):
            with self.subTest(setting):
                self._set_first_response(setting)
                case = self._open_by_mail()
                clock = case.clock_ids.filtered(lambda one: one.kind == "response")
                self.assertEqual(clock.state, "running")
                self._answer(case)
                self.assertTrue(case.first_response_at)
                self.assertEqual(clock.state, "met")
                self.assertFalse(case.needs_answer)

    def test_what_is_no_answer(self):
        self._set_first_response("message")
        case = self.case.with_user(self.user_agent)
        case.assign_to_me()
        partner, colleague = self.partner.ids, self.user_colleague.partner_id.ids
        comment = {"message_type": "comment", "subtype_xmlid": "mail.mt_comment"}
        note = {"message_type": "comment", "subtype_xmlid": "mail.mt_note"}
        with self.mock_mail_gateway():
            case.message_post(body="a note", partner_ids=partner, **note)
            case.message_post(body="to a colleague", partner_ids=colleague, **comment)
            case.message_post(body="to nobody", **comment)
            bot = self.case.with_user(self.env.ref("base.user_root"))
            bot.message_post(body="by the machine", partner_ids=partner, **comment)
            case.message_notify(body="a notice", subject="Notice", partner_ids=partner)
        self._receive(sender="agent@desk.example.com", References="<x@y>")
        self.assertFalse(case.first_response_at)
        self.assertTrue(case.needs_answer)
        with self.mock_mail_gateway():
            case.message_post(body="an answer", partner_ids=partner, **comment)
        self.assertTrue(case.first_response_at)
        self.assertFalse(case.needs_answer)

    def test_an_unknown_sender_becomes_a_contact_when_answered(self):
        before = self.env["res.partner"].search_count([])
        case = self._open_by_mail(sender="Bob Stranger <bob@elsewhere.example>")
        case.with_user(self.user_agent).action_answer()
        self.assertEqual(self.env["res.partner"].search_count([]), before, "not by looking")
        message = self._answer(case)
        self.assertEqual(message.partner_ids.email_normalized, "bob@elsewhere.example")
        self.assertEqual(message.partner_ids.name, "Bob Stranger")
        self.assertEqual(case.partner_id, message.partner_ids)
        again = self._open_by_mail(sender="bob@elsewhere.example")
        self.assertEqual(again.partner_id, case.partner_id)

    def test_an_answer_needs_somebody_to_answer_to(self):
        case = self._create_case()
        with self.assertRaisesRegex(UserError, "Choose who gets the answer"):
            self._answer(case)

    def test_answer_and_wait(self):
        self._answer(self.case, wait=True, exception_wait_days=2)
        self.assertEqual((self.case.state, self.case.waiting_for), ("waiting", "customer"))
        self.assertTrue(self.case.waiting_until)
        with self.assertRaisesRegex(UserError, "how many days"):
            self._answer(self.case, wait=True, exception_wait_days=0)

    def test_who_may_not_write_cases_does_not_answer(self):
        for user in (self.user_auditor, self.user_approver, self.user_outsider):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.case.with_user(user).action_answer()

    def test_what_was_sent_or_received_stays(self):
        sent = self._answer(self.case)
        received = self.case.message_ids.filtered(lambda one: one.message_type == "email")
        for message in (sent, received):
            own = message.with_user(self.user_agent)
            for vals in (
                {"body": "<p>Never said</p>"},
                {"subject": "Never said"},
                {"partner_ids": [(5, 0)]},
                {"exception_reply_id": False},
            ):
                with self.subTest(vals), self.assertRaises(UserError):
                    own.write(vals)
            with self.assertRaises(UserError):
                own.unlink()
            with self.assertRaises(UserError):
                self.case.with_user(self.user_agent)._message_update_content(own, "Never said")
        self.assertIn("We look into it.", sent.body)

    def test_a_note_can_still_be_mended(self):
        case = self.case.with_user(self.user_agent)
        note = case.message_post(body="typo", message_type="comment", subtype_xmlid="mail.mt_note")
        case._message_update_content(note, "mended")
        self.assertIn("mended", note.body)

    def test_notes_never_reach_the_customer(self):
        self._answer(self.case)
        with self.mock_mail_gateway():
            self.case.with_user(self.user_agent).message_post(
                body="secret", message_type="comment", subtype_xmlid="mail.mt_note"
            )
            self.case.with_user(self.user_agent).message_post(
                body="among us", message_type="comment", subtype_xmlid="mail.mt_comment"
            )
        recipients = str([mail["email_to"] for mail in self._mails])
        self.assertNotIn("anna@customer.example", recipients)
