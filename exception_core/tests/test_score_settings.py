from datetime import datetime

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common_score import ScoreCommon

NOW = datetime(2026, 3, 2, 10)
# One part at a time, with a weight of 100: its share is the score.
WEIGHTS = {"severity": 35, "money": 20, "tier": 15, "promise": 15, "sla": 10, "recurrence": 5}


@tagged("post_install", "-at_install")
class TestScoreSettings(ScoreCommon):
    """Weights and curves: tried before they are saved, and only such that make sense."""

    def setUp(self):
        super().setUp()
        self.service = self.env["exception.score"].with_user(self.user_admin)
        self.values = self.service.settings()["parts"]
        self.by_code = {values["code"]: values for values in self.values}

    def test_the_screen_knows_levels_by_name(self):
        severity = self.by_code["severity"]
        self.assertEqual(severity["labels"], ["Critical", "High", "Medium", "Low"])
        self.assertEqual(self.by_code["tier"]["labels"], ["Gold", "Silver", "Bronze"])
        self.assertTrue(self.service.settings()["editable"])
        auditor = self.env["exception.score"].with_user(self.user_auditor)
        self.assertFalse(auditor.settings()["editable"])

    def test_preview_moves_cases_and_writes_nothing(self):
        self.env["exception.case"].search([]).sudo().write({"state": "closed"})
        grave, dear = self._create_cases(2)
        grave.severity, dear.severity, dear.amount = "1", "4", 9000
        self.env.flush_all()
        answer = self.service.preview(self.values)
        ranks = {row["id"]: (row["before"], row["after"]) for row in answer["rows"]}
        self.assertEqual(ranks[grave.id][0], ranks[grave.id][1])
        self.assertEqual((ranks[grave.id][0]["rank"], ranks[dear.id][0]["rank"]), (1, 2))
        self.by_code["money"]["weight"] = 500
        answer = self.service.preview(self.values)
        self.assertEqual([row["id"] for row in answer["rows"]], [dear.id, grave.id])
        row = answer["rows"][0]
        self.assertEqual((row["before"]["rank"], row["after"]["rank"]), (2, 1))
        self.assertEqual(row["before"]["score"], dear.score)
        self.assertEqual(self.parts["money"].weight, 20)
        self.assertEqual(dear.score, dear.score_now)

    def test_nonsense_is_refused_with_a_sentence(self):
        curves = [
            ([[0, 0], [0, 50]], "must increase"),
            ([[100, 0], [10, 50]], "must increase"),
            ([[0, 0], [10, 101]], "between 0 and 100"),
            ([[0, -1], [10, 50]], "between 0 and 100"),
            ([], "at least one value"),
            ([["", 1]], "give a number"),
        ]
        for curve, sentence in curves:
            self.by_code["money"]["points"] = curve
            self.assertIn(sentence, self.service.preview(self.values)["error"])
            with self.assertRaisesRegex(UserError, sentence):
                self.service.save(self.values)
        self.by_code["money"]["points"] = [[0, 0]]
        self.by_code["money"]["weight"] = -1
        self.assertIn("below 0", self.service.preview(self.values)["error"])
        for values in self.values:
            values["weight"] = 0
        self.assertIn("rank alike", self.service.preview(self.values)["error"])

    def test_the_model_refuses_it_as_well(self):
        point = self.parts["money"].point_ids[1]
        for vals in ({"share": 101}, {"x": 0}):
            with self.subTest(vals=vals), self.assertRaises(ValidationError):
                point.with_user(self.user_admin).write(vals)
        with self.assertRaises(ValidationError):
            self.env["exception.score.part"].search([]).write({"weight": 0})

    def test_saving_ranks_the_cases_soon(self):
        cron = self.env.ref("exception_core.cron_rescore")
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
        triggers.unlink()
        self.by_code["severity"]["points"][1][1] = 50
        self.by_code["money"]["weight"] = 25
        self.by_code["tier"]["weight"] = 10
        self.service.save(self.values)
        self.assertTrue(self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)]))
        self.assertEqual(self.parts["money"].weight, 25)
        self.assertEqual(self.parts["severity"].point_ids.mapped("share"), [100, 50, 40, 10])
        self.env["exception.case"]._cron_rescore()
        # 35 × 50 %
        self.assertEqual(self.case.score, 18)

    def test_only_administrators(self):
        for role in ("agent", "lead", "manager", "approver", "auditor"):
            service = self.env["exception.score"].with_user(self.users[role])
            for call in (service.preview, service.save):
                with self.subTest(role=role), self.assertRaises(AccessError):
                    call(self.values)
            with self.subTest(role=role), self.assertRaises(AccessError):
                self.parts["money"].with_user(self.users[role]).write({"weight": 1})
        with self.assertRaises(AccessError):
            self.env["exception.score"].with_user(self.user_outsider).settings()
