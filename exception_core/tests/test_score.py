from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import ExceptionCommon

NOW = datetime(2026, 3, 2, 10)
# One part at a time, with a weight of 100: its share is the score.
WEIGHTS = {"severity": 35, "money": 20, "tier": 15, "promise": 15, "sla": 10, "recurrence": 5}


class ScoreCommon(ExceptionCommon):
    """Cases of one severity on records of their own, at an instant that stands still."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.parts = {part.code: part for part in cls.env["exception.score.part"].search([])}
        cls.frozen = freeze_time(NOW)
        cls.frozen.start()
        cls.addClassCleanup(cls.frozen.stop)
        cls.case = cls._create_case(severity="2")
        cls.case.clock_ids.unlink()
        cls.case._rescore()

    def _only(self, code):
        """Let one part alone decide."""
        for part in self.parts.values():
            part.active = part.code == code or part.active
        self.parts[code].weight = 100
        (self.env["exception.score.part"].search([]) - self.parts[code]).active = False

    def _score(self, case=None, now=NOW):
        case = case or self.case
        case._rescore(now)
        return case.score

    def _clock(self, case=None, **overrides):
        values = {
            "case_id": (case or self.case).id,
            "kind": "resolution",
            "policy_id": self.env.ref("exception_core.sla_policy_standard").id,
            "allotted": 8 * 3600,
            "used": 0,
            "since": NOW - timedelta(hours=4),
            "deadline": NOW + timedelta(hours=4),
        }
        return self.env["exception.sla.clock"].create({**values, **overrides})


@tagged("post_install", "-at_install")
class TestScoreFormula(ScoreCommon):
    """Each part against numbers worked out by hand."""

    def test_the_parts_come_to_a_hundred(self):
        self.assertEqual({code: part.weight for code, part in self.parts.items()}, WEIGHTS)

    def test_severity(self):
        self._only("severity")
        for severity, share in [("1", 100), ("2", 80), ("3", 40), ("4", 10)]:
            self.case.severity = severity
            self.assertEqual(self.case.score, share)

    def test_money(self):
        self._only("money")
        for amount, share in [(0, 0), (50, 12), (100, 25), (550, 48), (1000, 70), (99999, 100)]:
            self.case.amount = amount
            # halves are rounded to the even number: 12.5, 47.5
            self.assertEqual(self.case.score, share, amount)

    def test_money_of_another_company(self):
        self._only("money")
        company = self.env["res.company"].create({"name": "Elsewhere"})
        foreign = self.env["res.currency"].with_context(active_test=False)
        foreign = foreign.search([("id", "!=", self.env.company.currency_id.id)], limit=1)
        foreign.active = True
        foreign.rate_ids.unlink()
        rate = {"name": "2020-01-01", "company_id": company.id, "rate": 1.0}
        own = self.env.company.currency_id
        self.env["res.currency.rate"].search([("company_id", "=", company.id)]).unlink()
        self.env["res.currency.rate"].create(
            [{**rate, "currency_id": foreign.id}, {**rate, "currency_id": own.id, "rate": 10.0}]
        )
        company.currency_id = foreign
        params = self.env["ir.config_parameter"]
        params.set_param("exception_core.limit_currency_id", str(own.id))
        case = self._create_case(company_id=company.id, amount=10, res_model=False, res_id=False)
        # ten of theirs are a hundred of ours
        self.assertEqual(self._score(case), 25)

    def test_tier(self):
        self._only("tier")
        shares = {"gold": 100, "silver": 60, "bronze": 30}
        for code, share in shares.items():
            self.case.tier_id = self.env.ref(f"exception_core.tier_{code}")
            self.assertEqual(self.case.score, share)
        self.case.tier_id = False
        self.assertEqual(self.case.score, 0)

    def test_promise(self):
        self._only("promise")
        days = [(-3, 100), (0, 100), (1, 85), (2, 70), (3.5, 50), (10, 0), (30, 0)]
        for left, share in days:
            self.case.promised_at = NOW + timedelta(days=left)
            self.assertEqual(self.case.score, share, left)
        self.case.promised_at = False
        self.assertEqual(self.case.score, 0)

    def test_time_used(self):
        self._only("sla")
        self.assertEqual(self._score(), 0)
        clock = self._clock()
        # half of the time: 50 % used gives 25 %
        self.assertEqual(self._score(), 25)
        self.assertEqual(self._score(now=NOW + timedelta(hours=2.4)), 70)
        self.assertEqual(self._score(now=NOW + timedelta(hours=9)), 100)
        # a quarter was used before this stretch, of which half has gone: 62.5 %
        clock.used = 2 * 3600
        self.assertEqual(self._score(), 44)
        clock.write({"state": "paused", "deadline": False})
        self.assertEqual(self._score(), 12)
        self.assertEqual(self._score(now=NOW + timedelta(days=9)), 12)
        clock.write({"state": "breached", "deadline": NOW - timedelta(hours=1)})
        self.assertEqual(self._score(), 100)
        clock.write({"state": "met", "stopped_at": NOW})
        self.assertEqual(self._score(), 0)

    def test_the_most_pressed_clock_counts(self):
        self._only("sla")
        self._clock()
        self._clock(kind="response", deadline=NOW + timedelta(hours=1))
        # 4 of 5 hours
        self.assertEqual(self._score(), 70)

    def test_recurrence(self):
        self._only("recurrence")
        self.assertEqual(self._score(), 0)
        self.case.with_user(self.user_agent).cancel_case(note="no")
        self.case.with_user(self.user_agent).reopen()
        self.assertEqual(self.case.score, 50)
        again = self._create_case(
            recurrence_of_id=self.case.id, res_id=self.user_lead.partner_id.id
        )
        # the earlier case, and that it was re-opened
        self.assertEqual((again.came_back, again.score), (2, 75))
        third = self._create_case(recurrence_of_id=again.id, res_id=self.user_lead.partner_id.id)
        self.assertEqual((third.came_back, third.score), (3, 100))

    def test_all_together(self):
        self.case.write(
            {
                "amount": 1000,
                "tier_id": self.env.ref("exception_core.tier_gold").id,
                "promised_at": NOW + timedelta(days=2),
            }
        )
        # 35 × 80 % + 20 × 70 % + 15 + 15 × 70 %
        self.assertEqual(self.case.score, round(28 + 14 + 15 + 10.5))

    def test_weights_are_brought_to_a_hundred(self):
        for part in self.parts.values():
            part.weight = part.weight / 10
        self.assertEqual(self._score(), 28)


@tagged("post_install", "-at_install")
class TestScoreStored(ScoreCommon):
    """The stored score, the job, and what follows for the queue."""

    def test_a_new_case_and_a_batch_are_ranked(self):
        self.assertEqual(self.case.score, 28)
        hits = [
            {
                "type_id": self.case_type.id,
                "res_model": "res.partner",
                "res_id": partner.id,
                "company_id": self.env.company.id,
                "amount": 1000,
            }
            for partner in self.env["res.partner"].create([{"name": "A"}, {"name": "B"}])
        ]
        cases = self.env["exception.case"]._open_batch(hits)
        for case in cases:
            self.assertEqual(case.score, case.score_now)
            self.assertGreaterEqual(case.score, 14)

    def test_ranking_costs_the_same_few_statements_for_many(self):
        cases = self._create_cases(40)
        counts = []
        for group in (cases[:1], cases):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            group._rescore(NOW + timedelta(days=1))
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])
        self.assertLessEqual(counts[1], 4)

    def test_explaining_a_page_costs_the_same_few_statements(self):
        cases = self._create_cases(30)
        counts = []
        for group in (cases[:1], cases):
            self.env.flush_all()
            self.env.invalidate_all()
            group.mapped("severity")
            before = self.env.cr.sql_log_count
            group.mapped("score_words")
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])

    def test_time_moves_the_next_case_without_a_write(self):
        self.env["exception.case"].search([]).write({"user_id": self.user_lead.id})
        dear, promised = self._create_cases(2, severity="3")
        dear.amount = 1000
        promised.promised_at = NOW + timedelta(days=9)
        self.env.flush_all()
        take = self.env["exception.case"].with_user(self.user_agent)._lock_next
        self.assertEqual(take(), dear)
        stored = (dear.score, promised.score)
        with freeze_time(NOW + timedelta(days=9)):
            self.assertEqual(take(), promised)
        self.assertGreater(stored[0], stored[1])
        self.env.invalidate_all()
        self.assertEqual((dear.score, promised.score), stored)

    def test_the_job_writes_only_what_changed(self):
        still, moving = self._create_cases(2, severity="3")
        (still | moving).clock_ids.unlink()
        moving.promised_at = NOW + timedelta(days=2)
        Case = self.env["exception.case"]
        Case._cron_rescore()
        self.assertFalse(Case._stale_scores(NOW))
        later = NOW + timedelta(days=1)
        self.assertIn(moving.id, Case._stale_scores(later))
        self.assertNotIn(still.id, Case._stale_scores(later))
        before = moving.score
        with freeze_time(later):
            Case._cron_rescore()
            self.assertGreater(moving.score, before)
            # a second run finds nothing and writes nothing
            self.assertFalse(Case._stale_scores(later))
            self.assertFalse((still | moving)._rescore())

    def test_waiting_and_going_on_rank_at_once(self):
        case = self._create_case(severity="2")
        self.assertTrue(case.clock_ids)
        with freeze_time(NOW + timedelta(days=9)):
            case.with_user(self.user_agent).wait("customer", note="Their answer")
            self.assertEqual(case.score, case.score_now)
            case.with_user(self.user_agent).resume()
            self.env.invalidate_all()
            self.assertEqual(case.score, case.score_now)
            stale = self.env["exception.case"]._stale_scores(NOW + timedelta(days=9))
            self.assertNotIn(case.id, stale)

    def test_ended_cases_are_left_alone(self):
        self.case.promised_at = NOW + timedelta(days=5)
        self.case.with_user(self.user_agent).cancel_case(note="no")
        score = self.case.score
        with freeze_time(NOW + timedelta(days=5)):
            self.env["exception.case"]._cron_rescore()
            self.assertFalse(self.case._rescore())
        self.assertEqual(self.case.score, score)
        self.assertEqual(self.case.score_now, score)
        self.assertFalse(self.case.score_html)

    def test_nobody_sets_a_score(self):
        case = self.case.with_user(self.user_manager)
        for vals in ({"score": 99}, {"came_back": 9}, {"tier_id": 1}, {"contract_value": 5}):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                case.write(vals)
        forged = self.env["exception.case"].with_user(self.user_admin)
        with self.assertRaises(UserError):
            forged.create({"title": "x", "type_id": self.case_type.id, "score": 99})
        case = forged.with_context(default_score=99).create(
            {"title": "x", "type_id": self.case_type.id}
        )
        self.assertLess(case.score, 99)

    def test_one_gets_back_what_was_given_to_one_when_it_is_more_urgent(self):
        Case = self.env["exception.case"]
        Case.search([]).write({"user_id": self.user_lead.id})
        given, free = self._create_cases(2, severity="3")
        # given by a rule: owned, and not begun
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE exception_case SET user_id = %s WHERE id = %s", [self.user_agent.id, given.id]
        )
        self.env.invalidate_all()
        agent = Case.with_user(self.user_agent)
        free.severity = "2"
        self.assertEqual(agent._lock_next(), free)
        given.severity = "1"
        self.assertNotEqual(Case.with_user(self.user_colleague)._lock_next(), given)
        self.assertEqual(agent.take_next()["res_id"], given.id)
        self.assertEqual((given.state, given.user_id), ("open", self.user_agent))
        self.assertEqual(agent.take_next()["res_id"], free.id)

    def test_the_list_is_sorted_by_priority(self):
        cases = self._create_cases(3, severity="4")
        cases[1].severity = "1"
        found = self.env["exception.case"].search([("id", "in", cases.ids)])
        self.assertEqual(found[0], cases[1])

    def test_parts_in_words_add_up(self):
        self.case.write(
            {
                "amount": 1240,
                "tier_id": self.env.ref("exception_core.tier_gold").id,
                "promised_at": NOW + timedelta(days=2, minutes=1),
            }
        )
        case = self.case.with_user(self.user_agent)
        explained = case._explain_scores(NOW)[case.id]
        self.assertEqual(sum(points for points, _words in explained), case.score_now)
        self.assertEqual(case.score_now, case.score)
        for words in ("High severity", "1,240.00", "Gold customer 15", "promise in 2 d"):
            self.assertIn(words, case.score_words)
        self.assertIn("no clock is running", case.score_html)


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
