"""Versions of the configuration with real commits: two transactions at once, and a rollback."""

from committed import CommittedCase
from psycopg2.errors import SerializationFailure

import odoo
from odoo.tests import tagged
from odoo.tools import mute_logger


@tagged("post_install", "-at_install")
class TestConfigProcesses(CommittedCase):
    mark = "config_versions"

    def setUp(self):
        super().setUp()
        parameters = [
            (0, 0, {"name": name, "label": name, "kind": "integer", "value": "1"})
            for name in ("first", "second")
        ]
        with self.committed() as env:
            self.detector_id = self._create_detector(env, parameter_ids=parameters).id

    def _set(self, env, name, value):
        lines = env["exception.detector"].browse(self.detector_id).parameter_ids
        lines.filtered(lambda line: line.name == name).value = value

    def _versions(self, env):
        return env["exception.config.version"].search(
            [("res_model", "=", "exception.detector"), ("res_id", "=", self.detector_id)],
            order="number",
        )

    def test_every_commit_is_a_version(self):
        for value in ("2", "3"):
            with self.committed() as env:
                self._set(env, "first", value)
        with self.committed() as env:
            self.assertEqual(self._versions(env).mapped("number"), [1, 2, 3])

    def test_what_is_rolled_back_is_no_version(self):
        with self.assertRaises(ZeroDivisionError), self.committed() as env:
            self._set(env, "first", "2")
            env.flush_all()
            raise ZeroDivisionError
        with self.committed() as env:
            self.assertEqual(self._versions(env).mapped("number"), [1])

    def test_of_two_at_once_one_is_repeated(self):
        # they write different lines: only the versions tell them of each other
        with self.registry.cursor() as cr:
            late = odoo.api.Environment(cr, odoo.SUPERUSER_ID, {})
            self._set(late, "second", "5")
            with self.committed() as env:
                self._set(env, "first", "5")
            with mute_logger("odoo.sql_db"), self.assertRaises(SerializationFailure):
                cr.commit()
            cr.rollback()
        with self.committed() as env:
            self._set(env, "second", "5")
        with self.committed() as env:
            versions = self._versions(env)
            self.assertEqual(versions.mapped("number"), [1, 2, 3])
            kept = versions[-1]["values"]["lines"]["parameter_ids"]
            self.assertEqual([line["fields"]["value"] for line in kept], ["5", "5"])
