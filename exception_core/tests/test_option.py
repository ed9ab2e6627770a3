import json

from odoo.exceptions import UserError, ValidationError
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

    def test_second_proposal_refreshes_and_withdraws(self):
        options = self._propose()
        self.ways = [self._way("ship", cost=1.0), self._way("call", cost=2.0)]
        again = self._propose()
        self.assertEqual(again["ship"], options["ship"])
        self.assertEqual((options["ship"].cost, options["ship"].rank), (1.0, 1))
        self.assertEqual(options["split"].state, "withdrawn")
        self.assertEqual(self.case.current_option_ids, again["ship"] | again["call"])

    def test_a_failed_way_is_given_up_for_another(self):
        code = self.describe.server_action_id
        code.code = "raise UserError('No stock')"
        failed = self._choose(self._propose()["ship"])
        self.assertEqual(failed.state, "failed")
        code.code = "case.write({'description': values['text']})"
        done = self._choose(self._propose()["split"])
        self.assertEqual((done.state, failed.state), ("done", "abandoned"))

    def test_dismiss(self):
        options = self._propose()
        split = options["split"].with_user(self.user_agent)
        with self.assertRaises(UserError):
            split.dismiss(" ")
        split.dismiss("the customer wants one parcel")
        self.assertEqual((split.state, split.dismissed_by), ("dismissed", self.user_agent))
        with self.assertRaisesRegex(UserError, "one parcel"):
            split.choose()
        dialog = self.env["exception.option.dismiss"].with_user(self.user_agent)
        dialog.create({"option_id": options["ship"].id, "reason": "no box"}).action_apply()
        self.assertEqual(options["ship"].state, "dismissed")

    def test_the_end_of_the_case_withdraws(self):
        options = self._propose()
        reason = self._create_reason(kind="cancellation")
        self.case.with_user(self.user_agent).cancel_case(reason.id)
        self.assertEqual(options["ship"].state, "withdrawn")
        self.assertFalse(self.case.can_propose_options)
        with self.assertRaisesRegex(UserError, "has ended"):
            self._propose()

    def test_on_the_trail(self):
        options = self._propose()
        self._choose(options["ship"])
        entries = self.case.audit_ids.filtered(lambda one: one.event.startswith("option."))
        by_event = {entry.event: entry for entry in entries}
        self.assertEqual(set(by_event), {"option.proposed", "option.chosen"})
        proposed = json.loads(by_event["option.proposed"].data)["options"]
        self.assertEqual([one["key"] for one in proposed], ["split", "ship", "refund"])
        chosen = json.loads(by_event["option.chosen"].data)
        self.assertEqual((chosen["key"], chosen["rank"]), ("ship", 2))
        self.assertEqual(chosen["not_taken"], ["split", "refund"])
        self.assertEqual(by_event["option.chosen"].user_id, self.user_agent)

    def test_needs_and_what_is_not_known(self):
        self.ways = [
            self._way("plain"),
            self._way("more", needs={"stock": "7 in the main warehouse", "courier": "a courier"}),
            self._way("open", delay_days=None, needs=["supplier"], note="Ask first"),
        ]
        options = self._propose()
        self.assertEqual(options["more"].needs_words, "stock: 7 in the main warehouse\na courier")
        self.assertEqual(options["open"].needs_words, "the supplier")
        self.assertEqual(options["open"].delay_words, "not known")
        self.assertEqual(list(options), ["plain", "more", "open"])

    def test_settings_weigh(self):
        company = self.case.company_id
        company.write({f"exception_option_{part}": 0 for part in ("margin", "delay", "needs")})
        self.assertEqual(list(self._propose()), ["refund", "ship", "split"])
        with self.assertRaisesRegex(ValidationError, "at least one part"):
            company.exception_option_cost = 0
        settings = self.env["exception.settings"].with_user(self.user_admin)
        with self.assertRaisesRegex(ValidationError, "at least 0"):
            settings.create({"exception_option_cost": -1}).execute()
        settings.create({"exception_option_cost": 0, "exception_option_delay": 9}).execute()
        self.assertEqual((company.exception_option_cost, company.exception_option_delay), (0, 9))
        versions = self.env["exception.config.version"].search(
            [("res_model", "=", "res.company"), ("res_id", "=", company.id)]
        )
        self.assertTrue(versions)
