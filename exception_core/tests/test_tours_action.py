from odoo.tests import tagged

from .test_tours_desk import DeskTourCase


@tagged("post_install", "-at_install")
class TestActionTours(DeskTourCase):
    """An agent does something about a case, and takes it back."""

    def test_an_agent_does_an_action_and_takes_it_back(self):
        case = self.cases[1]
        before = case.severity
        url = f"/web#id={case.id}&model=exception.case&view_type=form"
        self.start_tour(url, "exception_action_do_and_undo", login="tour_agent")
        done = case.run_ids.filtered(lambda run: not run.undo_of_id)
        self.assertEqual((done.state, case.severity), ("undone", before))
        self.assertEqual(done.after["severity"]["value"], "1")
        self.assertEqual(done.undo_ids.reason, "Not that bad after all")
