"""Two processes assign at once, and a person takes meanwhile: real transactions, committed."""

import threading
from collections import Counter

import psycopg2.errors
from committed import CommittedCase
from processes import run_together

from odoo.tests import get_db_name, new_test_user, tagged

PEOPLE = 3
CASES = 600
ASSIGN = """
env["exception.case"]._assign_waiting()
"""


@tagged("post_install", "-at_install")
class TestAssignProcesses(CommittedCase):
    """What is made here is committed, because other processes must see it, and removed again."""

    def setUp(self):
        super().setUp()
        self.made = []
        with self.committed() as env:
            people = [
                new_test_user(
                    env,
                    f"assign_processes_{number}",
                    groups="exception_core.group_user",
                    notification_type="inbox",
                )
                for number in range(PEOPLE)
            ]
            self.user_ids = [user.id for user in people]
            self.team_id = self._create_team(env).id
            self._create_cases(env)

    def _create_team(self, env):
        team = env["exception.team"].create(
            {
                "name": "Assign at once",
                "code": "test_assign_processes",
                "lead_id": self.user_ids[0],
                "member_ids": [(6, 0, self.user_ids)],
            }
        )
        self.made.append((team._name, team.ids))
        return team

    def _create_cases(self, env):
        kind = env["exception.type"].search([], limit=1)
        partners = env["res.partner"].create([{"name": f"Assign {n}"} for n in range(CASES // 2)])
        rows = [
            {
                "title": "Waits for somebody",
                "type_id": kind.id,
                "team_id": self.team_id,
                "res_model": "res.partner",
                "res_id": partner.id,
            }
            # two cases on each record: a bundle is given as a whole
            for partner in partners
            for _twin in range(2)
        ]
        cases = env["exception.case"]._open_batch(rows)
        self.case_ids = cases.ids
        persons = env["res.users"].browse(self.user_ids).partner_id
        self.made.insert(0, (cases._name, cases.ids))
        self.made += [("res.users", self.user_ids), ("res.partner", (partners + persons).ids)]

    def _clean_up(self):
        with self.committed() as env:
            for model, ids in self.made:
                env[model].browse(ids).unlink()

    def _start_method(self, method):
        with self.committed() as env:
            env["exception.team"].browse(self.team_id).assignment_method = method

    def _messages(self, env):
        domain = [("partner_ids.user_ids", "in", self.user_ids)]
        return env["mail.message"].search([("message_type", "=", "user_notification"), *domain])

    def _result(self):
        """Return (cases by person, owners by record, messages by person)."""
        with self.committed() as env:
            cases = env["exception.case"].browse(self.case_ids)
            owners = {}
            for case in cases:
                owners.setdefault(case.res_id, set()).add(case.user_id.id)
            messages = self._messages(env)
            told = Counter(message.partner_ids.user_ids.id for message in messages)
            listed = sum(int(message.subject.split()[0]) for message in messages)
            return Counter(case.user_id.id for case in cases), owners, told, listed

    def test_two_processes(self):
        for method in ("round_robin", "least_loaded"):
            with self.subTest(method=method):
                self._start_method(method)
                run_together(get_db_name(), ASSIGN, ASSIGN)
                shares, owners, told, listed = self._result()
                self.assertEqual(sum(shares.values()), CASES)
                self.assertEqual(set(shares), set(self.user_ids), "everything is given")
                self.assertLessEqual(max(shares.values()) - min(shares.values()), 4)
                self.assertTrue(all(len(people) == 1 for people in owners.values()))
                self.assertEqual(listed, CASES, "each case is announced exactly once")
                self.assertLessEqual(max(told.values()), 2, "at most once by each process")
                self._forget()

    def _forget(self):
        self._start_method("manual")
        with self.committed() as env:
            env["exception.case"].browse(self.case_ids).write({"user_id": False})
            self._messages(env).unlink()

    def test_a_person_takes_at_the_same_moment(self):
        self._start_method("round_robin")
        taken = []
        stop = threading.Event()

        def take():
            while not stop.is_set() and len(taken) < 40:
                try:
                    with self.committed() as env:
                        cases = env(user=self.user_ids[0])["exception.case"]
                        action = cases.take_next(self.team_id)
                except psycopg2.errors.SerializationFailure:
                    continue
                taken.append(action.get("res_id"))

        person = threading.Thread(target=take)
        person.start()
        run_together(get_db_name(), ASSIGN, ASSIGN)
        stop.set()
        person.join(60)
        with self.committed() as env:
            cases = env["exception.case"].browse(self.case_ids)
            self.assertTrue(all(case.user_id for case in cases))
            mine = env["exception.case"].browse(filter(None, taken))
            self.assertEqual(mine.user_id.ids, [self.user_ids[0]])
            self.assertEqual(set(mine.mapped("state")), {"open"})
            begun = cases.filtered(lambda case: case.state == "open")
            self.assertEqual(begun.user_id.ids, [self.user_ids[0]])
