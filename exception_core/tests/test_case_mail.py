from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_mail import DOMAIN, ExceptionMailCommon

NASTY = """<html><head><style>p {color: red}</style></head><body>
<p onclick="steal()">Hello <script>alert('xss')</script><img src="x" onerror="alert(1)"/>
<a href="javascript:alert(2)">click</a><iframe src="https://evil.example"></iframe>
<t t-out="object.env['res.users'].sudo()"/><form action="https://evil.example"><input/></form></p>
</body></html>"""


@tagged("post_install", "-at_install")
class TestCaseMailNew(ExceptionMailCommon):
    """Mails that open cases."""

    def test_a_mail_opens_a_case(self):
        case = self._open_by_mail(
            Date="Mon, 02 Mar 2020 10:00:00 +0100", files=[("photo.pdf", b"%PDF-1.4")]
        )
        self.assertEqual(case.title, "Broken parcel")
        self.assertRegex(case.name, r"^EX")
        self.assertIn("My parcel is broken.", case.description)
        self.assertEqual(case.type_id, self.case_type)
        self.assertEqual(case.team_id, self.team)
        self.assertEqual(case.company_id, self.env.company)
        self.assertEqual(case.partner_id, self.partner)
        self.assertEqual(case.channel_id, self.env.ref("exception_core.channel_email"))
        self.assertEqual(str(case.occurred_at), "2020-03-02 09:00:00")
        self.assertEqual((case.state, case.severity), ("new", self.case_type.default_severity))
        self.assertFalse(case.res_model)
        self.assertFalse(case.first_response_at)
        self.assertTrue(case.needs_answer)
        message = case.message_ids.filtered(lambda one: one.message_type == "email")
        self.assertEqual(message.author_id, self.partner)
        self.assertIn("My parcel is broken.", message.body)
        self.assertEqual(message.attachment_ids.name, "photo.pdf")
        self.assertEqual(message.attachment_ids.res_model, "exception.case")
        self.assertEqual(message.attachment_ids.res_id, case.id)
        self.assertEqual(self._receipt().outcome, "opened")
        self.assertEqual(self._receipt().case_id, case)

    def test_nobody_outside_becomes_a_follower(self):
        case = self._open_by_mail()
        self.assertNotIn(self.partner, case.message_partner_ids)
        case.message_subscribe(self.partner.ids)
        self.assertNotIn(self.partner, case.message_partner_ids)
        case.message_subscribe(self.user_agent.partner_id.ids)
        self.assertIn(self.user_agent.partner_id, case.message_partner_ids)

    def test_an_unknown_sender_stays_an_address(self):
        before = self.env["res.partner"].search_count([])
        case = self._open_by_mail(sender="Bob Stranger <Bob@Elsewhere.example>")
        self.assertFalse(case.partner_id)
        self.assertEqual(case.email_from, '"Bob Stranger" <Bob@Elsewhere.example>')
        self.assertEqual(case.email_normalized, "bob@elsewhere.example")
        self.assertEqual(case.customer_name, "Bob Stranger")
        self.assertEqual(self.env["res.partner"].search_count([]), before)

    def test_a_colleague_is_not_the_customer(self):
        case = self._open_by_mail(sender="agent@desk.example.com")
        self.assertFalse(case.partner_id)
        self.assertFalse(case.needs_answer)
        self.assertEqual(case.create_uid, self.user_agent)

    def test_a_mail_without_subject_has_a_title(self):
        self.assertEqual(self._open_by_mail(Subject=None).title, "Mail without a subject")

    def test_nasty_html_is_harmless(self):
        case = self._open_by_mail(html=NASTY)
        message = case.message_ids.filtered(lambda one: one.message_type == "email")
        for text in (message.body, case.description):
            for evil in (
                "<script",
                "onclick",
                "onerror",
                "javascript:",
                "<iframe",
                "<form",
                "t-out",
            ):
                self.assertNotIn(evil, text)
        self.assertIn("Hello", message.body)

    def test_the_type_is_that_of_the_address(self):
        kind = self._create_type()
        self._create_alias("invoices", type_id=kind.id)
        self.assertEqual(self._open_by_mail(To=f"Invoices@{DOMAIN}").type_id, kind)

    def test_a_mail_to_two_addresses_opens_one_case_at_the_first(self):
        second = self._create_alias("claims", type_id=self._create_type().id)
        case = self._open_by_mail(To=f"claims@{DOMAIN}, returns@{DOMAIN}")
        self.assertEqual(case.team_alias_id, second)
        case = self._open_by_mail(To=f"returns@{DOMAIN}", Cc=f"claims@{DOMAIN}")
        self.assertEqual(case.team_alias_id, self.alias)

    def test_an_address_cannot_smuggle_values(self):
        self.alias.with_user(
            self.user_manager
        ).alias_defaults = "{'state': 'closed', 'outcome': 'manual', 'name': 'FORGED'}"
        case = self._open_by_mail()
        self.assertEqual(case.state, "new")
        self.assertNotEqual(case.name, "FORGED")

    def test_a_mail_to_another_company_is_its_own(self):
        other = self.env["res.company"].create({"name": "Other company"})
        stranger = self.env["res.partner"].create(
            {
                "name": "Elsewhere",
                "email": "eve@customer.example",
                "company_id": self.env.company.id,
            }
        )
        team = self._create_team(company_id=other.id, lead_id=self.env.uid)
        self._create_alias("orders", team_id=team.id)
        case = self._open_by_mail(To=f"orders@{DOMAIN}", sender=stranger.email)
        self.assertEqual(case.company_id, other)
        self.assertEqual(case.team_id, team)
        self.assertFalse(case.partner_id, "the contact belongs to the first company only")

    def test_only_known_contacts_where_the_address_says_so(self):
        self.alias.alias_contact = "partners"
        with mute_logger("odoo.addons.mail.models.mail_thread"):
            self.assertFalse(self._receive(sender="nobody@elsewhere.example"))
        self.assertEqual(self._receipt().outcome, "refused")
        self.assertEqual(len(self._new_mails), 1, "Odoo tells the sender")
        self.assertTrue(self._receive())

    def test_only_members_where_the_address_says_so(self):
        self.alias.alias_contact = "followers"
        with mute_logger("odoo.addons.mail.models.mail_thread"):
            self.assertFalse(self._receive())
        self.assertTrue(self._receive(sender="agent@desk.example.com"))

    def test_a_manager_gives_a_team_its_address(self):
        team = self.team.with_user(self.user_manager)
        team.write(
            {"alias_ids": [(0, 0, {"alias_name": "Help Desk", "type_id": self.case_type.id})]}
        )
        self.assertEqual(team.alias_ids[-1].alias_email, f"help-desk@{DOMAIN}")
        self.assertTrue(self._receive(To=f"help-desk@{DOMAIN}"))


