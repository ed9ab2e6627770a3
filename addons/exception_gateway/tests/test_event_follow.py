from datetime import datetime

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..tools import outside_change
from ..tools.refused import Refused
from .event_common import EventCommon

VALUES = (
    "{number: facts.number, url: facts.url, state: facts.state, note: message, at: when,"
    " by_us: facts.by_us, reason: facts.why}"
)


@tagged("post_install", "-at_install")
class TestEventFollow(EventCommon):
    """Messages of a ticket system bring the case in step with its ticket."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.follower = cls._create_contract(
            kinds="ticket",
            mapping="{what: type, when: at, reference: customer, message: text, facts: {"
            "number: number, url: url, state: state, by_us: by_us, why: why}}",
            match_ids=[
                (
                    0,
                    0,
                    {
                        "how": "field",
                        "model": "exception.case",
                        "field_name": "name",
                        "expression": "reference",
                    },
                )
            ],
            unmatched="event",
            reaction_ids=[cls._reaction("follow", detector_id=False, values=VALUES)],
        )
        cls.endpoint = cls._create_endpoint(cls.follower)
        cls.case_type.write({"requires_root_cause": False, "requires_resolution": False})
        cls.case = cls._create_case(user_id=cls.user_agent.id)

    def _ticket(self, at=1, **more):
        return self._push(self._payload("ticket", at, **more))

    def test_linked_then_followed(self):
        event = self._ticket(customer=self.case.name, number="T-1", url="https://t.example.com/1")
        self.assert_event(event, "done")
        self.assertEqual(self.case.reference_ids.external_id, "T-1")
        event = self._ticket(2, number="T-1", customer="nothing", state="waiting", why="asked")
        self.assertEqual((event.state, self.case.state), ("done", "waiting"))
        self.assertEqual(event.case_ids, self.case)

    def test_unknown_numbers_change_nothing(self):
        event = self._ticket(number="T-9", customer="nothing", state="resolved")
        self.assertIn(event.state, ("done", "ignored"))
        self.assertNotEqual(self.case.state, "resolved")

    def test_an_unknown_state_changes_nothing(self):
        before = self.case.state
        event = self._ticket(customer=self.case.name, state="exploded")
        self.assertIn("exploded", event.reason)
        self.assertEqual(self.case.state, before)

    def test_what_is_said_is_read_strictly(self):
        for found in (None, [], {"state": ["waiting"]}, {"note": True}, {"at": "soon"}):
            with self.assertRaises(Refused):
                outside_change.read(found)
        changes = outside_change.read(
            {"state": "open", "note": "", "at": "2026-03-02T09:00:00+01:00", "by_us": False}
        )
        self.assertEqual(changes, {"state": "open", "at": datetime(2026, 3, 2, 8), "by_us": False})

    def test_it_needs_to_say_what_is_followed(self):
        with self.assertRaises(ValidationError):
            self.follower.copy({"reaction_ids": [self._reaction("follow", values=False)]})
