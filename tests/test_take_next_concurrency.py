"""Two agents ask for the next case at once: real transactions on connections of their own."""

import threading

import psycopg2.errors
from committed import CommittedCase

from odoo.tests import new_test_user, tagged

AGENTS = 4
CASES = 12


@tagged("post_install", "-at_install")
class TestTakeNextConcurrency(CommittedCase):
    """What is made here is committed, because the threads must see it, and removed again."""

    def setUp(self):
        super().setUp()
        self.made = []
        with self.committed() as env:
            agents = [
                new_test_user(env, f"take_next_{number}", groups="exception_core.group_user")
                for number in range(AGENTS)
            ]
            team = env["exception.team"].create(
                {
                    "name": "Take next",
                    "code": "test_take_next",
                    "lead_id": agents[0].id,
                    "member_ids": [(6, 0, [agent.id for agent in agents])],
                }
            )
            kind = env["exception.type"].search([], limit=1)
            partners = env["res.partner"].create([{"name": f"Case {n}"} for n in range(CASES)])
            cases = env["exception.case"].create(
                [
                    {
                        "title": "Taken at once",
                        "type_id": kind.id,
                        "team_id": team.id,
                        "res_model": "res.partner",
                        "res_id": partner.id,
                    }
                    # two cases on each record: a bundle is taken as a whole
                    for partner in partners
                    for _twin in range(2)
                ]
            )
            persons = [agent.partner_id.id for agent in agents]
            self.user_ids = [agent.id for agent in agents]
            self.made = [
                (cases._name, cases.ids),
                (team._name, team.ids),
                ("res.users", self.user_ids),
                ("res.partner", partners.ids + persons),
            ]

    def _clean_up(self):
        with self.committed() as env:
            for model, ids in self.made:
                env[model].browse(ids).unlink()

    def _work(self, user_id, start, taken, errors):
        """Take one case after the other, as an agent would, until nothing is left."""
        start.wait()
        try:
            while True:
                try:
                    with self.committed() as env:
                        action = env(user=user_id)["exception.case"].take_next()
                except psycopg2.errors.SerializationFailure:
                    # the row was taken meanwhile: a request is tried again by Odoo, too
                    continue
                if "res_id" not in action:
                    return
                taken.append((user_id, action["res_id"]))
        except Exception as error:
            errors.append(error)

    def test_nobody_gets_what_somebody_else_got(self):
        taken, errors = [], []
        start = threading.Barrier(AGENTS)
        threads = [
            threading.Thread(target=self._work, args=(user_id, start, taken, errors))
            for user_id in self.user_ids
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        self.assertFalse(errors)
        ids = [case_id for _user_id, case_id in taken]
        self.assertEqual(len(ids), CASES)
        self.assertEqual(len(set(ids)), CASES)
        with self.committed() as env:
            for user_id, case_id in taken:
                case = env["exception.case"].browse(case_id)
                domain = [("res_model", "=", case.res_model), ("res_id", "=", case.res_id)]
                owners = env["exception.case"].search(domain).user_id
                self.assertEqual(owners.ids, [user_id])
