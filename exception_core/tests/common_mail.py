"""What tests of mail share: a team with an address, raw mails, and the gateway."""

from email.message import EmailMessage

from odoo.addons.mail.tests.common import MockEmail

from .common import ExceptionCommon

DOMAIN = "desk.example.com"


class ExceptionMailCommon(MockEmail, ExceptionCommon):
    """A team whose address is ``returns@desk.example.com``, and raw mails to it."""

    @classmethod
    def setUpClass(cls):
        """Give the test's team its address."""
        super().setUpClass()
        cls.domain = cls.env["mail.alias.domain"].create({"name": DOMAIN})
        cls.env.company.alias_domain_id = cls.domain
        cls.alias = cls._create_alias("returns")
        cls.partner.email = "anna@customer.example"
        cls.user_agent.email = "agent@desk.example.com"

    @classmethod
    def _create_alias(cls, name, **overrides):
        values = {"team_id": cls.team.id, "alias_name": name, "type_id": cls.case_type.id}
        return cls.env["exception.team.alias"].create({**values, **overrides})

    def _mail(self, body="My parcel is broken.", sender=None, html=None, files=(), **headers):
        """Return a raw mail; headers are given with underscores, None takes one away."""
        mail = EmailMessage()
        number = getattr(type(self), "mails_made", 0) + 1
        type(self).mails_made = number
        given = {
            "From": sender or "Anna <anna@customer.example>",
            "To": f"returns@{DOMAIN}",
            "Subject": "Broken parcel",
            "Message-Id": f"<{number}.{type(self).__name__}@customer.example>",
            "Return-Path": "<anna@customer.example>",
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        for name, value in given.items():
            if value is not None:
                mail[name] = value
        mail.set_content(body)
        if html:
            mail.add_alternative(html, subtype="html")
        for name, content in files:
            mail.add_attachment(content, maintype="application", subtype="pdf", filename=name)
        return mail.as_bytes()

    def _receive(self, raw=None, **mail):
        """Let the gateway process a mail; return the cases it opened."""
        raw = raw or self._mail(**mail)
        with self.mock_mail_gateway(), self.trap_cases() as trap:
            self.env["mail.thread"].message_process(None, raw)
            self.env.flush_all()
        return trap.opened

    def _open_by_mail(self, **mail):
        case = self._receive(**mail)
        self.assertEqual(len(case), 1)
        return case

    def _answer(self, case, user=None, wait=False, **values):
        """Answer as an agent does, through the button and Odoo's composer; return the message."""
        case = case.with_user(user or self.user_agent)
        action = case.action_answer()
        if "template_id" not in values:
            values = {"body": "<p>We look into it.</p>", **values}
        composer = (
            self.env["mail.compose.message"]
            .with_user(user or self.user_agent)
            .with_context(**action["context"])
            .create({"exception_wait": wait, **values})
        )
        with self.mock_mail_gateway():
            _mails, message = composer._action_send_mail()
            self.env.flush_all()
        return message

    def _reply(self, message, **mail):
        """Let the customer reply to a message of ours; return the cases it opened."""
        return self._receive(
            In_Reply_To=message.message_id,
            **{"Subject": f"Re: {message.subject}", "body": "Here is a photo.", **mail},
        )

    def _receipt(self, **domain):
        """Return the last mail noted."""
        return self.env["exception.mail.receipt"].search([], order="id desc", limit=1)
