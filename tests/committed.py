"""Base of tests that must commit, because other processes take part; cleans up after itself."""

from contextlib import contextmanager

import odoo
from odoo.tests import BaseCase, get_db_name


class CommittedCase(BaseCase):
    """A detector on partners with a mark of the test's own, committed for all to see."""

    mark = None

    def setUp(self):
        super().setUp()
        self.registry = odoo.registry(get_db_name())
        self.addCleanup(self._clean_up)

    @contextmanager
    def committed(self):
        """Give a superuser environment on a real cursor that commits at the end."""
        with self.registry.cursor() as cr:
            yield odoo.api.Environment(cr, odoo.SUPERUSER_ID, {})

    def _create_detector(self, env, **overrides):
        values = {
            "name": self.mark,
            "code": self.mark,
            "model_id": env["ir.model"]._get("res.partner").id,
            "type_id": env.ref("exception_core.type_contact_unusable").id,
            "domain": f"[('ref', '=', '{self.mark}'), ('email', '=', False)]",
            "cadence": "daily",
        }
        return env["exception.detector"].create({**values, **overrides})

    def _create_partners(self, env, count):
        values = [{"name": f"{self.mark} {n}", "ref": self.mark} for n in range(count)]
        return env["res.partner"].create(values)

    def _cases(self, env):
        return env["exception.case"].search([("detector_id.code", "=", self.mark)])

    def _clean_up(self):
        with self.committed() as env:
            self._cases(env).unlink()
            env["exception.detector"].search([("code", "=", self.mark)]).unlink()
            env["res.partner"].search([("ref", "=", self.mark)]).unlink()
