from odoo.tests import tagged

from .test_tours_desk import DeskTourCase


@tagged("post_install", "-at_install")
class TestPlaybookTours(DeskTourCase):
    """An agent works a checklist, a lead tries a playbook, in a real browser."""

    @classmethod
    def setUpClass(cls):
        """Make a playbook of three steps, one of which large cases only need."""
        super().setUpClass()
        steps = [
            {
                "name": "Tour: ask the director",
                "kind": "activity",
                "domain": "[('amount', '>', 10000)]",
            },
            {"name": "Tour: ask the warehouse", "kind": "event", "event_name": "tour.ask"},
            {"name": "Tour: look for it", "kind": "activity"},
            {"name": "Tour: send it", "kind": "activity"},
        ]
        cls.playbook = cls.env["exception.playbook"].create(
            {
                "name": "Tour playbook",
                "enabled": True,
                "owner_id": cls.lead.id,
                "step_ids": [
                    (0, 0, {**step, "sequence": place}) for place, step in enumerate(steps)
                ],
            }
        )
        cls.cases.type_id.playbook_id = cls.playbook

    def test_agent_works_a_checklist(self):
        case = self.cases[0]
        case.user_id = self.agent
        case._start_playbook(self.playbook)
        self.env["exception.play"]._cron_playbook()
        url = f"/web#id={case.id}&model=exception.case&view_type=form"
        self.start_tour(url, "exception_playbook_agent", login="tour_agent")
        states = case.step_ids.mapped("state")
        self.assertEqual(states, ["skipped", "done", "done", "skipped"])
        self.assertEqual(case.step_ids[2].done_by_id, self.agent)
        self.assertEqual(case.play_state, "done")

    def test_lead_tries_a_playbook_on_past_cases(self):
        self.start_tour("/web", "exception_playbook_lead", login="tour_lead")
        self.assertFalse(self.cases.play_ids)
