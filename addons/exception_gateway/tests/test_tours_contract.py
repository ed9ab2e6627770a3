from unittest.mock import patch

from odoo.tests import HttpCase, new_test_user, tagged

from .event_common import EventCommon


@tagged("post_install", "-at_install")
class TestToursContract(EventCommon, HttpCase):
    """An administrator sets up an endpoint and a contract, and deals with a dead letter."""

    browser_size = "1440,900"

    def test_contract_is_written_broken_and_a_dead_letter_replayed(self):
        """From a new endpoint to the case, and from a broken mapping to the replay."""
        groups = "exception_core.group_admin,base.group_partner_manager"
        new_test_user(self.env, "tour_gateway", groups=groups, name="Tour administrator", tz="UTC")
        customer = self.env["res.partner"].create({"name": "Tour customer", "ref": "TOUR-1"})
        self._create_contract(
            name="Tour contract",
            code="tour.contract",
            sequence=1,
            state="draft",
            kinds="charge.*",
            mapping="{what: type, when: created, reference: id}",
            subject_path=False,
            dedup_path=False,
            unmatched="case",
            reaction_ids=[self._reaction("open", "what == 'charge.failed'")],
        )
        events = type(self.env["exception.event"])
        # the background works at once: in a test nothing is committed that it could see
        with patch.object(events, "_drain_soon", lambda event: event.sudo()._drain()):
            url = "/web#action=exception_gateway.exception_event_endpoint_action"
            self.start_tour(url, "exception_gateway_contract", login="tour_gateway", timeout=120)
        case = self.env["exception.case"].search([("detector_id", "=", self.detector.id)])
        self.assertEqual((case.res_model, case.res_id), ("res.partner", customer.id))
        self.assertEqual(case.amount, 12.5)
        self.assertEqual(case.event_ids.mapped("state"), ["done", "done"])
        dead = case.event_ids.replay_of_id
        self.assertEqual(dead.state, "ignored")
        self.assertNotIn(b"word", dead._content())
