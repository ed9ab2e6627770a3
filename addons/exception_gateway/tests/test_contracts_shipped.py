"""What is shipped can be used as it is: endpoints offer it, versions take its place."""

from odoo.tests import Form, tagged

from .vendor_common import VendorCommon

CODES = {
    "stripe": 6,
    "adyen": 4,
    "shopify": 4,
    "easypost": 1,
}


@tagged("post_install", "-at_install")
class TestContractsShipped(VendorCommon):
    def test_endpoint_offers_the_contracts_of_its_vendor(self):
        form = Form(self.env["exception.event.endpoint"].with_user(self.user_admin))
        for scheme, count in CODES.items():
            form.scheme = scheme
            codes = [one.code for one in form.contract_ids[:]]
            with self.subTest(scheme):
                self.assertEqual(len(codes), count)
                self.assertTrue(all(code.startswith(f"{scheme}.") for code in codes))
        form.scheme = "hmac_sha256"
        self.assertEqual(form.contract_ids[:].code, "exception.v1")

    def test_what_was_chosen_stays(self):
        form = Form(self.env["exception.event.endpoint"].with_user(self.user_admin))
        form.scheme = "stripe"
        form.contract_ids.add(self.contract)
        form.scheme = "adyen"
        self.assertIn(self.contract, form.contract_ids[:])
        self.assertEqual(len(form.contract_ids[:]), CODES["stripe"] + 1)

    def test_all_are_valid_and_have_descriptions(self):
        contracts = self.env["exception.event.contract"].search([]) - self.contract
        self.assertEqual(len(contracts), sum(CODES.values()) + 1)
        contracts._check_definition()
        contracts.match_ids._check_line()
        contracts.reaction_ids._check_line()
        for contract in contracts:
            with self.subTest(contract.code):
                self.assertEqual(contract.state, "active")
                self.assertTrue(contract.description and contract.schema)
                # the schema ships with the mapping that needs it, and nothing else of the vendor
                self.assertIn("required", contract.schema)

    def test_detectors_open_only_by_events(self):
        detectors = self.env["exception.detector"].search([("code", "=like", "event\\_%")])
        shipped = detectors.filtered(lambda one: one.get_external_id()[one.id])
        for detector in shipped:
            with self.subTest(detector.code):
                self.assertIn(detector.source, ("event", "query", "domain", "expected"))
                self.assertEqual(detector.type_id.effective_owner_id.active, True)

    def test_new_version_of_a_shipped_contract(self):
        """A customer changes one by a version; the endpoint goes over to it."""
        contract = self.vendor["easypost"].contract_ids
        action = contract.with_user(self.user_admin).action_new_version()
        draft = self.env["exception.event.contract"].browse(action["res_id"])
        draft.with_user(self.user_admin).write({"kinds": "tracker.updated"})
        draft.with_user(self.user_admin).action_activate()
        self.assertEqual(self.vendor["easypost"].contract_ids, draft)
        self.assertEqual(contract.state, "retired")
        self.assertEqual(len(draft.reaction_ids), len(contract.reaction_ids))
