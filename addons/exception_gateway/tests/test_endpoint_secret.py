import json
from datetime import timedelta
from unittest.mock import patch

from cryptography.fernet import Fernet
from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import SQL, mute_logger

from ..tools import secret_box
from .gateway_common import SECRET, GatewayCommon

OLD = "exception_gateway.mail_activity_type_secret"


@tagged("post_install", "-at_install")
class TestEndpointSecret(GatewayCommon):
    """Secrets: made, entered, shown once, changed, and read by nobody."""

    @classmethod
    def setUpClass(cls):
        """Make an endpoint without a secret."""
        super().setUpClass()
        cls.endpoint = cls._create_endpoint(secret=None)

    def _dialog(self, **values):
        action = self.endpoint.with_user(self.user_admin).action_rotate()
        dialogs = self.env[action["res_model"]].with_user(self.user_admin)
        return dialogs.with_context(**action["context"]).create(values)

    def _live(self):
        self.env.invalidate_all()
        sealed = self.endpoint._sealed_secrets().get(self.endpoint.id, [])
        return [secret_box.decrypt(one) for one, _end in sealed]

    def test_made_here_and_shown_once(self):
        dialog = self._dialog(origin="made")
        action = dialog.action_apply()
        shown = dialog.browse(action["res_id"]).with_context(**action["context"]).shown
        self.assertEqual(self._live(), [shown])
        self.assertGreater(len(shown), 30)
        # the dialog itself has forgotten it
        self.assertFalse(dialog.with_context(exception_new_secret=None).shown)
        self.assertFalse(dialog.sudo().sealed)

    def test_entered_in_the_form(self):
        action = self.endpoint.with_user(self.user_admin).action_rotate()
        dialogs = self.env[action["res_model"]].with_user(self.user_admin)
        with Form(dialogs.with_context(**action["context"])) as form:
            form.origin = "entered"
            form.entered = f"  {SECRET} "
        dialog = form.record
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "SELECT row_to_json(d)::text FROM exception_event_secret_dialog d WHERE id = %s",
                dialog.id,
            )
        )
        self.assertNotIn(SECRET, self.env.cr.fetchone()[0])
        self.env.invalidate_all()
        self.assertFalse(dialog.entered)
        self.assertEqual(dialog.action_apply()["type"], "ir.actions.act_window_close")
        self.assertEqual(self._live(), [SECRET])

    def test_two_live_at_most(self):
        for number, hours in enumerate((24, 24, 24)):
            self._dialog(origin="entered", entered=f"{SECRET} {number}", hours=hours).action_apply()
        self.assertEqual(self._live(), [f"{SECRET} 2", f"{SECRET} 1"])
        self.assertEqual(self.endpoint.secret_count, 2)
        self.assertEqual(self.endpoint.secret_ids.mapped("state"), ["current", "ending", "over"])
        with freeze_time(fields.Datetime.now() + timedelta(hours=25)):
            self.assertEqual(self._live(), [f"{SECRET} 2"])

    def test_the_old_one_can_be_ended(self):
        for number in range(2):
            self._dialog(origin="entered", entered=f"{SECRET} {number}").action_apply()
        self.env.invalidate_all()
        current, old = self.endpoint.secret_ids
        with self.assertRaises(UserError):
            current.with_user(self.user_admin).action_end()
        with self.assertRaises(AccessError):
            old.with_user(self.user_manager).action_end()
        old.with_user(self.user_admin).action_end()
        self.assertEqual(self._live(), [f"{SECRET} 1"])

    def test_nobody_reads_it(self):
        self._dialog(origin="entered", entered=SECRET).action_apply()
        secret = self.endpoint.secret_ids
        for role in ("admin", "manager", "auditor", "agent", "outsider"):
            own = secret.with_user(self.users[role])
            with self.subTest(role):
                with self.assertRaises(AccessError):
                    own.read(["sealed"])
                with self.assertRaises(UserError):
                    own.export_data(["sealed"])
                with self.assertRaises(AccessError):
                    own.search([("sealed", "=like", "g%")])
                with self.assertRaises(AccessError):
                    own._read_group([], ["sealed"])
        for role in ("admin", "manager", "auditor"):
            fields_seen = secret.with_user(self.users[role]).read()[0]
            self.assertNotIn("sealed", fields_seen)
        self.assertNotIn("sealed", secret.with_user(self.user_admin).fields_get())

    def test_it_stands_nowhere_in_clear(self):
        self._dialog(origin="entered", entered=SECRET).action_apply()
        self.env.flush_all()
        tables = (
            "exception_event_secret",
            "exception_event_secret_dialog",
            "exception_audit_entry",
            "mail_message",
            "mail_tracking_value",
            "exception_config_version",
        )
        for table in tables:
            self.env.cr.execute(
                SQL(
                    "SELECT count(*) FROM %s t WHERE t::text LIKE %s",
                    SQL.identifier(table),
                    f"%{SECRET}%",
                )
            )
            self.assertEqual(self.env.cr.fetchone()[0], 0, table)

    def test_nobody_makes_one_by_hand(self):
        for role in ("admin", "manager"):
            secrets = self.env["exception.event.secret"].with_user(self.users[role])
            with self.assertRaises(AccessError):
                secrets.create({"endpoint_id": self.endpoint.id, "sealed": "x", "origin": "made"})
            with self.assertRaises(AccessError):
                self.endpoint.with_user(self.users[role]).write(
                    {"secret_ids": [(0, 0, {"sealed": "x", "origin": "made"})]}
                )
        with self.assertRaises(AccessError):
            self.endpoint.with_user(self.user_manager).action_rotate()

    def test_without_a_key(self):
        with self._without_key():
            with self.assertRaisesRegex(UserError, "secret_key_file"):
                self.endpoint.with_user(self.user_admin).action_rotate()
            with self.assertRaisesRegex(UserError, "Fernet"):
                self.endpoint.with_user(self.user_admin).action_activate()

    def _without_key(self):
        return patch.dict("os.environ", {"EXCEPTION_SECRET_KEY": ""})

    def test_activation_needs_a_secret(self):
        endpoint = self.endpoint.with_user(self.user_admin)
        with self.assertRaisesRegex(UserError, "no secret yet"):
            endpoint.action_activate()
        self._dialog(origin="entered", entered=SECRET).action_apply()
        endpoint.action_activate()
        self.assertEqual(endpoint.state, "active")
        events = self.env["exception.audit.entry"].search(
            [("res_model", "=", endpoint._name), ("res_id", "=", endpoint.id)]
        )
        self.assertLessEqual({"endpoint.activated", "endpoint.secret"}, set(events.mapped("event")))

    def test_state_and_address_are_not_set_by_hand(self):
        endpoint = self.endpoint.with_user(self.user_admin)
        for values in ({"state": "active"}, {"token": "mine"}):
            with self.assertRaises(UserError):
                endpoint.write(values)
            with self.assertRaises(UserError):
                endpoint.copy(values)
        forged = endpoint.with_context(default_state="active", default_token="mine").create(
            {"name": "Forged", "system_id": self.system.id}
        )
        self.assertEqual(forged.state, "draft")
        self.assertNotEqual(forged.token, "mine")

    def test_secrets_that_cannot_be_any(self):
        with self.assertRaises(ValidationError):
            self._dialog(origin="made", hours=-1).action_apply()
        with self.assertRaises(UserError):
            self._dialog(origin="entered").action_apply()
        self.endpoint.scheme = "standard_webhooks"
        with self.assertRaises(ValidationError):
            self._dialog(origin="entered", entered="too short")

    def test_an_old_secret_is_said_once(self):
        self._dialog(origin="entered", entered=SECRET).action_apply()
        self.endpoint.action_activate()
        endpoints = self.env["exception.event.endpoint"]
        endpoints._cron_secrets()
        self.assertFalse(self.endpoint.activity_search([OLD]))
        with freeze_time(fields.Datetime.now() + timedelta(days=400)):
            endpoints._cron_secrets()
            endpoints._cron_secrets()
            told = self.endpoint.activity_search([OLD])
            self.assertEqual((len(told), told.user_id), (1, self.user_admin))
            self._dialog(origin="entered", entered=f"{SECRET} 2").action_apply()
            self.assertFalse(self.endpoint.activity_search([OLD]))

    def test_a_new_key_encrypts_anew(self):
        self._dialog(origin="entered", entered=SECRET).action_apply()
        secret = self.endpoint.secret_ids.sudo()
        before = secret.sealed
        self.env["exception.event.endpoint"]._cron_secrets()
        self.assertEqual(secret.sealed, before)
        new = Fernet.generate_key().decode()
        with patch.dict("os.environ", {"EXCEPTION_SECRET_KEY": f"{new} {self.key}"}):
            self.env["exception.event.endpoint"]._cron_secrets()
        self.assertNotEqual(secret.sealed, before)
        with patch.dict("os.environ", {"EXCEPTION_SECRET_KEY": new}):
            self.assertEqual(self._live(), [SECRET])

    def test_addresses_and_limits_are_checked_when_entered(self):
        for values in (
            {"allowed_ips": "10.0.0.0/8, somewhere"},
            {"max_kib": 0},
            {"max_kib": 10**6},
            {"rate_limit": -1},
            {"tolerance": 0},
            {"signature_header": False},
            {"signature_template": "no content"},
        ):
            with self.subTest(json.dumps(values)), self.assertRaises(ValidationError):
                self.endpoint.write(values)

    @mute_logger("odoo.addons.exception_gateway.models.exception_event_receive")
    def test_a_test_event_goes_the_way_of_all(self):
        endpoint = self.endpoint.with_user(self.user_admin)
        with self.assertRaises(UserError):
            endpoint.action_send_test()
        self._dialog(origin="entered", entered=SECRET).action_apply()
        with self.assertRaises(AccessError):
            self.endpoint.with_user(self.user_manager).action_send_test()
        for scheme in ("hmac_sha256", "stripe", "shopify", "easypost", "bearer"):
            with self.subTest(scheme):
                self.endpoint.scheme = scheme
                action = endpoint.action_send_test()
                event = self.env["exception.event"].browse(action["res_id"])
                self.assertEqual((event.endpoint_id, event.state), (self.endpoint, "received"))
