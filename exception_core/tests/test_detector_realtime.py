from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ExceptionCommon

REALTIME_LOGGER = "odoo.addons.exception_core.models.exception_detector_realtime"


@tagged("post_install", "-at_install")
class TestDetectorRealtime(ExceptionCommon):
    """The path of the save: checked before the commit, and never in its way."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.detector = cls._create_detector(
            name="Partner without e-mail",
            model="res.partner",
            domain="[('ref', '=', 'live'), ('email', '=', False)]",
            cadence="realtime",
        )
        cls.detector.action_enable()
        # the collecting rule patches the model when the registry is ready; a test's registry is
        cls._watch_saves()

    def _settle(self):
        """Do what Odoo does before it commits."""
        self.env.cr.flush()

    def _cases(self, detector=None):
        return self.env["exception.case"].search(
            [("detector_id", "=", (detector or self.detector).id)]
        )

    def test_a_save_opens_and_a_save_clears(self):
        partner = self.env["res.partner"].create({"name": "A", "ref": "live"})
        self._settle()
        case = self._cases()
        self.assertEqual(case.res_id, partner.id)
        partner.email = "a@example.com"
        self._settle()
        self.assertEqual((case.state, case.outcome), ("resolved", "cleared"))

    def test_many_writes_are_judged_once(self):
        partner = self.env["res.partner"].create({"name": "A", "ref": "live"})
        for number in range(5):
            partner.write({"email": f"{number}@example.com"})
        partner.write({"email": False})
        self._settle()
        runs = self.detector.run_ids
        self.assertEqual(runs.mapped("opened"), [1])
        self.assertEqual(runs.mode, "realtime")

    def test_fields_that_do_not_count_cost_nothing(self):
        partner = self.env["res.partner"].create({"name": "A", "ref": "live"})
        self._settle()
        partner.comment = "nothing that a detector reads"
        self.env.flush_all()
        with self.assertQueryCount(0):
            self._settle()

    def test_a_disabled_detector_is_silent(self):
        self.detector.action_disable()
        self.env["res.partner"].create({"name": "A", "ref": "live"})
        self._settle()
        self.assertFalse(self._cases())

    def test_a_touched_line_leads_back_to_its_record(self):
        detector = self._create_detector(
            name="Bank account not trusted",
            model="res.partner",
            domain="[('ref', '=', 'lines'), ('bank_ids.acc_number', '=', 'XX')]",
            cadence="realtime",
        )
        detector.action_enable()
        self._patch_models()
        partner = self.env["res.partner"].create({"name": "A", "ref": "lines"})
        bank = self.env["res.partner.bank"].create({"partner_id": partner.id, "acc_number": "YY"})
        self._settle()
        self.assertFalse(self._cases(detector))
        bank.acc_number = "XX"
        self._settle()
        self.assertEqual(self._cases(detector).res_id, partner.id)
        bank.unlink()
        self._settle()
        self.assertEqual(self._cases(detector).outcome, "cleared")

    @mute_logger("odoo.sql_db", REALTIME_LOGGER)
    def test_a_broken_detector_stops_neither_the_save_nor_the_others(self):
        broken = self._create_detector(
            name="Broken", model="res.partner", domain="[('ref', '=', 'live')]", cadence="realtime"
        )
        broken.action_enable()
        self.env.cr.execute(
            "UPDATE exception_detector SET domain = %s WHERE id = %s",
            ("[('no_such_field', '=', 1)]", broken.id),
        )
        self.env.invalidate_all()
        self.env.registry.clear_cache()
        partner = self.env["res.partner"].create({"name": "Saved", "ref": "live"})
        self._settle()
        self.assertEqual(partner.name, "Saved")
        self.assertEqual(self._cases().res_id, partner.id)
        self.assertEqual(broken.run_ids.state, "failed")
        self.assertIn("no_such_field", broken.run_ids.error)

    def test_the_rule_is_visible_and_single(self):
        rules = self.env["base.automation"].search(
            [("exception_collector", "=", True), ("model_name", "=", "res.partner")]
        )
        self.assertEqual(len(rules), 1)
        self.assertTrue(rules.get_external_id()[rules.id].startswith("exception_core."))
        action = self.detector.action_open_rules()
        self.assertIn(rules, self.env["base.automation"].search(action["domain"]))
