from unittest.mock import patch

from odoo.tests import tagged

from .test_tours_desk import DeskTourCase

ASSIGN = "exception_core.action_assign"


@tagged("post_install", "-at_install")
class TestOptionTours(DeskTourCase):
    """An agent has ways out proposed, and chooses one."""

    def test_an_agent_chooses_a_way_out(self):
        case = self.cases[1]
        url = f"/web#id={case.id}&model=exception.case&view_type=form"
        case_class = type(self.env["exception.case"])
        with patch.object(case_class, "_option_providers", lambda case: [lambda: self._ways()]):
            self.start_tour(url, "exception_option_choose", login="tour_agent")
        chosen = case.option_ids.filtered(lambda option: option.state == "chosen")
        self.assertEqual((chosen.key, chosen.rank, chosen.run_state), ("ship", 2, "done"))

    def _ways(self):
        stock = {"stock": "5 in WH2"}
        way = {"action": ASSIGN, "values": {"user": self.env.ref("base.user_admin").id}}
        late = {"delay_days": 1.0, "needs": stock}
        return [
            {**way, "key": "ship", "name": "Ship from WH2", "cost": 9.0, **late},
            {**way, "key": "split", "name": "Split", "cost": 14.0, "needs": stock},
            {**way, "key": "refund", "name": "Refund", "margin_effect": -310.0, "delay_days": 2},
        ]
