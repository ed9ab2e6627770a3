"""What a client can do over the wire: JSON-RPC calls with a person's own session."""

import json

from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.exception_core.models.exception_case_protect import (
    LOCKED_FIELDS,
    PROTECTED_FIELDS,
)

ROLES = {
    "rpc_agent": "exception_core.group_user",
    "rpc_lead": "exception_core.group_lead",
    "rpc_manager": "exception_core.group_manager",
    "rpc_admin": "exception_core.group_admin",
}
FORGED = {
    "char": "forged",
    "text": "forged",
    "integer": 7,
    "many2one": 1,
    "many2one_reference": 1,
    "one2many": [],
    "monetary": 7.0,
    "boolean": True,
    "datetime": "2001-01-01 00:00:00",
    "date": "2001-01-01",
    "json": [{"key": "forged"}],
    "selection": "closed",
}


@tagged("post_install", "-at_install")
class TestRpc(HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.people = {
            login: new_test_user(cls.env, login, groups=groups) for login, groups in ROLES.items()
        }
        cls.kind = cls.env.ref("exception_core.type_paid_not_shipped")
        cls.case = cls._create_case("Seen by all")

    @classmethod
    def _create_case(cls, title, **values):
        values = {"title": title, "type_id": cls.kind.id, **values}
        return cls.env["exception.case"].create(values)

    def _call(self, method, *args, model="exception.case", **kwargs):
        """Call as the logged-in person; return (result, error)."""
        params = {"model": model, "method": method, "args": args, "kwargs": kwargs}
        answer = self.url_open(
            f"/web/dataset/call_kw/{model}/{method}",
            data=json.dumps({"jsonrpc": "2.0", "method": "call", "params": params}),
            headers={"Content-Type": "application/json"},
        ).json()
        return answer.get("result"), answer.get("error")

    @mute_logger("odoo.http")
    def test_nobody_forges_what_a_case_says_of_itself(self):
        self.env.flush_all()
        names = sorted(PROTECTED_FIELDS | LOCKED_FIELDS)
        before = self.case.read(names)
        for login in ROLES:
            self.authenticate(login, login)
            for name in names:
                value = FORGED[self.case._fields[name].type]
                with self.subTest(login=login, field=name):
                    _result, error = self._call("write", [self.case.id], {name: value})
                    self.assertTrue(error, "write is refused")
                    if name in PROTECTED_FIELDS:
                        vals = {"title": "New", "type_id": self.kind.id, name: value}
                        _result, error = self._call("create", vals)
                        self.assertTrue(error, "create is refused")
            context = {f"default_{name}": FORGED[self.case._fields[name].type] for name in names}
            result, error = self._call(
                "create", {"title": "Honest", "type_id": self.kind.id}, context=context
            )
            self.assertFalse(error)
            made = self.env["exception.case"].browse(result)
            self.assertEqual((made.state, made.outcome, made.detector_id.id), ("new", False, False))
            self.assertNotEqual(made.name, "forged")
        self.case.invalidate_recordset()
        self.assertEqual(self.case.read(names), before)

    @mute_logger("odoo.http")
    def test_other_companies_and_private_teams_are_out_of_sight(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        private = self.env["exception.team"].create(
            {"name": "Private", "code": "rpc_private", "private": True, "lead_id": self.env.uid}
        )
        hidden = self._create_case("Theirs", company_id=elsewhere.id, team_id=False)
        hidden += self._create_case("Private", team_id=private.id)
        self.env.flush_all()
        self.authenticate("rpc_agent", "rpc_agent")
        found, error = self._call("search", [("id", "in", (hidden + self.case).ids)])
        self.assertFalse(error)
        self.assertEqual(found, self.case.ids)
        for case in hidden:
            for method, args in (
                ("read", ([case.id], ["title"])),
                ("write", ([case.id], {"title": "Mine"})),
                ("assign_to_me", ([case.id],)),
                ("cancel_case", ([case.id],)),
            ):
                with self.subTest(case=case.title, method=method):
                    result, error = self._call(method, *args)
                    self.assertTrue(error, result)
        self.assertFalse(hidden.user_id)
        counted, _error = self._call(
            "read_group", [("id", "in", hidden.ids)], ["__count"], ["team_id"]
        )
        self.assertEqual(counted, [])
