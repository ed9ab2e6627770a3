"""The types that the suite ships, and how owners and reasons are inherited."""

import re
from pathlib import Path

from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import ExceptionCommon

TAXONOMY = Path(__file__).resolve().parents[2].parent / "shared/TAXONOMY.md"
DISPOSITION = {"A": "auto", "P": "approval", "I": "investigate"}

# code:severity and disposition, by category; kept here so that it holds on every machine
CORE_TYPES = {
    "payment": """
        payment_failed_capture:2I payment_authorised_not_captured:3A payment_mismatch:3P
        payment_without_order:2I payment_chargeback:2P payment_unmatched:3A settlement_missing:2I
        settlement_amount:3P settlement_fee:4A settlement_duplicate:2I settlement_late:3I
        cancelled_after_payment:2P
    """,
    "pricing": """
        price_channel_mismatch:2P price_below_cost:1P price_override:3P price_contract_mismatch:2P
        price_stale_promotion:3P margin_below_floor:2P discount_over_policy:3P discount_stacked:3P
        contract_deviation:2P
    """,
    "inventory": """
        stock_negative:2I stock_count_difference:2P stock_write_off:2P stock_shrinkage:2I
        stock_oversold:1I stock_reservation_stale:3A stock_reservation_mismatch:3A
        stock_safety_depleted:2P stock_replenishment_late:3I variant_unavailable:3A
        order_unfulfillable:1P allocation_conflict:1P backorder_aged:2I substitution_needed:2P
    """,
    "transfers": """
        transfer_not_posted:2I transfer_in_transit_late:3I transfer_urgent:2P
    """,
    "procurement": """
        receipt_late:2I receipt_short:3I receipt_over:4P receipt_wrong:2I purchase_unconfirmed:3A
        purchase_promise_moved:2I purchase_emergency:2P bill_mismatch:2P supplier_sla_breach:2I
        supply_delay_downstream:1I
    """,
    "orders": """
        order_incomplete:3A order_duplicate:2P order_without_lines:3A order_unusual:3I
        order_changed_repeatedly:3I order_unavailable:2P order_not_imported:2I order_rush:3P
        order_split_confusing:4A return_policy:3P
    """,
    "customer_data": """
        address_invalid:3A contact_unusable:4A tax_id_invalid:2I customer_inactive:3I
    """,
    "tax": """
        tax_missing:2I tax_position_mismatch:2I
    """,
    "fulfilment": """
        paid_not_shipped:2I pick_short:2I package_mismatch:3A handed_over_late:3I
        shipment_unconfirmed:3A data_missing_dimensions:4A data_incomplete:4A assembly_late:3I
        quality_failed:2I
    """,
    "shipping": """
        carrier_wrong:3A carrier_delay:2I carrier_exception:2I shipment_lost:1I delivery_failed:2I
        appointment_missed:2I delivered_late:3I undelivered_past_promise:2I status_mismatch:3A
        freight_cost_deviation:4P carrier_offline:2I
    """,
    "documents": """
        document_missing:2I document_inconsistent:2I pod_mismatch:2P
    """,
    "returns_refunds": """
        refund_over_policy:2P refund_outside_window:3P refund_without_goods:2P
        refund_exceeds_paid:1P refund_blocked:3I refund_aged:2I refund_frequent:2I
        return_not_received:3I return_not_refunded:2A compensation_over_policy:3P
    """,
    "service": """
        message_unanswered:3I delay_not_announced:3A dispute_opened:2I escalation_priority:1I
        sla_at_risk:2I dependency_overdue:2I reopened_often:3I
    """,
    "fraud": """
        fraud_suspected:1I fraud_warning:1I
    """,
    "invoicing": """
        invoice_not_issued:2A invoice_before_milestone:2P invoice_mismatch:2P totals_mismatch:2I
        reconciliation_gap:2I credit_request:3P write_off_request:2P
    """,
    "credit_collections": """
        credit_limit_exceeded:1P credit_overdue:2P credit_review_due:3I invoice_overdue:3A
        payment_promise_broken:2I payment_unapplied:3A payment_short:3P late_payment_risk:4I
    """,
    "automation": """
        detector_failing:2I automation_stopped:2I check_unavailable:2I
    """,
}


def _core_types():
    """Return {code: (category code, severity, disposition)} of the frozen list."""
    types = {}
    for category, text in CORE_TYPES.items():
        for code, severity, letter in re.findall(r"(\w+):(\d)([API])", text):
            types[code] = (category, severity, DISPOSITION[letter])
    return types


