import os
from unittest.mock import patch

from cryptography.fernet import Fernet

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import SQL

from .delivery_common import DeliveryCommon

REFUSED = (
    "http://hooks.example.com/x",
    "ftp://hooks.example.com/x",
    "https://user:word@hooks.example.com/x",
    "https://10.0.0.1/x",
    "https://[::1]/x",
    "https://169.254.169.254/latest",
    "https://2130706433/x",
    "https://hooks.example.com:25/x",
    "https://hooks.example.com\\@localhost/x",
    "not an address",
)


class TestSubscription(DeliveryCommon):
    """What may be configured, by whom, and what nobody reads."""

    def test_addresses_are_checked_when_they_are_configured(self):
        for url in REFUSED:
            with self.assertRaises(ValidationError, msg=url):
                self._create_subscription(activate=False, url=url)

    def test_an_administrator_allows_private_addresses_but_never_metadata(self):
        self._create_subscription(url="https://10.0.0.1/x", allow_private=True)
        self._create_subscription(
            url="http://127.0.0.1:8080/x", allow_private=True, allow_http=True
        )
        with self.assertRaises(ValidationError):
            self._create_subscription(url="https://169.254.169.254/x", allow_private=True)

    def test_waits_are_checked(self):
        with self.assertRaises(ValidationError):
            self._create_subscription(activate=False, waits="soon")

    def test_it_cannot_be_activated_without_a_key(self):
        one = self._create_subscription(activate=False)
        with (
            patch.dict(os.environ, {"EXCEPTION_SECRET_KEY": ""}),
            patch("odoo.addons.exception_gateway.tools.secret_box._option", return_value=None),
            self.assertRaisesRegex(UserError, "key"),
        ):
            one.action_activate()
        self.assertEqual(one.state, "draft")

    def test_the_secret_is_shown_once_and_stored_sealed(self):
        one = self._create_subscription(activate=False)
        action = one.with_user(self.user_admin).action_activate()
        secret = action["context"]["exception_new_secret"]
        self.assertTrue(secret.startswith("whsec_"))
        dialog = self.env[action["res_model"]].with_user(self.user_admin)
        [shown] = (
            dialog.with_context(**action["context"])
            .browse(action["res_id"])
            .web_read({"secret": {}, "had_secret": {}})
        )
        self.assertEqual((shown["secret"], shown["had_secret"]), (secret, False))
        self.assertEqual(one._secrets(), (secret,))
        self.assertIsNone(one.with_user(self.user_admin).action_activate())
        self.env.flush_all()
        for table in ("exception_sealed_secret", "exception_subscription", "mail_message"):
            self.env.cr.execute(SQL("SELECT t::text FROM %s AS t", SQL.identifier(table)))
            for (row,) in self.env.cr.fetchall():
                self.assertNotIn(secret[6:], row)

    def test_nobody_reads_secrets(self):
        one = self._create_subscription()
        sealed = self.env["exception.sealed.secret"]._of(one)
        for role in ("admin", "manager", "auditor", "agent"):
            user = self.users[role]
            with self.assertRaises(AccessError):
                sealed.with_user(user).read(["sealed"])
            with self.assertRaises(AccessError):
                sealed.with_user(user).search([("sealed", "like", "a")])
            with self.assertRaises(UserError):
                sealed.with_user(user).export_data(["sealed"])
            with self.assertRaises(UserError):
                sealed.with_user(user).write({"purpose": "x"})
        names = sealed.with_user(self.user_admin).fields_get()
        self.assertNotIn("sealed", names)

    def test_versions_hold_no_secrets(self):
        one = self._create_subscription(
            header_ids=[(0, 0, {"name": "X-Token", "value": "hush-hush", "is_secret": True})]
        )
        self.env.cr.precommit.run()
        versions = self.env["exception.config.version"].search(
            [("res_model", "=", one._name), ("res_id", "=", one.id)]
        )
        self.assertTrue(versions)
        self.env.flush_all()
        self.env.cr.execute("SELECT v::text FROM exception_config_version AS v")
        text = " ".join(row[0] for row in self.env.cr.fetchall())
        self.assertIn("X-Token", text)
        self.assertNotIn("hush-hush", text)

    def test_headers(self):
        one = self._create_subscription(
            header_ids=[
                (0, 0, {"name": "X-Token", "value": "hush-hush", "is_secret": True}),
                (0, 0, {"name": "X-Team", "value": "desk", "is_secret": False}),
            ]
        )
        self.env.invalidate_all()
        values = {line.name: line.value for line in one.header_ids}
        self.assertEqual(values, {"X-Token": False, "X-Team": "desk"})
        self._create_case()
        self._send()
        self.assertEqual(self.arrived[0].headers, {"X-Token": "hush-hush", "X-Team": "desk"})
        self.assertNotIn("hush-hush", repr(self.arrived[0]))

    def test_a_secret_header_does_not_become_readable(self):
        one = self._create_subscription(
            header_ids=[(0, 0, {"name": "X-Token", "value": "hush-hush", "is_secret": True})]
        )
        one.header_ids.with_user(self.user_admin).write({"is_secret": False})
        self.env.invalidate_all()
        self.assertFalse(one.header_ids.value)
        self.assertFalse(self.env["exception.sealed.secret"]._of(one.header_ids))

    def test_a_secret_header_is_not_moved_to_another_receiver(self):
        one, other = self._create_subscription(), self._create_subscription(name="Other")
        one.write({"header_ids": [(0, 0, {"name": "X-Token", "value": "hush-hush"})]})
        header = one.header_ids.with_user(self.user_admin)
        with self.assertRaises(ValidationError):
            header.write({"subscription_id": other.id})
        with self.assertRaises(ValidationError):
            other.with_user(self.user_admin).write({"header_ids": [(4, header.id)]})
        header.write({"subscription_id": one.id, "value": "hush"})

    def test_a_secret_header_does_not_follow_the_address(self):
        one = self._create_subscription(
            header_ids=[
                (0, 0, {"name": "X-Token", "value": "hush-hush"}),
                (0, 0, {"name": "X-Team", "value": "desk", "is_secret": False}),
            ]
        ).with_user(self.user_admin)
        one.url = one.url + "/another/path"
        token = one.header_ids.filtered("is_secret")
        elsewhere = "https://elsewhere.example.com/hook"
        for change in (
            {},
            {"header_ids": [(1, token.id, {"name": "X-Key"})]},
            {"header_ids": [(6, 0, one.header_ids.ids)]},
        ):
            with self.assertRaisesRegex(ValidationError, "X-Token"):
                one.write({"url": elsewhere, **change})
        one.write({"url": elsewhere, "header_ids": [(1, token.id, {"value": "for them"})]})
        self.assertEqual(one.header_ids._in_clear()["X-Token"], "for them")
        one.write({"url": "https://third.example.com/hook", "header_ids": [(2, token.id)]})
        self.assertEqual(one.header_ids.mapped("name"), ["X-Team"])

    def test_headers_that_would_mislead_are_refused(self):
        one = self._create_subscription()
        for name, value in (
            ("Host", "other.example.com"),
            ("webhook-signature", "x"),
            ("X Team", "x"),
            ("X-Team", "a\r\nX-Other: b"),
            ("Transfer-Encoding", "chunked"),
        ):
            with self.assertRaises(ValidationError, msg=name):
                one.write({"header_ids": [(0, 0, {"name": name, "value": value})]})

    def test_only_administrators_configure(self):
        one = self._create_subscription()
        for role in ("manager", "auditor"):
            mine = one.with_user(self.users[role])
            self.assertTrue(mine.name)
            for verb in ("action_pause", "action_rotate_secret", "action_activate", "action_ping"):
                with self.assertRaises(AccessError, msg=verb):
                    getattr(mine, verb)()
        with self.assertRaises(AccessError):
            one.with_user(self.user_agent).read(["name"])

    def test_how_it_stands_is_not_forged(self):
        admin = self.env["exception.subscription"].with_user(self.user_admin)
        values = {"name": "x", "url": "https://hooks.example.com/x"}
        with self.assertRaises(ValidationError):
            admin.create({**values, "state": "active"})
        one = admin.with_context(default_state="active", default_circuit="open").create(values)
        self.assertEqual((one.state, one.circuit), ("draft", "closed"))
        with self.assertRaises(ValidationError):
            one.write({"circuit": "closed", "failures": 0})

    def test_a_copy_begins_anew_without_the_secret(self):
        one = self._create_subscription(
            header_ids=[(0, 0, {"name": "X-Token", "value": "hush-hush"})]
        )
        again = one.copy()
        self.assertEqual(again.state, "draft")
        self.assertFalse(again.has_secret or again.header_ids)

    def test_a_changed_condition_is_heard_at_once(self):
        one = self._create_subscription(domain="[('severity', '=', '1')]")
        self._create_case(severity="3")
        self.assertFalse(self._deliveries(one))
        one.domain = "[]"
        self._create_case(severity="3")
        self.assertEqual(len(self._deliveries(one)), 1)

    def test_a_new_key_takes_over(self):
        one = self._create_subscription()
        secrets = one._secrets()
        both = f"{Fernet.generate_key().decode()} {os.environ['EXCEPTION_SECRET_KEY']}"
        with patch.dict(os.environ, {"EXCEPTION_SECRET_KEY": both}):
            self.assertEqual(one._secrets(), secrets)
            self.env["exception.sealed.secret"]._renew()
        with patch.dict(os.environ, {"EXCEPTION_SECRET_KEY": both.split()[0]}):
            self.assertEqual(one._secrets(), secrets)


