"""Events that go out, while receivers misbehave, senders are killed and two send at once."""

import os
import time
import uuid
from unittest.mock import patch

from committed import CommittedCase
from cryptography.fernet import Fernet
from nursery import Nursery

from odoo.tests import get_db_name, tagged
from odoo.tools import SQL

from faults.event_receiver import EventReceiver

DRAIN = "result = env['exception.delivery']._drain()"
BAD = ("500", "hang", "reset", "redirect", "drip")
CASES = 20
KILLS = 5
TIMEOUT = 10


@tagged("post_install", "-at_install")
class TestDeliveryFaults(CommittedCase):
    """Nothing is lost, everything has one id, order is kept, and nobody waits for a bad one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        key = patch.dict(os.environ, {"EXCEPTION_SECRET_KEY": Fernet.generate_key().decode()})
        key.__enter__()
        cls.addClassCleanup(key.__exit__, None, None, None)
        cls.nursery = Nursery(get_db_name())
        cls.addClassCleanup(cls.nursery.close)

    def setUp(self):
        super().setUp()
        self.mark = f"fault-{uuid.uuid4().hex[:8]}"
        self.receiver = EventReceiver()
        self.addCleanup(self.receiver.close)
        self.subscription_ids, self.case_ids = {}, []

    def _subscribe(self, *paths, **values):
        with self.committed() as env:
            for path in paths:
                one = env["exception.subscription"].create(
                    {
                        "name": f"{self.mark} {path}",
                        "url": self.receiver.url(path),
                        "domain": f"[('title', '=', '{self.mark}')]",
                        "allow_private": True,
                        "allow_http": True,
                        **values,
                    }
                )
                one.action_activate()
                self.receiver.secrets[path] = one._secrets()[0]
                self.subscription_ids[path] = one.id

    def _open_cases(self, count=CASES, changes=0):
        """Open cases, and change each so often: one event each time."""
        with self.committed() as env:
            partners = self._create_partners(env, count)
            kind = env.ref("exception_core.type_contact_unusable")
            rows = [
                {
                    "title": self.mark,
                    "type_id": kind.id,
                    "res_model": "res.partner",
                    "res_id": partner.id,
                    "company_id": env.company.id,
                }
                for partner in partners
            ]
            cases = env["exception.case"]._open_batch(rows)
            self.case_ids = cases.ids
            for number in range(changes):
                if number % 2:
                    cases.resume()
                else:
                    cases.wait("customer", note="asked")
            # here a worker is the job runner
            env.cr.postcommit.clear()

    def _rows(self, path):
        with self.registry.cursor() as cr:
            cr.execute(
                SQL(
                    """SELECT message_id, state, attempts, error, case_id FROM exception_delivery
                        WHERE subscription_id = %s ORDER BY id""",
                    self.subscription_ids[path],
                )
            )
            return cr.dictfetchall()

    def _states(self, path):
        return {row["state"] for row in self._rows(path)}

    def _clean_up(self):
        with self.committed() as env:
            ids = list(self.subscription_ids.values())
            env.cr.execute(
                SQL("DELETE FROM exception_delivery WHERE subscription_id = ANY(%s)", ids)
            )
            env["queue.job"].search(
                [("identity_key", "=like", "exception.delivery.drain%")]
            ).unlink()
            env["exception.subscription"].browse(ids).unlink()
            env["exception.case"].browse(self.case_ids).unlink()
            env["res.partner"].search([("ref", "=", self.mark)]).unlink()

    # ------------------------------------------------------------------
    # receivers
    # ------------------------------------------------------------------

    def test_bad_receivers_do_not_delay_a_good_one(self):
        self._subscribe("ok", *BAD, "huge", failures_to_open=1)
        self._open_cases()
        worker = self.nursery.start(DRAIN)
        began = time.monotonic()
        while time.monotonic() - began < TIMEOUT and self._states("ok") != {"delivered"}:
            time.sleep(0.1)
        good = time.monotonic() - began
        self.assertEqual(self._states("ok"), {"delivered"})
        self.assertLess(good, TIMEOUT / 2, "while others hang")
        worker.wait()
        self.assertLess(time.monotonic() - began, TIMEOUT + 5, "hanging ones are given up in time")
        for path in BAD:
            rows = self._rows(path)
            self.assertEqual({row["state"] for row in rows}, {"waiting"}, path)
            self.assertEqual(sum(row["attempts"] for row in rows), 1, path)
            self.assertTrue(rows[0]["error"], path)
        # an answer of ten gigabytes is an answer: the rest of it is nobody's business
        self.assertEqual(self._states("huge"), {"delivered"})
        self.assertFalse(self.receiver.arrived["followed"], "a redirect was followed")
        self.assertFalse(self.receiver.forged)

    def test_a_receiver_that_was_down_gets_everything(self):
        self._subscribe("ok", waits="1s, 1s, 1s, 1s, 1s")
        self._open_cases(5)
        with self.committed() as env:
            one = env["exception.subscription"].browse(self.subscription_ids["ok"])
            one.url = f"http://127.0.0.1:{self._unused_port()}/ok"
        self.nursery.run(DRAIN)
        self.assertEqual(self._states("ok"), {"waiting"})
        self.assertFalse(self.receiver.arrived["ok"])
        with self.committed() as env:
            one = env["exception.subscription"].browse(self.subscription_ids["ok"])
            one.write({"url": self.receiver.url("ok")})
            one.write({"circuit": "closed", "failures": 0})
            env.cr.execute(SQL("UPDATE exception_delivery SET next_at = created_at"))
        self.nursery.run(DRAIN)
        self.assertEqual(self._states("ok"), {"delivered"})
        self.assertEqual(len(self.receiver.ids("ok")), 5)

    def _unused_port(self):
        other = EventReceiver()
        other.close()
        return other.port

    def test_private_addresses_are_not_called(self):
        self._subscribe("ok")
        with self.committed() as env:
            # as if the name had led elsewhere when it was saved
            env.cr.execute(
                SQL(
                    "UPDATE exception_subscription SET allow_private = FALSE WHERE id = %s",
                    self.subscription_ids["ok"],
                )
            )
        self._open_cases(1)
        self.nursery.run(DRAIN)
        self.assertFalse(self.receiver.arrived)
        self.assertIn("private", self._rows("ok")[0]["error"])

    # ------------------------------------------------------------------
    # senders
    # ------------------------------------------------------------------

    def test_killed_between_sending_and_storing(self):
        self._subscribe("ok")
        self._open_cases(changes=4)
        self.receiver.pause = 0.02
        kills = 0
        for _number in range(KILLS):
            worker = self.nursery.start(DRAIN)
            seen = len(self.receiver.arrived["ok"])
            began = time.monotonic()
            while len(self.receiver.arrived["ok"]) < seen + 8 and time.monotonic() - began < 10:
                time.sleep(0.005)
            kills += worker.kill()
        self.assertGreaterEqual(kills, 3, "some were killed in the middle")
        self.nursery.run(DRAIN)
        rows = self._rows("ok")
        self.assertEqual({row["state"] for row in rows}, {"delivered"}, "none is lost")
        arrived = self.receiver.ids("ok")
        self.assertEqual(set(arrived), {row["message_id"] for row in rows})
        self.assertGreater(len(arrived), len(rows), "what was in doubt was sent again, same id")
        for case_id, ids in self.receiver.by_case("ok").items():
            expected = [row["message_id"] for row in rows if row["case_id"] == case_id]
            self.assertEqual(ids, expected, "order per case")
        self.assertFalse(self.receiver.forged)

    def test_two_senders_at_once(self):
        self._subscribe("ok")
        self._open_cases(changes=2)
        self.receiver.pause = 0.01
        workers = [self.nursery.start(DRAIN) for _number in range(2)]
        for worker in workers:
            worker.wait()
        self.nursery.run(DRAIN)
        arrived = self.receiver.ids("ok")
        self.assertEqual(len(arrived), len(set(arrived)), "each is sent once")
        self.assertEqual(set(arrived), {row["message_id"] for row in self._rows("ok")})
        self.assertEqual(self.receiver.most_at_work["ok"], 1, "one at a time")

    def test_what_was_taken_back_is_not_told(self):
        self._subscribe("ok")
        with self.registry.cursor() as cr:
            from odoo import SUPERUSER_ID, api

            env = api.Environment(cr, SUPERUSER_ID, {})
            kind = env.ref("exception_core.type_contact_unusable")
            env["exception.case"].create({"title": self.mark, "type_id": kind.id})
            env.flush_all()
            cr.rollback()
        self.nursery.run(DRAIN)
        self.assertFalse(self._rows("ok"))
        self.assertFalse(self.receiver.arrived)
