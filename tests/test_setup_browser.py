"""The browser that the journeys rely on: Odoo's tests find it, and it shows a page of this Odoo."""

from odoo.tests import HttpCase, tagged


@tagged("post_install", "-at_install")
class TestBrowser(HttpCase):
    """A real Chromium loads a page from the test server and runs its scripts."""

    def test_login_page_shows_its_form(self):
        """The check runs in the browser: only what Chromium rendered can pass it."""
        code = """
            const login = document.querySelector("form.oe_login_form input[name=login]");
            if (login && login.getBoundingClientRect().width > 0) {
                console.log("test successful");
            } else {
                console.error("the login form is not on the page");
            }
        """
        self.browser_js("/web/login", code, ready="document.readyState === 'complete'", login=None)

    def test_failing_check_fails(self):
        """An error in the page reaches the test: the test above could not pass by accident."""
        with self.assertRaises(Exception) as caught, self.assertLogs("odoo", "ERROR"):
            self.browser_js("/web/login", "console.error('seen to fail')", login=None)
        self.assertIn("seen to fail", str(caught.exception))
