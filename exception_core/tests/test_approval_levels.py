from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .approval_common import ApprovalCommon


@tagged("post_install", "-at_install")
class TestApprovalLevels(ApprovalCommon):
    """Which levels a request needs, and who is asked."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.detector = cls._create_detector()
        cls.env["ir.config_parameter"].set_param("exception_core.limit_currency_id", "")

    def _found_case(self, **overrides):
        """Create a case that a detector found, so that nobody typed its amount."""
        number = self.env["exception.case"].search_count([("detector_id", "=", self.detector.id)])
        return self._create_case(
            detector_id=self.detector.id, fingerprint=f"hit {number}", **overrides
        )

    def _levels(self, **case):
        approval = self._ask(self._found_case(**case))
        return approval.step_ids.mapped("name")

    def _set_levels(self, *levels, **matrix):
        self.matrix.write({"level_ids": [(5,), *levels], **matrix})

    def test_amounts_in_bands(self):
        self._set_levels(
            (0, 0, {"name": "Auto", "is_auto": True, "amount_to": 20.0}),
            self._level(self.finance, name="Finance", amount_from=20.0, amount_to=500.0),
            self._level(self.finance, name="Head", amount_from=500.01),
            self._level(self.director, name="Board", amount_from=1000.0, sequence=20),
        )
        cases = [
            # amount, who is asked
            (0.0, []),
            (19.99, []),
            (20.0, ["Finance"]),  # of two that hold, the one that asks people counts
            (500.0, ["Finance"]),
            (500.01, ["Head"]),
            (-600.0, ["Head"]),  # money out is money
            (1000.0, ["Head", "Board"]),
        ]
        for amount, names in cases:
            with self.subTest(amount):
                approval = self._ask(self._found_case(amount=amount))
                if names:
                    self.assertEqual(approval.step_ids.mapped("name"), names)
                else:
                    self.assertEqual((approval.state, approval.outcome), ("approved", "policy"))
                    self.assertIn("Auto", approval.why)
                    self.assertFalse(approval.step_ids.decision_ids)

    def test_company_currency(self):
        foreign = self.env["res.currency"].create(
            {"name": "TST", "symbol": "T", "rate_ids": [(0, 0, {"rate": 100.0})]}
        )
        self._set_levels(
            self._level(self.finance, name="Small", amount_to=10.0),
            self._level(self.finance, name="Large", amount_from=10.01),
        )
        self.assertEqual(self._levels(amount=1000.0, currency_id=foreign.id), ["Small"])
        self.assertEqual(self._levels(amount=1002.0, currency_id=foreign.id), ["Large"])

    def test_other_conditions(self):
        gold = self.env["exception.tier"].create({"name": "Test gold", "code": "test_gold"})
        self._set_levels(
            self._level(self.finance, name="Severe", severity_from="2"),
            self._level(self.finance, name="Gold", tier_ids=[(6, 0, gold.ids)]),
            self._level(self.finance, name="Contract", contract="with"),
            self._level(self.finance, name="Risk", risk_from=101),
            self._level(self.finance, name="Domain", domain="[('title', 'ilike', 'fraud')]"),
            self._level(self.finance, name="Always"),
        )
        self.assertEqual(self._levels(severity="3"), ["Always"])
        self.assertEqual(self._levels(severity="2"), ["Severe", "Always"])
        self.assertEqual(self._levels(severity="4", tier_id=gold.id), ["Gold", "Always"])
        self.assertEqual(self._levels(severity="4", title="A fraud"), ["Domain", "Always"])
        self.assertEqual(self._levels(severity="4", contract_value=5.0), ["Contract", "Always"])

    def test_a_severity_that_was_lowered_still_counts(self):
        self._set_levels(
            self._level(self.finance, name="Severe", severity_from="2"),
            self._level(self.finance, name="Always"),
        )
        case = self._found_case(severity="2")
        case.with_user(self.user_agent).severity = "4"
        self.assertEqual(self._ask(case).step_ids.mapped("name"), ["Severe", "Always"])

    def test_a_level_that_was_deleted_since_asks_no_fewer(self):
        self._set_levels(
            self._level(self.finance, self.director, mode="all"), self._level(self.director)
        )
        approval = self._ask(self._found_case())
        self.matrix.level_ids[0].unlink()
        approval.with_user(self.finance).approve()
        self.assertEqual(approval._open_steps(), approval.step_ids[0])

    def test_record_conditions(self):
        self.matrix.model_id = self.env["ir.model"]._get("res.partner")
        self._set_levels(
            self._level(self.finance, name="Abroad", record_domain="[('ref', '=', 'abroad')]"),
            self._level(self.finance, name="Always"),
        )
        self.assertEqual(self._levels(), ["Always"])
        self.partner.ref = "abroad"
        self.assertEqual(self._levels(), ["Abroad", "Always"])

    def test_margins(self):
        question = self.env["exception.approval"]._questions([(self._found_case(), None)])[0]
        level = self.matrix.level_ids
        level.write({"margin_loss_from": 50.0, "margin_loss_percent": 20.0})
        self.assertFalse(level._refuse_question(question), "not known: people are asked")
        question.has_margin, question.margin_before = True, 500.0
        for after, asked in ((460.0, False), (450.0, False), (400.0, True), (-10.0, True)):
            question.margin_after = after
            with self.subTest(after):
                self.assertEqual(not level._refuse_question(question), asked)

    def test_who_is_asked(self):
        board = self.env["res.groups"].create(
            {"name": "Board", "users": [(6, 0, self.director.ids)]}
        )
        self.user_agent.exception_manager_id = self.user_manager
        self.partner.user_id = self.user_colleague
        self.matrix.model_id = self.env["ir.model"]._get("res.partner")
        people = {
            "approver_lead": (True, self.user_lead),
            "approver_manager": (True, self.user_manager),
            "approver_group_ids": ([(6, 0, board.ids)], self.director),
            "approver_path": ("user_id", self.user_colleague),
        }
        for name, (value, user) in people.items():
            with self.subTest(name):
                self._set_levels((0, 0, {"name": "Level", name: value}))
                approval = self._ask(self._found_case())
                if name == "approver_path":
                    # named, but responsible for the record
                    self.assertEqual(approval.state, "blocked")
                    self.assertIn("is responsible", approval.problem)
                else:
                    self.assertEqual(approval.approver_ids, user)

    def test_who_asks_does_not_choose_the_lead(self):
        self._set_levels((0, 0, {"name": "Lead", "approver_lead": True}))
        friendly = self._create_team(lead_id=self.user_manager.id)
        for mover, lead in (("agent", self.user_lead), ("colleague", self.user_manager)):
            with self.subTest(mover):
                case = self._found_case()
                case.with_user(self.users[mover]).write({"team_id": friendly.id})
                self.assertEqual(self._ask(case).approver_ids, lead)

    def test_how_many(self):
        third = self._create_approver("third")
        everybody = (self.finance, self.director, third)
        for mode, needed in (("any", 1), ("some", 2), ("all", 3)):
            self._set_levels(self._level(*everybody, mode=mode, needed=2))
            approval = self._ask(self._found_case())
            for count, user in enumerate(everybody, start=1):
                with self.subTest(mode=mode, count=count):
                    self.assertEqual(approval.state, "pending")
                    approval.with_user(user).approve()
                if count == needed:
                    break
            self.assertEqual(approval.state, "approved")

    def test_too_few_people_block(self):
        self._set_levels(self._level(self.finance, self.director, mode="some", needed=3))
        self.assertEqual(self._ask(self._found_case()).state, "blocked")

    def test_levels_one_after_the_other(self):
        self._set_levels(self._level(self.finance), self._level(self.director, sequence=20))
        approval = self._ask(self._found_case())
        self.assertEqual(approval.approver_ids, self.finance)
        self.assertEqual(approval.step_ids.mapped("state"), ["pending", "waiting"])
        self._refused("asks somebody else", approval, self.director)
        with self.assertRaisesRegex(Exception, "not the turn"):
            approval.step_ids[1]._decide("approve", user=self.director)
        approval.with_user(self.finance).approve()
        self.assertEqual(approval.approver_ids, self.director)
        approval.with_user(self.director).reject("No")
        self.assertEqual(approval.state, "rejected")

    def test_levels_all_at_once(self):
        self._set_levels(
            self._level(self.finance), self._level(self.director, sequence=20), in_order=False
        )
        approval = self._ask(self._found_case())
        self.assertEqual(approval.approver_ids, self.finance | self.director)
        approval.with_user(self.director).approve()
        self.assertEqual(approval.state, "pending")
        approval.with_user(self.finance).approve()
        self.assertEqual(approval.state, "approved")

    # ------------------------------------------------------------------
    # which policy
    # ------------------------------------------------------------------

    def test_a_typed_amount_approves_nothing_by_itself(self):
        self._set_levels((0, 0, {"name": "Auto", "is_auto": True, "amount_to": 20.0}))
        typed = self._create_case(amount=5.0)
        self.assertEqual(self._ask(typed).state, "blocked")
        found = self._found_case(amount=500.0)
        found.with_user(self.user_agent).amount = 5.0
        self.env.flush_all()
        self.cr.precommit.run()
        self.assertEqual(self._ask(found).state, "blocked")

    def test_a_condition_that_breaks_lets_nothing_pass(self):
        # a field that an addon took along, for example
        self.env.cr.execute(
            "UPDATE exception_approval_level SET domain = %s WHERE id = ANY(%s)",
            ("[('gone', '=', 1)]", self.matrix.level_ids.ids),
        )
        self.matrix.level_ids.invalidate_recordset()
        with mute_logger("odoo.addons.exception_core.models.exception_approval_judge"):
            approval = self._ask()
        self.assertEqual(approval.state, "blocked")
        self.assertIn("cannot be evaluated", approval.problem)

    def test_a_named_policy_judges_and_no_other(self):
        strict = self._create_matrix([self._level(self.director)], name="Strict", sequence=99)
        self.case_type.matrix_id = strict
        self.assertEqual(self._ask().matrix_id, strict)
        strict.enabled = False
        approval = self._ask()
        self.assertEqual((approval.state, approval.matrix_id), ("blocked", strict))
        self.assertIn("not in use", approval.problem)

    def test_scope(self):
        other = self.env["res.company"].create({"name": "Other"})
        own_type = self._create_type()
        tag = self.env["exception.tag"].create({"name": "Test tag"})
        narrow = self._create_matrix([self._level(self.director)], name="Narrow", sequence=0)
        scopes = [
            ({"company_id": other.id}, False),
            ({"company_id": False, "type_ids": [(6, 0, own_type.ids)]}, False),
            ({"type_ids": [(5,)], "tag_ids": [(6, 0, tag.ids)]}, False),
            ({"tag_ids": [(5,)], "domain": "[('title', '=', 'Other')]"}, False),
            ({"domain": "[('title', '=', 'Test case')]"}, True),
        ]
        for values, fits in scopes:
            with self.subTest(values):
                narrow.write(values)
                self.assertEqual(self._ask().matrix_id == narrow, fits)

    def test_asking_again_after_a_policy_was_put_right(self):
        self.matrix.enabled = False
        approval = self._ask()
        self.assertTrue(approval.case_id.activity_ids.filtered("summary"))
        with self.assertRaisesRegex(Exception, "Only whoever asked"):
            approval.with_user(self.user_colleague).ask_again()
        approval.with_user(self.user_agent).ask_again()
        self.assertEqual(approval.state, "blocked")
        self.matrix.enabled = True
        approval.with_user(self.user_agent).ask_again()
        self.assertEqual((approval.state, approval.approver_ids), ("pending", self.finance))
        approval.with_user(self.finance).approve()
        self.assertEqual(approval.state, "approved")

    def test_mistakes_are_refused_when_saved(self):
        wrong = [
            {"level_ids": [(0, 0, {"name": "Nobody"})]},
            {"level_ids": [(0, 0, {"name": "All", "is_auto": True})]},
            {"level_ids": [self._level(self.finance, is_auto=True, amount_to=5.0)]},
            {"level_ids": [self._level(self.finance, domain="[('nothing', '=', 1)]")]},
            {"level_ids": [self._level(self.finance, record_domain="[('ref', '=', 1)]")]},
            {"level_ids": [self._level(self.finance, approver_path="user_id")]},
            {"level_ids": [self._level(self.user_outsider)]},
            {"domain": "[("},
            {"level_ids": [(5,)]},
        ]
        for values in wrong:
            with self.subTest(values), self.assertRaises(ValidationError), self.cr.savepoint():
                self.matrix.write(values)