@tagged("post_install", "-at_install")
class TestSubscriptionReach(DeliveryCommon):
    """Whose cases somebody may have told outside."""

    def test_who_does_not_work_for_all_companies_does_not_tell_about_all(self):
        self.env["res.company"].create({"name": "Next door"})
        admin = self.env["exception.subscription"].with_user(self.user_admin)
        values = {"name": "x", "url": "https://hooks.example.com/x"}
        mine = admin.create(values)
        self.assertEqual(mine.company_id, self.user_admin.company_id)
        for forbidden in (
            lambda: admin.create({**values, "company_id": False}),
            lambda: mine.write({"company_id": False}),
        ):
            with self.assertRaisesRegex(ValidationError, "companies"), self.cr.savepoint():
                forbidden()
        of_all = self._create_subscription(company_id=False).with_user(self.user_admin)
        for forbidden in (
            lambda: of_all.write({"url": "https://elsewhere.example.com/x"}),
            lambda: of_all.write({"company_id": self.user_admin.company_id.id}),
            of_all.action_rotate_secret,
            of_all.action_replay_since,
        ):
            with self.assertRaisesRegex(ValidationError, "companies"), self.cr.savepoint():
                forbidden()
        self.user_admin.company_ids = self.env["res.company"].search([])
        of_all.write({"url": "https://elsewhere.example.com/x"})
