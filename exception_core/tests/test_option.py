from odoo.exceptions import UserError
from odoo.tests import tagged

from .option_common import OptionCommon


@tagged("post_install", "-at_install")
class TestOption(OptionCommon):
    """Ways out: proposed, ranked, chosen once."""

    def test_ranked_and_said_why(self):
        options = self._propose()
        self.assertEqual(list(options), ["split", "ship", "refund"])
        self.assertEqual([one.rank for one in options.values()], [1, 2, 3])
        self.assertEqual(set(self.case.option_ids.mapped("state")), {"proposed"})
        why = options["ship"].why
        self.assertIn("Place 2 of 3", why)
        self.assertIn("costs $", why.replace("\N{NO-BREAK SPACE}", " "))
        self.assertIn("1 day", why)
        self.assertEqual(options["ship"].preview, f"Writes ship on {self.case.name}")

    def test_choose_does_it_and_rules_out_the_others(self):
        options = self._propose()
        run = self._choose(options["ship"])
        self.assertEqual((run.state, self.case.description), ("done", "ship"))
        self.assertEqual(run.option_id, options["ship"])
        self.assertIn("place 2 of 3", run.reason)
        states = {key: one.state for key, one in options.items()}
        expected = {"ship": "chosen", "split": "dismissed", "refund": "dismissed"}
        self.assertEqual(states, expected)
        self.assertEqual(options["ship"].chosen_by, self.user_agent)
        for option in options.values():
            with self.assertRaises(UserError):
                option.with_user(self.user_agent).choose()
        self.assertEqual(len(self.case.run_ids), 1)
