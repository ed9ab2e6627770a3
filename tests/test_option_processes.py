"""Two people choose ways out of one case at once, on connections of their own."""

from unittest.mock import patch

from committed import CommittedCase
from psycopg2.errors import SerializationFailure

from odoo.api import Environment
from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

ASSIGN = "exception_core.action_assign"


@tagged("post_install", "-at_install")
class TestOptionProcesses(CommittedCase):
    """What is made here is committed, because the connections must see it, and removed again."""

    def setUp(self):
        super().setUp()
        with self.committed() as env:
            kwargs = {"groups": "exception_core.group_user"}
            users = [new_test_user(env, f"chooses_{n}", **kwargs) for n in range(2)]
            self.user_ids = [user.id for user in users]
            case = env["exception.case"].create(
                {"title": "Chosen at once", "type_id": env["exception.type"].search([], limit=1).id}
            )
            self.case_id = case.id
            self.ways = [
                {
                    "key": f"way_{uid}",
                    "name": f"Way {uid}",
                    "action": ASSIGN,
                    "values": {"user": uid},
                }
                for uid in self.user_ids
            ]
            with self._providers():
                case.with_user(users[0]).propose_options()

    def _providers(self):
        case_class = self.registry["exception.case"]
        return patch.object(case_class, "_option_providers", lambda case: [lambda: self.ways])

    def _clean_up(self):
        with self.committed() as env:
            env.cr.execute("DELETE FROM exception_option WHERE case_id = %s", [self.case_id])
            env.cr.execute("DELETE FROM exception_action_run WHERE case_id = %s", [self.case_id])
            env["exception.case"].browse(self.case_id).unlink()
            users = env["res.users"].browse(self.user_ids)
            partners = users.partner_id
            users.unlink()
            partners.unlink()

    def _option(self, env, number):
        key = f"way_{self.user_ids[number]}"
        return env["exception.option"].search([("case_id", "=", self.case_id), ("key", "=", key)])

    def _both_look(self, first, second):
        """Return the option of each person, seen in transactions that have begun."""
        users = zip((first, second), self.user_ids, strict=True)
        envs = [Environment(cr, uid, {}) for cr, uid in users]
        options = [self._option(env, number) for number, env in enumerate(envs)]
        self.assertEqual([option.state for option in options], ["proposed", "proposed"])
        return options

    def test_one_of_two_is_chosen(self):
        with self.registry.cursor() as first, self.registry.cursor() as second:
            mine, theirs = self._both_look(first, second)
            mine.choose()
            first.commit()
            # Odoo tries the whole request again
            with mute_logger("odoo.sql_db"), self.assertRaises(SerializationFailure):
                theirs.choose()
            second.rollback()
            theirs.env.invalidate_all()
            with self.assertRaisesRegex(UserError, "ruled out"):
                theirs.choose()
        with self.committed() as env:
            runs = env["exception.case"].browse(self.case_id).run_ids
            self.assertEqual(runs.requested_by.id, self.user_ids[0])
            self.assertEqual(len(runs), 1)

    def test_a_proposal_beside_a_choice_proposes_nothing_new(self):
        with self.registry.cursor() as first, self.registry.cursor() as second:
            mine, theirs = self._both_look(first, second)
            self.ways.append({"key": "later", "action": ASSIGN, "values": {"user": 1}})
            mine.choose()
            first.commit()
            with self._providers(), mute_logger("odoo.sql_db"):
                with self.assertRaises(SerializationFailure):
                    theirs.case_id.propose_options()
            second.rollback()
        with self.committed() as env:
            options = env["exception.case"].browse(self.case_id).option_ids
            self.assertEqual(sorted(options.mapped("state")), ["chosen", "dismissed"])

    def test_two_first_proposals_make_one(self):
        with self.committed() as env:
            env.cr.execute("DELETE FROM exception_option WHERE case_id = %s", [self.case_id])
        with self.registry.cursor() as first, self.registry.cursor() as second, self._providers():
            users = zip((first, second), self.user_ids, strict=True)
            mine, theirs = (
                Environment(cr, uid, {})["exception.case"].browse(self.case_id) for cr, uid in users
            )
            self.assertFalse(mine.option_ids or theirs.option_ids)
            mine.propose_options()
            first.commit()
            with mute_logger("odoo.sql_db"), self.assertRaises(SerializationFailure):
                theirs.propose_options()
            second.rollback()
            theirs.env.invalidate_all()
            self.assertEqual(len(theirs.propose_options()["options"]), 2)
            second.commit()
        with self.committed() as env:
            options = env["exception.case"].browse(self.case_id).option_ids
            self.assertEqual(len(options), 2)
            self.assertEqual(set(options.proposer_ids.ids), set(self.user_ids))
