from odoo import fields
from odoo.tests import HttpCase, tagged

from .common_health import HealthCommon


@tagged("post_install", "-at_install")
class TestHealthTour(HealthCommon, HttpCase):
    """An administrator sees what is wrong, opens it, and looks for an order."""

    browser_size = "1440,900"

    def test_from_the_figure_to_the_events(self):
        self.endpoint.name = "Tour shop"
        now = fields.Datetime.now()
        self._receive([now] * 2, state="dead", reason="No contract applies")
        self._receive([now], reference="S00042")
        self.start_tour("/web", "exception_gateway_health", login="test_exception_admin")
