from odoo.tests import tagged

from odoo.addons.exception_core.tests.approval_common import ApprovalCommon

from .delivery_common import DeliveryCommon
from .test_outbox_schemas import misfits, schemas


@tagged("post_install", "-at_install")
class TestApprovalOutbox(DeliveryCommon, ApprovalCommon):
    """Who is asked to agree is told outside when it is their turn, and to nobody else before."""

    def _asked(self, trap):
        return [one for one in trap.payloads if one["type"] == "approval.asked"]

    def test_each_level_is_told_when_it_is_its_turn(self):
        self.matrix.level_ids.sequence = 1
        self.matrix.write({"level_ids": [self._level(self.director, sequence=2)]})
        with self.trap_deliveries() as trap:
            approval = self._ask()
            [first] = self._asked(trap)
            self.assertEqual(first["data"]["asked"], self.finance.ids)
            self.assertEqual(first["data"]["approval"], {"id": approval.id, "name": approval.name})
            approval.with_user(self.finance).approve()
            _first, second = self._asked(trap)
        self.assertEqual(second["data"]["asked"], self.director.ids)

    def test_names_and_addresses_only_where_they_were_chosen(self):
        self.finance.email = "finance@example.com"
        self._create_subscription(name="With names", fields=["approvers"], company_id=False)
        with self.trap_deliveries() as trap:
            self._ask()
        told = {one.subscription_id.name: one for one in trap.put_out}
        self.assertNotIn("finance@example.com", told["Trap"].payload)
        named = next(one for one in self._asked(trap) if "approvers" in one["data"]["case"])
        self.assertEqual(
            named["data"]["case"]["approvers"],
            [{"id": self.finance.id, "name": self.finance.name, "email": "finance@example.com"}],
        )

    def test_it_fits_its_schema(self):
        self._create_subscription(name="With names", fields=["approvers"], company_id=False)
        with self.trap_deliveries() as trap:
            self._ask()
        for payload in self._asked(trap):
            self.assertFalse(misfits(payload, schemas()))

    def test_who_is_asked_again_for_the_same_is_not_told_again(self):
        with self.trap_deliveries() as trap:
            approval = self._ask()
            approval.step_ids._sync_faces()
        self.assertEqual(len(self._asked(trap)), 1)

    def test_facts_are_told_by_their_keys(self):
        self._create_subscription(name="Facts", fields=["facts"], company_id=False)
        with self.trap_deliveries() as trap:
            case = self._create_case()
            case.sudo().write({"facts": [{"key": "short", "label": "Short", "value": 5}]})
            case.with_user(self.user_agent).assign_to_me()
        payloads = [one for one in trap.payloads if one["data"]["case"].get("facts")]
        self.assertEqual(payloads[0]["data"]["case"]["facts"], {"short": 5})
        self.assertFalse(misfits(payloads[0], schemas()))
