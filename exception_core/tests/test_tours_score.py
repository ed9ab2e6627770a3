from odoo.tests import new_test_user, tagged

from .test_tours_desk import DeskTourCase


@tagged("post_install", "-at_install")
class TestScoreTours(DeskTourCase):
    """An administrator tries weights on real cases; an agent reads why a case ranks."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        new_test_user(
            cls.env, "tour_admin", groups="exception_core.group_admin", name="Tour admin", tz="UTC"
        )
        others = cls.env["exception.case"].search([("id", "not in", cls.cases.ids)])
        others.write({"state": "closed"})
        cls.cases[1].amount = 9000

    def test_weights_are_tried_on_open_cases_and_saved(self):
        self.start_tour("/web", "exception_score_editor", login="tour_admin")
        part = self.env.ref("exception_core.score_part_money")
        self.assertEqual(part.weight, 900)
        self.assertEqual(part.point_ids.mapped("x"), [0, 100, 1000, 10000])
        self.env["exception.case"]._cron_rescore()
        critical, medium = self.cases
        self.assertGreater(medium.score, critical.score)

    def test_the_case_says_why_it_ranks(self):
        self.start_tour("/web", "exception_score_case", login="tour_agent")
