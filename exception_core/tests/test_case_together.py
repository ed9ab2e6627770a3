from unittest.mock import patch

from odoo.sql_db import Cursor
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from .assignment import AssignmentCommon

DECIDE = "odoo.addons.exception_core.models.exception_case_decide"
SWEEP = "odoo.addons.exception_core.models.exception_detector_sweep"
# Of these every case has its own,.
OWN = {"id", "name", "res_id", "res_name", "create_date", "write_date", "assigned_at", "facts"}


@tagged("post_install", "-at_install")
class TestCaseTogether(AssignmentCommon):
    """What is decided on a batch of new cases is written once, whatever it is."""

    def _updates(self, count):
        """Open so many cases, and return the statements that wrote them once more."""
        found = []
        execute = Cursor.execute

        def spy(cursor, query, *args, **kwargs):
            text = " ".join((query.code if hasattr(query, "code") else str(query)).split())
            if text.replace('"', "").startswith("UPDATE exception_case SET"):
                found.append(text)
            return execute(cursor, query, *args, **kwargs)

        with patch.object(Cursor, "execute", spy):
            self._open(count)
            self.env.flush_all()
        return found

    def test_a_case_is_written_once(self):
        self.assertEqual(len(self._updates(6)), 1)
        self.assertEqual(len(self._updates(30)), 1, "no more for more cases")

    def test_different_decisions_are_written_by_what_was_decided(self):
        self.env["exception.rule"].create(
            {
                "name": "Dear ones",
                "domain": "[('company_amount', '>', 10)]",
                "severity": "1",
                "enabled": True,
            }
        )
        dear, cheap = self._open(3, amount=50), self._open(3, amount=5)
        self.assertEqual(set(dear.mapped("severity")), {"1"})
        self.assertEqual(set(cheap.mapped("severity")), {"3"})
        self.assertGreater(min(dear.mapped("score")), max(cheap.mapped("score")))
        self.assertEqual({case.decisions["severity"]["was"] for case in dear}, {"3"})

    def test_a_batch_stores_what_a_single_case_stores(self):
        self.desk.assignment_method = "manual"
        names = [
            name
            for name, field in self.env["exception.case"]._fields.items()
            if field.store and field.column_type and name not in OWN
        ]
        values = {"amount": 12.345, "facts": [{"key": "n", "label": "N", "value": 1}]}
        batch, single = self._open(2, **values)[0], self._open(1, **values)
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "SELECT %s FROM exception_case WHERE id = ANY(%s) ORDER BY id",
                SQL(", ").join(map(SQL.identifier, names)),
                (batch + single).ids,
            )
        )
        first, second = self.env.cr.fetchall()
        different = {
            name: pair
            for name, *pair in zip(names, first, second, strict=True)
            if pair[0] != pair[1] and "due" not in name and not name.endswith("_at")
        }
        self.assertEqual(different, {})
        self.assertEqual(batch.amount, 12.35)

    def test_what_failed_is_told_to_nobody(self):
        cases = self.env.registry["exception.case"]

        def fail(cases):
            raise ZeroDivisionError

        with patch.object(cases, "_join_problems", fail), mute_logger(DECIDE):
            opened = self._open(3)
        self.assertEqual(set(opened.mapped("user_id")), set(self.people))
        for user in self.people:
            self.assertEqual(len(self._messages_to(user)), 1)
        events = opened.audit_ids.mapped("event")
        self.assertEqual(events.count("case.opened"), 3)

    def test_a_sweep_of_many_batches_tells_an_owner_once(self):
        self.desk.member_ids = self.ann
        self.env["res.partner"].create([{"name": f"T{n}", "ref": "together"} for n in range(5)])
        detector = self._create_detector(
            domain="[('ref', '=', 'together')]", type_id=self.kind.id, team_id=self.desk.id
        )
        with patch(f"{SWEEP}.BATCH", 2):
            self.assertEqual(detector._sweep().opened, 5)
        message = self._messages_to(self.ann)
        self.assertEqual(len(message), 1)
        self.assertIn("5 cases", message.subject)

    def test_new_clocks_have_the_levels_that_a_look_at_all_would_give(self):
        clocks = self._open(4).clock_ids
        self.env["exception.sla.clock"].flush_model()
        before = {clock.id: clock.next_level_at for clock in clocks}
        clocks._schedule_levels()
        self.assertTrue(all(before.values()))
        self.assertEqual({clock.id: clock.next_level_at for clock in clocks}, before)