@tagged("post_install", "-at_install")
class TestShippedTypes(ExceptionCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.types = {
            kind.code: kind
            for code in _core_types()
            if (kind := cls.env.ref(f"exception_core.type_{code}", raise_if_not_found=False))
        }

    def test_every_type_is_there_as_listed(self):
        found = {
            code: (kind.category_id.code, kind.default_severity, kind.disposition)
            for code, kind in self.types.items()
        }
        self.assertEqual(found, _core_types())

    def test_the_list_is_that_of_the_taxonomy(self):
        if not TAXONOMY.exists():
            self.skipTest("the shared taxonomy is not beside this checkout")
        wanted = {}
        for line in TAXONOMY.read_text().splitlines():
            if not re.match(r"\| .+ \(core\) \|", line):
                continue
            for code, severity, letter in re.findall(r"(\w+) \((\d) ([API])\)", line):
                wanted[code] = (severity, DISPOSITION[letter])
        self.assertEqual({code: kind[1:] for code, kind in _core_types().items()}, wanted)

    def test_every_type_is_complete(self):
        kinds = {"root_cause", "resolution", "false_alarm", "acceptance", "cancellation"}
        kinds |= {"override", "rejection", "suspension", "hold"}
        for kind in self.env["exception.type"].search([]):
            with self.subTest(kind.code):
                self.assertTrue(kind.effective_owner_id.active)
                self.assertTrue(kind.team_id.lead_id)
                self.assertTrue(kind.default_severity and kind.disposition)
                self.assertTrue(kind.sla_policy_id.target_ids)
                self.assertEqual(set(kind.reason_ids.mapped("kind")), kinds)
                self.assertTrue(kind.requires_resolution)

    def test_every_shipped_type_says_what_is_wrong_with_an_example(self):
        for code, kind in self.types.items():
            self.assertIn("Example: ", kind.description or "", code)

    def test_every_category_has_causes_and_resolutions_of_its_own(self):
        for category in {kind.category_id for kind in self.types.values()}:
            reasons = category.type_ids[0].reason_ids.filtered("category_ids")
            self.assertLessEqual({"root_cause", "resolution"}, set(reasons.mapped("kind")))

    def test_causes_of_every_class_are_shipped(self):
        causes = self.env["exception.reason"].search([("kind", "=", "root_cause")])
        classes = dict(causes._fields["reason_class"].selection)
        self.assertGreaterEqual(len(causes), 25)
        self.assertEqual(set(causes.mapped("reason_class")), set(classes))

    def test_every_category_has_an_owner(self):
        for category in self.env["exception.category"].search([]):
            self.assertTrue(category.effective_owner_id, category.complete_name)


@tagged("post_install", "-at_install")
class TestTaxonomyRules(ExceptionCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.top = cls.env["exception.category"].create(
            {"name": "Top", "code": "test_top", "owner_id": cls.user_manager.id}
        )
        cls.leaf = cls.env["exception.category"].create(
            {"name": "Leaf", "code": "test_leaf", "parent_id": cls.top.id}
        )
        cls.kind = cls._create_type(category_id=cls.leaf.id)

    def test_an_owner_is_inherited_until_one_is_named(self):
        self.assertEqual(self.leaf.effective_owner_id, self.user_manager)
        self.assertEqual(self.kind.effective_owner_id, self.user_manager)
        self.leaf.owner_id = self.user_lead
        self.assertEqual(self.kind.effective_owner_id, self.user_lead)
        self.kind.owner_id = self.user_agent
        self.assertEqual(self.kind.effective_owner_id, self.user_agent)

    def test_a_new_owner_above_reaches_everything_below(self):
        self.top.owner_id = self.user_admin
        self.assertEqual(self.kind.effective_owner_id, self.user_admin)

    def test_a_top_category_needs_an_owner(self):
        with self.assertRaises(ValidationError) as refused:
            self.top.owner_id = False
        self.assertIn("Name an owner for Top", str(refused.exception))
        with self.assertRaises(ValidationError):
            self.env["exception.category"].create({"name": "No one", "code": "test_no_one"})

    def test_a_category_is_not_below_itself(self):
        with self.assertRaises(UserError):
            self.top.parent_id = self.leaf

    def test_the_full_name_follows_the_tree(self):
        self.assertEqual(self.leaf.display_name, "Top / Leaf")
        self.top.name = "Crown"
        self.assertEqual(self.leaf.complete_name, "Crown / Leaf")

    def test_reasons_apply_to_their_branch(self):
        below = self._create_reason(category_ids=[(6, 0, self.top.ids)])
        other = self._create_reason(category_ids=[(6, 0, self.category.ids)])
        everywhere = self._create_reason()
        self.assertIn(below, self.kind.reason_ids)
        self.assertNotIn(other, self.kind.reason_ids)
        self.assertIn(everywhere, self.kind.reason_ids)
        domain = self.env["exception.reason"]._domain_for(self.leaf, "resolution")
        offered = self.env["exception.reason"].search(domain)
        self.assertEqual(offered, self.kind.reason_ids.filtered(lambda r: r.kind == "resolution"))
        self.assertEqual(
            [reason._applies_to(self.leaf) for reason in (below, other, everywhere)],
            [True, False, True],
        )

    def test_a_root_cause_needs_a_class(self):
        with self.assertRaises(ValidationError):
            self._create_reason(kind="root_cause")
        self._create_reason(kind="root_cause", reason_class="data")

    def test_codes_are_unique(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self._create_type(code=self.kind.code)

    def test_what_types_use_is_not_archived(self):
        with self.assertRaises(ValidationError) as refused:
            self.team.active = False
        self.assertIn("another team first", str(refused.exception))
        policy = self.kind.sla_policy_id.copy({"name": "Own"})
        self.kind.sla_policy_id = policy
        with self.assertRaises(ValidationError):
            policy.active = False
        self.kind.active = False
        policy.active = False

    def test_open_cases_are_counted_for_types_and_branches(self):
        self._create_cases(2, type_id=self.kind.id)
        self._create_case(type_id=self.kind.id, state="resolved")
        self.assertEqual(self.kind.open_case_count, 2)
        self.assertEqual((self.leaf.open_case_count, self.top.open_case_count), (2, 2))
        self.assertEqual(self.top.type_count, 1)

    def test_an_administrator_makes_a_type_in_the_form(self):
        form = Form(self.env["exception.type"].with_user(self.user_admin))
        form.name, form.code = "Made by hand", "made_by_hand"
        form.category_id = self.leaf
        form.team_id = self.team
        form.sla_policy_id = self.env.ref("exception_core.sla_policy_urgent")
        kind = form.save()
        self.assertEqual(kind.effective_owner_id, self.user_manager)
        self.assertTrue(kind.reason_ids)
