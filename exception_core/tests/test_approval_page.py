import re
from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .approval_common import ApprovalCommon


@tagged("post_install", "-at_install")
class TestApprovalPage(ApprovalCommon, HttpCase):
    """The page of a mail's link: it shows without a login, and only its buttons decide."""

    def setUp(self):
        super().setUp()
        self.approval = self._ask(amount=321.0, reason="The parcel is lost")
        self.token = self._link(self.approval, self.finance)
        self.path = f"/exception/approval/{self.token}"

    def _link(self, approval, user):
        tokens = self.env["exception.approval.token"]
        return tokens._draw(approval.step_ids[:1], user, "mail", timedelta(days=7))[user]

    def _show(self, path=None, kind="open"):
        answer = self.url_open(path or self.path)
        self.assertIn(f'data-kind="{kind}"', answer.text)
        return answer

    def _press(self, decision, comment="", page=None):
        """Press a button of the page as a browser does."""
        page = page or self._show()
        csrf = re.search(r'name="csrf_token" value="([^"]+)"', page.text)[1]
        data = {"csrf_token": csrf, "decision": decision, "comment": comment}
        return self.url_open(f"{self.path}/decide", data=data)

    def _fingerprint(self):
        """Return a number for the content of every table that the suite or a decision writes."""
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
            " AND table_type = 'BASE TABLE' AND (table_name LIKE 'exception%'"
            " OR table_name IN ('mail_activity', 'mail_message', 'mail_mail', 'bus_bus'))"
        )
        found = {}
        for (table,) in self.env.cr.fetchall():
            self.env.cr.execute(f'SELECT count(*), sum(hashtext(t::text)) FROM "{table}" t')
            found[table] = self.env.cr.fetchone()
        return found

    def _assert_undecided(self):
        self.env.invalidate_all()
        self.assertEqual(self.approval.state, "pending")
        self.assertFalse(self.approval.step_ids.decision_ids)

    def test_the_link_of_another_mail_says_that_you_have_decided(self):
        reminder = self._link(self.approval, self.finance)
        self._press("approve")
        page = self._show(f"/exception/approval/{reminder}", kind="used")
        self.assertIn("you approved this request on", page.text)

    def test_it_shows_what_is_asked_and_changes_nothing(self):
        before = self._fingerprint()
        page = self._show()
        for words in ("321.00", "The parcel is lost", self.finance.name, self.approval.name):
            self.assertIn(words, page.text)
        self.assertEqual(self._fingerprint(), before)
        self.assertEqual(page.headers["Referrer-Policy"], "no-referrer")
        self.assertEqual(page.headers["Cache-Control"], "no-store")
        self.assertEqual(page.headers["X-Frame-Options"], "DENY")
        self.assertIn("noindex", page.headers["X-Robots-Tag"])
        self.assertNotIn("<script", page.text)

    def test_programs_that_follow_links_decide_nothing(self):
        """Mail scanners open links, ask for their head, try other methods, and press nothing."""
        before = self._fingerprint()
        for _again in range(3):
            self._show()
        url = f"{self.base_url()}{self.path}"
        self.assertEqual(self.opener.head(url).status_code, 200)
        self.opener.options(url)
        for method in ("put", "delete", "patch"):
            self.assertEqual(getattr(self.opener, method)(url).status_code, 405)
        # the address of the form, opened or asked for
        self.assertIn(self.opener.get(f"{url}/decide").status_code, (404, 405))
        self.assertIn(self.opener.head(f"{url}/decide").status_code, (404, 405))
        for query in ("?decision=approve", "?decision=reject&comment=x", "?approve"):
            self._show(f"{self.path}{query}")
        self.assertEqual(self._fingerprint(), before)
        self._assert_undecided()

    @mute_logger("odoo.http")
    def test_a_form_of_another_site_decides_nothing(self):
        self._show()
        for csrf in ({}, {"csrf_token": "forged"}):
            data = {"decision": "approve", **csrf}
            answer = self.opener.post(f"{self.base_url()}{self.path}/decide", data=data)
            self.assertEqual(answer.status_code, 400)
        self._assert_undecided()

    def test_approving(self):
        page = self._press("approve", "Fine")
        self.assertIn('data-kind="used"', page.text)
        self.assertIn("approved", page.text)
        self.env.invalidate_all()
        self.assertEqual(self.approval.state, "approved")
        decision = self.approval.step_ids.decision_ids
        self.assertEqual(
            (decision.user_id, decision.way, decision.comment), (self.finance, "mail", "Fine")
        )

    def test_the_trail_names_the_person_and_not_the_public(self):
        self._press("approve")
        self.env.invalidate_all()
        entries = self.env["exception.audit.entry"].search(
            [("case_id", "=", self.approval.case_id.id), ("event", "=like", "approval.%")]
        )
        self.assertEqual(entries.user_id, self.finance | self.user_agent)
        notes = self.approval.case_id.message_ids.author_id
        self.assertNotIn(self.env.ref("base.public_partner"), notes)

    def test_rejecting_needs_words(self):
        page = self._press("reject")
        self.assertIn('role="alert"', page.text)
        self._assert_undecided()
        page = self._press("reject", "Too <b>much</b>", page=page)
        self.env.invalidate_all()
        self.assertEqual(self.approval.state, "rejected")
        self.assertEqual(self.approval.conclusion, "Too <b>much</b>")

    def test_what_the_database_cannot_keep_is_left_out(self):
        self._press("reject", "too\0 dear")
        self.env.invalidate_all()
        self.assertEqual(self.approval.step_ids.decision_ids.comment, "too dear")

    def test_a_path_that_is_no_token(self):
        page = self._show()
        csrf = re.search(r'name="csrf_token" value="([^"]+)"', page.text)[1]
        data = {"csrf_token": csrf, "decision": "approve"}
        for path in ("x%0d%0aSet-Cookie:%20a=b", "%00", "..%5c..%5cevil.example.com", "é" * 500):
            with self.subTest(path):
                answer = self.url_open(f"/exception/approval/{path}/decide", data=data)
                self.assertEqual(answer.status_code, 404)
                self.assertNotIn("a=b", str(answer.cookies))
        self._assert_undecided()

    def test_what_was_typed_is_shown_as_text(self):
        page = self._press("perhaps", '"><script>alert(1)</script>')
        self.assertNotIn("<script", page.text)
        self._assert_undecided()

    def test_it_is_good_once(self):
        page = self._show()
        self._press("approve", page=page)
        again = self._press("reject", "I meant no", page=page)
        self.assertIn('data-kind="used"', again.text)
        self.env.invalidate_all()
        self.assertEqual(self.approval.state, "approved")

    def test_a_used_link_tells_nothing_of_the_request(self):
        self._press("approve")
        page = self._show(kind="used")
        for words in ("321.00", "The parcel is lost"):
            self.assertNotIn(words, page.text)

    def test_expired(self):
        with freeze_time(fields.Datetime.now() + timedelta(days=8)):
            self._show(kind="expired")

    def test_withdrawn(self):
        self.approval.with_user(self.user_agent).withdraw("Mistake")
        self._show(kind="withdrawn")

    def test_decided_by_somebody_else(self):
        self.matrix.level_ids.approver_user_ids |= self.director
        self.approval = self._ask(amount=55.0)
        self.path = f"/exception/approval/{self._link(self.approval, self.finance)}"
        page = self._show()
        self.approval.with_user(self.director).approve()
        self._show(kind="decided")
        self.assertIn('data-kind="decided"', self._press("reject", "No", page=page).text)
        self.env.invalidate_all()
        self.assertEqual(self.approval.state, "approved")

    def test_somebody_who_must_not_decide_any_more(self):
        page = self._show()
        self.finance.groups_id -= self.env.ref("exception_core.group_approver")
        answer = self._show(kind="refused")
        self.assertEqual(answer.status_code, 403)
        self.assertNotIn("321.00", answer.text)
        self._press("approve", page=page)
        self._assert_undecided()

    def test_unknown_links(self):
        for token in ("x", "a.b", self.token[:-1], self.token.swapcase(), "%00", "é"):
            answer = self.url_open(f"/exception/approval/{token}")
            self.assertEqual(answer.status_code, 404)
            self.assertNotIn("Traceback", answer.text)

    def test_the_link_is_the_persons_whoever_is_logged_in(self):
        self.authenticate(self.user_agent.login, self.user_agent.login)
        page = self._show()
        self.assertIn(self.finance.name, page.text)
        self._press("approve", page=page)
        self.env.invalidate_all()
        self.assertEqual(self.approval.step_ids.decision_ids.user_id, self.finance)
