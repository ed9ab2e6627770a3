from datetime import timedelta

from odoo.http import root
from odoo.tests import HttpCase, tagged

from .approval_common import ApprovalCommon

# Presses a button of the page once it is there, and waits for the page that follows.
PRESS = """
    if (!window.pressed && document.querySelector("%(field)s")) {
        document.querySelector("textarea").value = "%(comment)s";
        const button = document.querySelector("button[value=%(decision)s]");
        const fits = document.documentElement.scrollWidth <= window.innerWidth;
        window.pressed = fits && button.getBoundingClientRect().height >= 44;
        if (window.pressed) {
            button.click();
        }
    }
    Boolean(document.querySelector("main[data-kind=used]"))
"""


class ApprovalTourCase(ApprovalCommon, HttpCase):
    """A manager who is asked, in a real browser; afterwards the database is asked."""

    browser_size = "1440,900"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # read the manifests here: CPython 3.11 stumbles when two requests parse them at once
        cls.assertTrue(cls, root.statics)

    def _ask_for(self, title="Tour request", **values):
        case = self._create_case(title=title, amount=100.0, user_id=self.user_agent.id, **values)
        return self._ask(case=case)

    def _press(self, approval, decision, comment=""):
        """Open the link of a mail without a login, and press a button of its page."""
        tokens = self.env["exception.approval.token"]
        steps = approval.step_ids
        token = tokens._draw(steps, self.finance, "mail", timedelta(days=1))[self.finance]
        ready = PRESS % {"field": "textarea", "decision": decision, "comment": comment}
        self.browser_js(
            f"/exception/approval/{token}", "console.log('test successful')", ready=ready
        )
        self.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestApprovalTours(ApprovalTourCase):
    """The ways to decide at a desk."""

    def test_manager_approves_from_the_systray(self):
        approval = self._ask_for()
        self.start_tour("/web", "exception_approval_systray", login=self.finance.login)
        self.assertEqual(approval.state, "approved")
        self.assertEqual(approval.step_ids.decision_ids.way, "activity")
        self.assertEqual(approval.case_id.state, "open")

    def test_rejecting_from_the_chatter_returns_the_case_with_the_reason(self):
        approval = self._ask_for()
        case = approval.case_id
        url = f"/web#id={case.id}&model=exception.case&view_type=form"
        self.start_tour(url, "exception_approval_chatter", login=self.finance.login)
        self.assertEqual((approval.state, case.state), ("rejected", "open"))
        self.assertEqual(approval.conclusion, "The carrier pays for this")
        self.assertEqual(case.user_id, self.user_agent)

    def test_many_in_the_list(self):
        mine = [self._ask_for(title=f"Tour request {number}") for number in range(2)]
        other = self._ask_for(title="Tour request 3")
        # a case that became one's own meanwhile is not one's to decide
        self.finance.groups_id |= self.env.ref("exception_core.group_user")
        other.case_id.user_id = self.finance
        self.start_tour("/web", "exception_approval_bulk", login=self.finance.login)
        self.assertEqual([one.state for one in mine], ["approved", "approved"])
        self.assertEqual(other.state, "pending")

    def test_mail_link_without_a_login(self):
        approval = self._ask_for()
        self._press(approval, "approve")
        self.assertEqual(approval.state, "approved")
        self.assertEqual(approval.step_ids.decision_ids.way, "mail")


@tagged("post_install", "-at_install")
class TestApprovalPhone(ApprovalTourCase):
    """The ways to decide on a phone."""

    browser_size = "390,844"
    touch_enabled = True

    def test_card(self):
        approval = self._ask_for()
        self.start_tour("/web", "exception_approval_phone", login=self.finance.login)
        self.assertEqual(approval.state, "approved")

    def test_mail_link(self):
        approval = self._ask_for()
        self._press(approval, "reject", "Not like this")
        self.assertEqual((approval.state, approval.conclusion), ("rejected", "Not like this"))
