from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common_mail import DOMAIN, ExceptionMailCommon

BOUNCE = """From: Mail System <mailer-daemon@mx.example>
To: <bounce@{domain}>
Return-Path: <>
Subject: Undelivered Mail Returned to Sender
Message-Id: <bounce.1@mx.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="BOUND"

--BOUND
Content-Type: text/plain

The mailbox does not exist.
--BOUND
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; anna@customer.example
Action: failed
Status: 5.1.1

--BOUND
Content-Type: message/rfc822

Message-Id: {message_id}
From: agent@{domain}
To: anna@customer.example
Subject: Re: Broken parcel

We look into it.
--BOUND--
"""


@tagged("post_install", "-at_install")
class TestCaseMailReply(ExceptionMailCommon):
    """Replies find their case and put it back to work."""

    @classmethod
    def setUpClass(cls):
        """Let cases by mail be resolved without reason codes."""
        super().setUpClass()
        cls.alias.type_id = cls._create_type(requires_resolution=False)

    def _answered(self, wait=True, **mail):
        """Return a case by mail that an agent answered, and the answer."""
        case = self._open_by_mail(**mail)
        case.with_user(self.user_agent).assign_to_me()
        message = self._answer(case, wait=wait)
        return case, message

    def _resolved(self):
        case, message = self._answered(wait=False)
        case.with_user(self.user_agent).resolve(note="Sent again")
        self.assertEqual(case.state, "resolved")
        return case, message

    def _close(self, case):
        case.write({"resolved_at": fields.Datetime.now() - timedelta(days=30)})
        case._cron_close_resolved()
        self.assertEqual(case.state, "closed")

    def test_a_reply_resumes_a_waiting_case(self):
        case, message = self._answered()
        self.assertEqual((case.state, case.waiting_for), ("waiting", "customer"))
        self.assertFalse(case.needs_answer)
        self.assertFalse(self._reply(message), "it opens nothing")
        self.assertEqual(case.state, "open")
        self.assertFalse(case.waiting_for)
        self.assertTrue(case.needs_answer)
        self.assertIn("Resumed", " ".join(case.message_ids.mapped("body")))
        mail = case.message_ids.filtered(lambda one: "Here is a photo." in (one.body or ""))
        self.assertEqual((mail.author_id, mail.message_type), (self.partner, "email"))
        self.assertEqual(self._receipt().outcome, "resumed")

    def test_references_are_enough(self):
        case, message = self._answered()
        references = f"<0@x.example> {message.message_id}"
        self._receive(References=references, To=self.domain.catchall_email)
        self.assertEqual(case.state, "open")

    def test_a_reply_wakes_whoever_outside_was_waited_for(self):
        for whom, state in [("supplier", "open"), ("carrier", "open"), ("internal", "waiting")]:
            with self.subTest(whom):
                case, message = self._answered(wait=False)
                case.with_user(self.user_agent).wait(whom, note="asked")
                self._reply(message)
                self.assertEqual(case.state, state)

    def test_a_colleague_wakes_what_waits_for_a_colleague(self):
        case, message = self._answered(wait=False)
        case.with_user(self.user_agent).wait("internal", note="asked")
        self.user_colleague.email = "colleague@desk.example.com"
        self._reply(message, sender="colleague@desk.example.com")
        self.assertEqual(case.state, "open")
        self.assertFalse(case.needs_answer)

    def test_a_colleague_does_not_speak_for_the_customer(self):
        case, message = self._answered()
        self._reply(message, sender="agent@desk.example.com")
        self.assertEqual(case.state, "waiting")

    def test_an_automatic_reply_resumes_nothing(self):
        case, message = self._answered()
        self._reply(message, body="I am away until Monday.", Auto_Submitted="auto-replied")
        self.assertEqual(case.state, "waiting")
        self.assertFalse(case.needs_answer)
        self.assertEqual(self._receipt().outcome, "automatic")
        note = case.message_ids[:1]
        self.assertIn("away until Monday", note.body)
        self.assertTrue(note.subtype_id.internal)
        self.assertFalse(self._new_mails, "nobody is told by mail")

    def test_a_bounce_resumes_nothing_and_asks_the_owner_for_another_address(self):
        case, message = self._answered()
        raw = BOUNCE.format(domain=DOMAIN, message_id=message.message_id).encode()
        self._receive(raw)
        self.assertEqual(case.state, "waiting")
        self.assertIn("could not be delivered", case.message_ids[:1].body)
        self.assertEqual(case.activity_ids.user_id, self.user_agent)
        self._receive(raw.replace(b"bounce.1", b"bounce.2"))
        self.assertEqual(len(case.activity_ids), 1)

    def test_a_reply_re_opens_a_resolved_case(self):
        case, message = self._resolved()
        self.assertFalse(self._reply(message))
        self.assertEqual((case.state, case.reopen_count), ("open", 1))
        self.assertTrue(case.needs_answer)
        self.assertEqual(self._receipt().outcome, "reopened")

    def test_a_reply_to_a_closed_case_opens_a_new_one(self):
        case, message = self._resolved()
        self._close(case)
        new = self._reply(message)
        self.assertEqual(len(new), 1)
        self.assertEqual(case.state, "closed")
        self.assertEqual(new.recurrence_of_id, case)
        self.assertEqual((new.partner_id, new.type_id), (self.partner, case.type_id))
        self.assertEqual(self._receipt().outcome, "followed")
        # the next reply to the old answer does not pile up another case: it goes on in the new
        self.assertFalse(self._reply(message))
        self.assertEqual(self._receipt().case_id, new)

    def test_a_reply_to_a_duplicate_reaches_the_case_that_is_worked(self):
        case, message = self._answered(wait=False)
        master = self._create_case()
        case.with_user(self.user_agent).merge_into(master.id)
        self.assertFalse(self._reply(message))
        self.assertIn("Here is a photo.", master.message_ids[:1].body)
        self.assertEqual(case.state, "resolved")

    def test_a_reply_that_must_not_re_open_is_kept(self):
        detector = self._create_detector()
        hit = {
            "detector_id": detector.id,
            "type_id": self.case_type.id,
            "company_id": self.env.company.id,
            "partner_id": self.partner.id,
            "res_model": "res.partner",
            "res_id": self.partner.id,
        }
        first = self.env["exception.case"]._open_batch([hit])
        message = self._answer(first)
        first._clear()
        self.env["exception.case"]._open_batch([hit])
        self._reply(message)
        self.assertEqual(first.state, "resolved")
        self.assertEqual(self._receipt().outcome, "added")

    def test_the_customer_may_answer_to_a_closed_address(self):
        self.alias.alias_contact = "followers"
        case = self._create_case(partner_id=self.partner.id)
        message = self._answer(case)
        self._reply(message)
        self.assertTrue(case.needs_answer)

    def test_the_owner_hears_of_a_reply(self):
        case, message = self._answered()
        self._reply(message)
        mail = case.message_ids.filtered(lambda one: "Here is a photo." in (one.body or ""))
        self.assertIn(self.user_agent.partner_id, mail.notified_partner_ids)
        self.assertNotIn(self.partner, mail.notified_partner_ids)
