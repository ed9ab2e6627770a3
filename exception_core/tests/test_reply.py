from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .common_mail import ExceptionMailCommon


@tagged("post_install", "-at_install")
class TestReply(ExceptionMailCommon):
    """Reply templates: versions, approval by a second person, and what agents are offered."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.author = cls.user_manager
        cls.approver = cls.user_admin

    def _draft(self, **overrides):
        values = {
            "name": "Ask for a photo",
            "subject": "Your parcel ({{reference}})",
            "body": "<p>Dear {{customer}}, please send a photo. {{ agent }}, {{company}}</p>",
            "type_ids": [(6, 0, self.case_type.ids)],
        }
        return self.env["exception.reply"].with_user(self.author).create({**values, **overrides})

    def _approved(self, **overrides):
        reply = self._draft(**overrides)
        reply.with_user(self.approver).action_approve()
        return reply

    def _compose(self, case):
        action = case.with_user(self.user_agent).action_answer()
        composer = self.env["mail.compose.message"].with_user(self.user_agent)
        return composer.with_context(**action["context"])

    def test_an_agent_answers_with_a_template(self):
        reply = self._approved()
        case = self._open_by_mail()
        form = Form(self._compose(case))
        self.assertIn(reply.template_id, form.exception_template_ids)
        form.template_id = reply.template_id
        self.assertEqual(form.subject, f"Your parcel ({case.name})")
        self.assertIn(f"Dear {self.partner.name}, please send a photo.", form.body)
        self.assertIn(self.user_agent.name, form.body)
        self.assertEqual(form.partner_ids[:], self.partner)
        with self.mock_mail_gateway():
            _mails, message = form.save()._action_send_mail()
        self.assertEqual(message.exception_reply_id, reply)
        self.assertIn(f"Dear {self.partner.name}", message.body)
        self.assertEqual(reply.sent_count, 1)

    def test_what_was_sent_stays_when_the_template_changes(self):
        reply = self._approved()
        case = self._open_by_mail()
        message = self._answer(case, template_id=reply.template_id.id)
        sent = message.body
        draft = self.env["exception.reply"].browse(reply.action_new_version()["res_id"])
        draft.with_user(self.author).body = "<p>Something else</p>"
        draft.with_user(self.approver).action_approve()
        self.assertEqual(message.body, sent)
        self.assertEqual(message.exception_reply_id, reply)
        self.assertEqual((reply.state, reply.version), ("retired", 1))
        self.assertIn("please send a photo", reply.body)

    def test_versions(self):
        reply = self._approved()
        draft = self.env["exception.reply"].browse(
            reply.with_user(self.author).action_new_version()["res_id"]
        )
        self.assertEqual((draft.version, draft.state, draft.family_id), (2, "draft", reply))
        self.assertEqual(draft.body, reply.body)
        self.assertEqual(draft.type_ids, reply.type_ids)
        again = reply.with_user(self.author).action_new_version()["res_id"]
        self.assertEqual(again, draft.id, "there is one draft at a time")
        draft.with_user(self.author).body = "<p>Dear {{customer}}, please send two photos.</p>"
        self.assertIn("<ins class='text-success'>two</ins>", draft.difference)
        self.assertEqual(reply.state, "approved", "agents keep the old one meanwhile")
        draft.with_user(self.approver).action_approve()
        self.assertEqual((reply.state, draft.state), ("retired", "approved"))
        self.assertEqual(draft.approved_by_id, self.approver)
        self.assertTrue(draft.approved_at)
        self.assertFalse(reply.template_id.active)
        self.assertEqual(draft.all_version_ids, draft | reply)

    def test_an_approved_version_is_fixed(self):
        reply = self._approved()
        for vals in ({"body": "x"}, {"subject": "x"}, {"name": "x"}, {"type_ids": [(5, 0)]}):
            for user in (self.author, self.approver):
                with self.subTest(vals), self.assertRaisesRegex(UserError, "Make a new version"):
                    reply.with_user(user).write(vals)
        with self.assertRaises(UserError):
            reply.with_user(self.approver).unlink()
        editor = self._create_user(
            "test_exception_editor", "base.group_user,mail.group_mail_template_editor"
        )
        with self.assertRaisesRegex(UserError, "new version"):
            reply.template_id.with_user(editor).body_html = "<p>Never approved</p>"

    def test_a_second_person_approves(self):
        reply = self._draft()
        with self.assertRaisesRegex(UserError, "Another manager"):
            reply.with_user(self.author).action_approve()
        reply.with_user(self.approver).subject = "Mended"
        with self.assertRaisesRegex(UserError, "Another manager"):
            reply.with_user(self.approver).action_approve()
        self.env["ir.config_parameter"].set_param("exception_core.reply_second_person", "no")
        reply.with_user(self.author).action_approve()
        self.assertEqual(reply.state, "approved")

    def test_states_are_changed_by_the_buttons(self):
        reply = self._draft()
        for vals in ({"state": "approved"}, {"version": 7}, {"approved_by_id": 1}):
            with self.subTest(vals):
                with self.assertRaises(UserError):
                    reply.with_user(self.approver).write(vals)
                with self.assertRaises(UserError):
                    self._draft(**vals)
        forged = self.env["exception.reply"].with_user(self.author)
        forged = forged.with_context(default_state="approved").create({"name": "Forged"})
        self.assertEqual(forged.state, "draft")
        for user in (self.user_agent, self.user_lead, self.user_auditor):
            for button in ("action_approve", "action_retire", "action_new_version"):
                with self.subTest(f"{user.login} {button}"), self.assertRaises(AccessError):
                    getattr(reply.with_user(user), button)()

    def test_an_empty_text_is_not_approved(self):
        with self.assertRaisesRegex(UserError, "no text"):
            self._draft(body="<p><br></p>").with_user(self.approver).action_approve()

    def test_only_words_are_filled_in(self):
        for text in ("{{secret}}", "{{ object.sudo() }}", "{{customer", "}}"):
            with self.subTest(text), self.assertRaises(ValidationError):
                self._draft(body=f"<p>{text}</p>")
            with self.subTest(text), self.assertRaises(ValidationError):
                self._draft(subject=text)
        with self.assertRaisesRegex(ValidationError, "inside a link"):
            self._draft(body='<a href="https://x.example/{{customer}}">x</a>')

    def test_code_in_a_text_is_no_code(self):
        body = """<p t-att-title="user.password">a</p><t t-out="object.env['res.users']"/>
            <p>${object.name} #{user.name}</p>"""
        reply = self._approved(body=body, subject="${object.name}")
        self.assertNotIn("t-", reply.template_id.body_html)
        message = self._answer(self._open_by_mail(), template_id=reply.template_id.id)
        self.assertIn("${object.name}", message.body)

    def test_names_are_escaped(self):
        self.partner.name = "<b>Anna</b>"
        reply = self._approved()
        message = self._answer(self._open_by_mail(), template_id=reply.template_id.id)
        self.assertIn("&lt;b&gt;Anna", message.body)

    def test_only_what_fits_is_offered(self):
        case = self._open_by_mail()
        other = self.env["exception.category"].search(
            [("id", "not in", case.category_id._ancestor_ids())], limit=1
        )
        company = self.env["res.company"].create({"name": "Other company"})
        fitting = (
            self._approved(name="All", type_ids=False)
            | self._approved(name="Type")
            | self._approved(
                name="Category", type_ids=False, category_ids=[(6, 0, case.category_id.ids)]
            )
        )
        self._draft(name="Draft")
        self._approved(name="Other type", type_ids=[(6, 0, self._create_type().ids)])
        self._approved(name="Other branch", type_ids=False, category_ids=[(6, 0, other.ids)])
        self._approved(name="Other company", type_ids=False).sudo()
        shared = self.env["exception.reply"].search([("name", "=", "Other company")])
        self.env.cr.execute(
            "UPDATE exception_reply SET company_id = %s WHERE id = %s", (company.id, shared.id)
        )
        shared.invalidate_recordset()
        retired = self._approved(name="Retired")
        retired.with_user(self.approver).action_retire()
        offered = case.with_user(self.user_agent)._offered_replies()
        self.assertEqual(offered - self.shipped(), fitting)
        self.assertEqual(offered[0].name, "Type", "the closest first")

    def shipped(self):
        return self.env["exception.reply"].search([("create_uid", "=", 1)])

    def test_a_template_speaks_to_readers_of_its_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        case = self._open_by_mail()
        french = self._approved(lang="fr_FR", type_ids=False)
        self.assertNotIn(french, case._offered_replies())
        self.partner.lang = "fr_FR"
        self.assertIn(french, case._offered_replies())

    def test_a_preview_shows_a_real_case(self):
        case = self._open_by_mail()
        reply = self._draft()
        self.assertEqual(reply.preview_case_id, case)
        self.assertEqual(reply.preview_subject, f"Your parcel ({case.name})")
        self.assertIn(f"Dear {self.partner.name}", reply.preview_body)

    def test_other_models_keep_their_templates(self):
        template = self.env["mail.template"].create(
            {"name": "Hello", "model_id": self.env["ir.model"]._get_id("res.partner")}
        )
        template.subject = "Changed"
        composer = self.env["mail.compose.message"].create(
            {"model": "res.partner", "res_ids": str(self.partner.ids)}
        )
        self.assertFalse(composer.exception_template_ids)
        self.assertFalse(composer.exception_answer)
