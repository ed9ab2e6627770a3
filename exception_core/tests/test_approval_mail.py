import re

from odoo.tests import tagged

from odoo.addons.mail.tests.common import MailCase

from .approval_common import ApprovalCommon


@tagged("post_install", "-at_install")
class TestApprovalMail(ApprovalCommon, MailCase):
    """One mail to each person at their turn, in their language, with a link of their own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.finance.email = "finance@desk.example.com"
        cls.director.email = "director@desk.example.com"

    def _asked(self, **values):
        """Ask, and return the request with the mails that this has sent."""
        with self.mock_mail_gateway():
            approval = self._ask(**values)
            mails = self._new_mails.sudo()
        return approval, mails

    def _links(self, mails):
        return re.findall(
            r"http[^\"']+/exception/approval/[\w.-]+", " ".join(mails.mapped("body_html"))
        )

    def test_whoever_is_asked_gets_one_mail_with_a_link(self):
        approval, mails = self._asked(amount=123.0)
        self.assertEqual(mails.recipient_ids, self.finance.partner_id)
        self.assertIn(approval.name, mails.subject)
        self.assertIn("123.00", mails.body_html)
        self.assertIn("Please", mails.body_html)
        (link,) = self._links(mails)
        token = link.rpartition("/")[2]
        row = self.env["exception.approval.token"]._find(token, "mail")
        self.assertEqual((row.user_id, row.approval_id), (self.finance, approval))

    def test_the_link_stands_in_no_message_that_others_read(self):
        approval, mails = self._asked()
        self.assertFalse(mails.mail_message_id.model)
        self.assertTrue(mails.auto_delete)
        for message in approval.message_ids | approval.case_id.message_ids:
            self.assertNotIn("/exception/approval/", message.body)

    def test_the_next_level_is_written_to_at_its_turn(self):
        self.matrix.level_ids = [self._level(self.director, sequence=20)]
        approval, mails = self._asked()
        self.assertEqual(mails.recipient_ids, self.finance.partner_id)
        with self.mock_mail_gateway():
            approval.with_user(self.finance).approve()
            self.assertEqual(self._new_mails.sudo().recipient_ids, self.director.partner_id)

    def test_the_mail_is_in_the_language_of_the_reader(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        template = self.env.ref("exception_core.mail_template_approval")
        template.with_context(lang="fr_FR").subject = "A vous de décider"
        self.finance.lang = "fr_FR"
        _approval, mails = self._asked()
        self.assertEqual(mails.subject, "A vous de décider")

    def test_a_setting_switches_it_off(self):
        self.env["ir.config_parameter"].set_param("exception_core.approval_mail", "no")
        approval, mails = self._asked()
        self.assertFalse(mails)
        self.assertTrue(approval.activity_ids)

    def test_a_broken_template_stops_no_request(self):
        template = self.env.ref("exception_core.mail_template_approval")
        template.subject = "{{ object.no_such_field }}"
        with self.assertLogs("odoo.addons.exception_core.models.exception_approval_mail"):
            approval, mails = self._asked()
        self.assertFalse(mails)
        self.assertEqual(approval.activity_ids.user_id, self.finance)

    def test_nobody_without_an_address_is_written_to(self):
        self.finance.email = False
        _approval, mails = self._asked()
        self.assertFalse(mails)