@tagged("post_install", "-at_install")
class TestCaseMailKeptOut(ExceptionMailCommon):
    """Mails that never open a case, and never go unseen."""

    def _assert_ignored(self, outcome, **mail):
        self.assertFalse(self._receive(**mail))
        self.assertEqual(self._receipt().outcome, outcome)
        self.assertFalse(self._new_mails, "nothing is answered: an answer would feed a loop")

    def test_machines_open_nothing(self):
        for headers in [
            {"Auto_Submitted": "auto-replied"},
            {"Auto_Submitted": "auto-generated"},
            {"Precedence": "bulk"},
            {"Precedence": "auto_reply"},
            {"Precedence": "list"},
            {"X_Auto_Response_Suppress": "DR, OOF, AutoReply"},
            {"X_Autoreply": "yes"},
            {"X_Loop": "desk"},
            {"Return_Path": "<>"},
        ]:
            with self.subTest(headers):
                self._assert_ignored("automatic", **headers)
                self.assertIn(": ", self._receipt().reason)

    def test_people_are_not_taken_for_machines(self):
        for headers in [
            {"Auto_Submitted": "no"},
            {"X_Auto_Response_Suppress": "DR, RN, NRN"},
            {"Precedence": "normal"},
            {"Return_Path": None},
        ]:
            with self.subTest(headers):
                self._open_by_mail(**headers)

    def test_a_machine_that_may_not_write_gets_no_answer(self):
        self.alias.alias_contact = "partners"
        self._assert_ignored("automatic", sender="x@y.example", Auto_Submitted="auto-replied")

    def test_a_group_address_may_forward(self):
        self.alias.accept_lists = True
        self._open_by_mail(Precedence="list")
        self._assert_ignored("automatic", Precedence="bulk")

    def test_our_own_mails_open_nothing(self):
        self._assert_ignored("own", sender=f"returns@{DOMAIN}")
        self._assert_ignored("own", sender=self.domain.catchall_email)
        own = self.env["mail.message"]._get_message_id({"model": "exception.case", "res_id": 1})
        self._assert_ignored("own", Message_Id=own)

    def test_a_bounce_opens_nothing(self):
        for mail in [
            {"sender": f"MAILER-DAEMON@{DOMAIN}"},
            {"To": f"{self.domain.bounce_email}, returns@{DOMAIN}"},
        ]:
            self.assertFalse(self._receive(**mail))

    def test_a_loop_is_broken_and_the_lead_told_once(self):
        self.env["ir.config_parameter"].set_param("mail.gateway.loop.threshold", 3)
        for _number in range(3):
            self._open_by_mail(sender="robot@loop.example")
        with self.subTest("another sender is not concerned"):
            self._open_by_mail()
        for _number in range(3):
            self.assertFalse(self._receive(sender="robot@loop.example"))
            self.assertEqual(self._receipt().outcome, "loop")
        told = self.env["mail.message"].search(
            [("partner_ids", "in", self.user_lead.partner_id.ids), ("body", "like", "robot@loop")]
        )
        self.assertEqual(len(told), 1)
        allowed = {"email": "robot@loop.example"}
        self.env["mail.gateway.allowed"].create(allowed)
        self._open_by_mail(sender="robot@loop.example")

    def test_the_same_mail_twice_opens_one_case(self):
        raw = self._mail()
        case = self._receive(raw)
        self.assertEqual(len(case), 1)
        self.assertFalse(self._receive(raw))
        # as after a merge of threads: the message is gone, the mail is still known
        case.message_ids.filtered(lambda one: one.message_type == "email").unlink()
        self.assertFalse(self._receive(raw))

    def test_a_mail_that_failed_is_tried_again(self):
        raw = self._mail(Message_Id="<again@customer.example>")
        self.env["exception.mail.receipt"].create({"message_id": "<again@customer.example>"})
        self.assertEqual(len(self._receive(raw)), 1)
        self.assertEqual(self._receipt().outcome, "opened")

    def test_old_rows_are_forgotten(self):
        self._open_by_mail()
        receipt = self._receipt()
        receipt.received_at = "2020-01-01 00:00:00"
        self.env["exception.mail.receipt"]._gc_receipts()
        self.assertFalse(receipt.exists())
