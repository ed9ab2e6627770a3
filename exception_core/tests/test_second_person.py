from odoo import SUPERUSER_ID
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .second_person_common import SecondPersonCommon


@tagged("post_install", "-at_install")
class TestSecondPerson(SecondPersonCommon):
    """What is in force changes when a second person agrees."""

    def test_change_waits_and_takes_effect_when_agreed(self):
        self._as(self.detector, "admin").write(
            {
                "domain": "[('ref', '=', 'x')]",
                "parameter_ids": [(1, self.parameter.id, {"value": "300"})],
                "change_reason": "Agreed with finance",
            }
        )
        change = self._waits(self.detector)
        self.assertEqual(self.parameter.value, "3")
        self.assertEqual(self.detector.domain, "[('id', '=', False)]")
        self.assertIn("300", str(change.difference))
        self.assertEqual(change.reason, "Agreed with finance")
        self._agree(change)
        self.assertEqual(self.parameter.value, "300")
        self.assertEqual(self.detector.domain, "[('ref', '=', 'x')]")
        version = self._versions(self.detector)[-1]
        self.assertEqual((version.way, version.author_id), ("agreed", self.user_admin))
        self.assertEqual((version.agreed_by_id, version.reason), (self.second, change.reason))
        self.assertEqual((change.state, change.decided_by_id), ("agreed", self.second))

    def test_trail_tells_who_asked_and_who_agreed(self):
        self._as(self.parameter, "admin").value = "300"
        change = self._waits(self.detector)
        self._agree(change)
        entries = self.env["exception.audit.entry"].search(
            [("res_model", "=", "exception.detector"), ("res_id", "=", self.detector.id)],
            order="id",
        )
        events = entries.filtered(lambda one: one.event != "config.changed")
        self.assertEqual(events.mapped("event"), ["config.proposed", "config.agreed"])
        self.assertEqual(events.mapped("user_id"), self.user_admin | self.second)
        self.assertIn("300", events[1].after)
        self.assertEqual(events[1].reason, change.reason)

    def test_author_cannot_agree(self):
        self._as(self.parameter, "admin").value = "300"
        change = self._waits(self.detector)
        with self.assertRaisesRegex(UserError, "You asked for it"):
            self._agree(change, role="admin")

    def test_administrators_may_where_a_setting_says_so_and_the_trail_says_it(self):
        self._ask_for("admin")
        self._as(self.parameter, "admin").value = "300"
        change = self._waits(self.detector)
        self._agree(change, role="admin")
        self.assertTrue(change.own_agreement)
        entry = self.env["exception.audit.entry"].search([("event", "=", "config.agreed")], limit=1)
        self.assertIn("own_agreement", entry.data)

    def test_who_could_not_make_it_cannot_agree(self):
        self._as(self.parameter, "admin").value = "300"
        change = self._waits(self.detector)
        change.with_user(self.user_admin).explain("Agreed with finance")
        for role in ("manager", "lead", "auditor", "agent", "outsider"):
            with self.subTest(role=role), self.assertRaises(UserError):
                self._as(change, role).agree()
        self.assertEqual(self.parameter.value, "3")

    def test_no_program_agrees_in_a_persons_name(self):
        self._as(self.parameter, "admin").value = "300"
        change = self._waits(self.detector)
        change.with_user(self.user_admin).explain("Agreed with finance")
        for attempt in (
            change.with_user(SUPERUSER_ID),
            change.with_user(self.second).sudo(),
        ):
            with self.assertRaises(UserError):
                attempt.agree()
        self.second.active = False
        with self.assertRaises(UserError):
            change.with_user(self.second).agree()

    def test_nobody_forges_a_change(self):
        self._as(self.parameter, "admin").value = "300"
        change = self._waits(self.detector)
        for role in ("admin", "second", "auditor"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self._as(change, role).write({"author_id": self.user_colleague.id})
            with self.subTest(role=role), self.assertRaises(AccessError):
                self._as(change, role).copy()
            with self.subTest(role=role), self.assertRaises(AccessError):
                self._as(change, role).unlink()

    def test_reason_comes_before_agreement(self):
        self._as(self.parameter, "admin").value = "300"
        change = self._waits(self.detector)
        with self.assertRaisesRegex(UserError, "why"):
            self._as(change, "second").agree()
        with self.assertRaisesRegex(UserError, "Only who asked"):
            self._as(change, "second").explain("I do not know")

    def test_record_that_changed_meanwhile_is_compared_anew(self):
        self._as(self.parameter, "admin").value = "300"
        change = self._waits(self.detector)
        self.parameter.value = "5"
        self._end()
        change.invalidate_recordset()
        self.assertTrue(change.is_outdated)
        with self.assertRaisesRegex(UserError, "changed after this was asked"):
            self._agree(change)
        self._as(change, "second").compare_anew()
        change.invalidate_recordset()
        self.assertFalse(change.is_outdated)
        rows = self.env["exception.config.version"]._rows(
            "exception.detector", change.before, change.after
        )
        self.assertEqual([(row["before"], row["after"]) for row in rows], [("5", "300")])
        self._agree(change)
        self.assertEqual(self.parameter.value, "300")

    def test_withdrawn_changes_nothing(self):
        self._as(self.parameter, "admin").value = "300"
        change = self._waits(self.detector)
        with self.assertRaises(UserError):
            self._as(change, "manager").withdraw()
        self._as(change, "admin").withdraw()
        self._end()
        self.assertEqual((change.state, self.parameter.value), ("withdrawn", "3"))
        with self.assertRaisesRegex(UserError, "decided already"):
            self._as(change, "second").agree()

    def test_more_by_its_author_joins_the_change(self):
        self._as(self.parameter, "admin").value = "300"
        self._as(self.detector, "admin").domain = "[('ref', '=', 'x')]"
        change = self._waits(self.detector)
        self.assertIn("300", str(change.difference))
        self.assertIn("ref", str(change.difference))
        with self.assertRaisesRegex(UserError, "waits for a second person"):
            self._as(self.detector, "second").domain = "[('ref', '=', 'y')]"
        self._agree(change)
        self.assertEqual((self.parameter.value, self.detector.domain[2:5]), ("300", "'re"))

    def test_what_is_wrong_is_refused_at_once(self):
        with self.assertRaises(UserError):
            self._as(self.parameter, "admin").value = "many"
        self.assertFalse(self._change_of(self.detector))

    def test_form_shows_what_waits_and_what_one_can_do(self):
        self._as(self.parameter, "admin").value = "300"
        self._waits(self.detector)
        mine, theirs = self._as(self.detector, "admin"), self._as(self.detector, "second")
        self.assertTrue(mine.is_waiting)
        self.assertIn("300", str(theirs.waiting_difference))
        self.assertEqual((mine.waiting_can, theirs.waiting_can), ("explain", "none"))
        self._change_of(self.detector).with_user(self.user_admin).explain("Why not")
        self.env.invalidate_all()
        self.assertEqual((mine.waiting_can, theirs.waiting_can), ("none", "agree"))
        self.assertFalse(self._as(self.detector, "agent").waiting_can_withdraw)
        theirs.action_agree_change()
        self.env.invalidate_all()
        self.assertFalse(theirs.is_waiting)
        self.assertEqual(self.parameter.value, "300")

    def test_words_go_to_the_language_of_their_author(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self._as(self.parameter, "admin").with_context(lang="fr_FR").label = "Jours"
        self._agree(self._waits(self.detector))
        self.assertEqual(self.parameter.with_context(lang="fr_FR").label, "Jours")
        self.assertEqual(self.parameter.with_context(lang="en_US").label, "Days")

    def test_two_who_agree_at_once(self):
        self._as(self.parameter, "admin").value = "300"
        change = self._waits(self.detector)
        third = self._create_user("test_exception_third", "exception_core.group_admin")
        self._agree(change)
        with self.assertRaisesRegex(UserError, "decided already"):
            change.with_user(third).agree()
        self.assertEqual(change.decided_by_id, self.second)
