from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ..tools.released import released_query
from .common import ExceptionCommon


@released_query("test_writing", model="res.partner", title="Writes")
def _query_test_writing(self, request):
    return SQL("SELECT nextval('res_partner_id_seq')::integer AS res_id, 1 AS company_id")


@tagged("post_install", "-at_install")
class TestDetectorLab(ExceptionCommon):
    """Back-test and tune say what a sweep would do, and do nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        values = {"ref": "lab", "company_id": cls.env.company.id}
        cls.env["res.partner"].create([{"name": f"P{n}", "color": n, **values} for n in range(6)])
        parameter = {"name": "limit", "label": "Limit", "value": "2", "minimum": 0, "maximum": 9}
        cls.detector = cls._create_detector(
            domain="[('ref', '=', 'lab'), ('color', '>', limit)]",
            amount_field="color",
            parameter_ids=[(0, 0, parameter)],
        )

    def setUp(self):
        super().setUp()
        self.lab = self.detector.with_user(self.user_admin)

    def test_it_says_what_a_sweep_would_open(self):
        result = self.lab.backtest()
        self.assertEqual((result["hits"], result["cases"], result["exposure"]), (3, 3, 12))
        self.assertEqual(len(result["res_ids"]), 3)
        self.assertEqual([line["cases"] for line in result["companies"]], [3])
        self.assertEqual(self.detector._sweep().opened, 3)
        again = self.lab.backtest()
        self.assertEqual((again["hits"], again["cases"]), (3, 0), "all are known now")

    def test_another_value_can_be_tried_without_being_kept(self):
        self.assertEqual(self.lab.backtest({"limit": 0})["cases"], 5)
        self.assertEqual(self.detector.parameter_ids.value, "2")
        points = self.lab.tune("limit", [0, 2, 4, 9])
        self.assertEqual([point["cases"] for point in points], [5, 3, 1, 0])
        self.assertFalse(self.detector.case_ids)
        self.assertFalse(self.detector.run_ids)

    def test_a_value_is_adopted_within_its_limits(self):
        self.lab.adopt("limit", 4)
        self.assertEqual(self.detector.parameter_ids.value, "4")
        self.assertIn("Limit", self.detector.message_ids[0].body)
        for value in (10, -1, "many"):
            with self.subTest(value=value), self.assertRaises(ValidationError):
                self.lab.adopt("limit", value)
        with self.assertRaises(UserError):
            self.lab.adopt("no_such_parameter", 1)

    @mute_logger("odoo.sql_db")
    def test_the_database_refuses_to_write_meanwhile(self):
        queries = type(self.env["exception.query"])
        name = "_query_test_writing"
        with patch.object(queries, name, _query_test_writing, create=True):
            self.env.registry.clear_cache()
            self.addCleanup(self.env.registry.clear_cache)
            detector = self._create_detector(source="query", query="test_writing")
            with self.assertRaisesRegex(UserError, "read-only"):
                detector.with_user(self.user_admin).backtest()
        self.env["res.partner"].create({"name": "The transaction can write again"})

    def test_only_administrators_try_detectors(self):
        for role in ("agent", "lead", "manager", "approver", "auditor", "outsider"):
            detector = self.detector.with_user(self.users[role])
            with self.subTest(role=role):
                for call in (
                    detector.backtest,
                    lambda detector=detector: detector.tune("limit", [1]),
                    lambda detector=detector: detector.adopt("limit", 1),
                ):
                    with self.assertRaises(AccessError):
                        call()
