import random

from odoo.tests import BaseCase, tagged

from ..tools.option_rank import PARTS, Way, most_points, rank, refuse_weights

WEIGHTS = {"cost": 30, "margin": 30, "delay": 25, "needs": 15}


@tagged("post_install", "-at_install")
class TestOptionRank(BaseCase):
    """The arithmetic behind the places of ways out."""

    def _rank(self, *ways, weights=None, stake=0.0):
        return rank(list(ways), {**WEIGHTS, **(weights or {})}, stake)

    def _points(self, ways, part):
        return {way.key: round(way.points[part], 2) for way in ways}

    def test_best_of_a_part_gets_its_weight_and_the_worst_nothing(self):
        ways = self._rank(Way("a", cost=0), Way("b", cost=50), Way("c", cost=100))
        self.assertEqual(self._points(ways, "cost"), {"a": 30, "b": 15, "c": 0})
        self.assertEqual([way.score for way in ways], [100, 85, 70])
        self.assertEqual([way.place for way in ways], [1, 2, 3])

    def test_weights_come_to_a_hundred(self):
        self.assertEqual(sum(most_points(dict.fromkeys(PARTS, 7)).values()), 100)
        ways = self._rank(Way("a"), weights={"cost": 1, "margin": 0, "delay": 0, "needs": 1})
        self.assertEqual(ways[0].points, {"cost": 50, "margin": 0, "delay": 0, "needs": 50})

    def test_alone_there_is_nothing_better(self):
        self.assertEqual(self._rank(Way("a", cost=99, margin=-5, delay=3, needs=2))[0].score, 100)
        self.assertEqual(self._rank(), [])

    def test_more_margin_is_better(self):
        ways = self._rank(Way("a", margin=-100), Way("b", margin=0), Way("c", margin=100))
        self.assertEqual(self._points(ways, "margin"), {"a": 0, "b": 15, "c": 30})
        self.assertEqual(ways[0].key, "c")

    def test_a_euro_counts_alike_in_cost_and_margin(self):
        # 5 more of cost is nothing beside 300 of margin, though no other way costs less
        ways = self._rank(Way("a", cost=5, margin=0), Way("b", cost=0, margin=-300))
        self.assertEqual(self._points(ways, "cost"), {"a": 29.5, "b": 30})
        self.assertEqual(ways[0].key, "a")

    def test_a_cent_does_not_outweigh_a_week(self):
        cheap, soon = Way("cheap", cost=0, delay=7), Way("soon", cost=0.01, delay=0)
        self.assertEqual(self._rank(cheap, soon, stake=100.0)[0].key, "soon")
        self.assertAlmostEqual(soon.points["cost"], 30 * (1 - 0.01 / 5))

    def test_an_hour_is_no_day(self):
        ways = self._rank(Way("a", delay=0), Way("b", delay=0.04))
        self.assertEqual(self._points(ways, "delay"), {"a": 25, "b": 24})

    def test_each_need_is_a_hurdle(self):
        ways = self._rank(Way("a"), Way("b", needs=1), Way("c", needs=3))
        self.assertEqual(self._points(ways, "needs"), {"a": 15, "b": 10, "c": 0})

    def test_not_known_counts_as_the_worst(self):
        ways = self._rank(Way("a", delay=None), Way("b", delay=9), Way("c", delay=10))
        self.assertEqual(self._points(ways, "delay"), {"a": 0, "b": 25, "c": 0})
        ways = self._rank(Way("a", delay=None), Way("b", delay=None))
        self.assertEqual(self._points(ways, "delay"), {"a": 25, "b": 25})

    def test_what_cannot_be_done_comes_last(self):
        ways = self._rank(Way("a", blocked=True), Way("b", cost=500, delay=30, needs=3))
        self.assertEqual([way.key for way in ways], ["b", "a"])
        self.assertGreater(ways[1].score, ways[0].score)

    def test_ties_and_order_of_ways(self):
        given = [("d", 5, 0, 1), ("b", 0, 0, 0), ("c", 5, 0, 0), ("a", 0, 0, 0)]
        expected = None
        shuffle = random.Random(7).shuffle
        for _number in range(10):
            shuffle(given)
            ways = self._rank(
                *(Way(key, cost, margin, delay) for key, cost, margin, delay in given)
            )
            expected = expected or [(way.key, way.score) for way in ways]
            self.assertEqual([(way.key, way.score) for way in ways], expected)
        self.assertEqual([key for key, _score in expected], ["a", "b", "c", "d"])

    def test_a_dominated_way_is_never_before(self):
        """Whatever the weights: what is worse in every part does not come first."""
        chance = random.Random(11)
        for _number in range(200):
            good = Way("z", *self._figures(chance), needs=1)
            bad = Way("a", good.cost + 1, good.margin - 1, good.delay + 1, 2)
            other = Way(
                "m", chance.uniform(0, 50), chance.uniform(-50, 50), chance.uniform(0, 9), 0
            )
            weights = {part: chance.randint(1, 9) for part in PARTS}
            ways = rank([bad, other, good], weights, chance.uniform(0, 900))
            self.assertLess(good.place, bad.place)
            self.assertTrue(all(0 <= way.score <= 100 for way in ways))

    def _figures(self, chance):
        return chance.uniform(0, 50), chance.uniform(-50, 50), chance.uniform(0, 9)

    def test_weights_that_cannot_be(self):
        self.assertIsNone(refuse_weights(WEIGHTS))
        self.assertEqual(refuse_weights({**WEIGHTS, "cost": -1}), "negative")
        self.assertEqual(refuse_weights({**WEIGHTS, "cost": float("nan")}), "number")
        self.assertEqual(refuse_weights(dict.fromkeys(PARTS, 0)), "none")
