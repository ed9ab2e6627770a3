from contextlib import suppress

from odoo import http
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .access import AccessCommon
from .access_table import FIELD_GROUPS, MODELS, RECORDS, ROLES, ROUTES, parse

OPERATIONS = {"c": "create", "r": "read", "w": "write", "d": "unlink"}
# An ordinary edit for each kind of record; what it does is undone.
EDITS = {
    "exception.case": {"title": "Edited"},
    "exception.team": {"description": "Edited"},
    "exception.channel": {"name": "Edited"},
    "exception.sla.clock": {"used": 1},
}


class Undo(Exception):
    """Raised to undo what an attempt did."""


@tagged("post_install", "-at_install")
class TestAccessMatrix(AccessCommon):
    """The tables of ``access_table`` against what really happens."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        elsewhere = cls.env["res.company"].create({"name": "Elsewhere"})
        private = cls._create_team(private=True, member_ids=[(6, 0, cls.user_colleague.ids)])
        policy = cls.env.ref("exception_core.sla_policy_standard")
        case = cls._create_case()
        foreign = cls._create_case(
            company_id=elsewhere.id, team_id=False, res_model=False, res_id=False
        )
        secret = cls._create_case(team_id=private.id)
        channel = {"name": "Theirs", "code": "theirs", "kind": "shop", "company_id": elsewhere.id}
        cls.records = {
            "case": case,
            "case of another company": foreign,
            "case of a private team": secret,
            "team": cls._create_team(),
            "team of another company": cls._create_team(company_id=elsewhere.id),
            "private team": private,
            "channel of another company": cls.env["exception.channel"].create(channel),
            "clock": cls._clock(case, policy),
            "clock of another company": cls._clock(foreign, policy),
            "clock of a private team": cls._clock(secret, policy),
        }

    @classmethod
    def _clock(cls, case, policy):
        if not case.clock_ids:
            vals = {"case_id": case.id, "kind": "resolution", "policy_id": policy.id}
            cls.env["exception.sla.clock"].create({**vals, "allotted": 3600})
        return case.clock_ids[0]

    def test_every_model_is_in_the_table(self):
        rows = parse(MODELS)
        models = self._suite_models()
        self.assertEqual(models - rows.keys(), set(), "models of the suite that are not listed")
        self.assertEqual(rows.keys() - models, set(), "listed, but no model of the suite")

    def test_models(self):
        for name, row in parse(MODELS).items():
            self.assertEqual(tuple(row), ROLES)
            for role, expected in row.items():
                model = self.env[name].with_user(self.people[role])
                actual = "".join(
                    letter if model.check_access_rights(operation, False) else "-"
                    for letter, operation in OPERATIONS.items()
                )
                with self.subTest(model=name, role=role):
                    self.assertEqual(actual, expected)

    def test_auditors_read_everything_and_write_nothing(self):
        for name, row in parse(MODELS).items():
            # dialogs are not for auditors, but for what every employee is told
            reads = not self.env[name]._transient or row["outsider"] == "-r--"
            self.assertEqual(row["auditor"], "-r--" if reads else "----", name)

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
    def test_records(self):
        rows = parse(RECORDS)
        self.assertEqual(rows.keys(), self.records.keys())
        for name, row in rows.items():
            for role, expected in row.items():
                with self.subTest(record=name, role=role):
                    self.assertEqual(self._possible(self.records[name], role), expected)

    def _possible(self, record, role):
        """Return the letters of what this role really can do with the record."""
        own = record.with_user(self.people[role])
        attempts = {
            "r": lambda: own.read(["display_name"]),
            "w": lambda: own.write(EDITS[record._name]),
            "d": lambda: (own.check_access_rights("unlink"), own.check_access_rule("unlink")),
        }
        return "-" + "".join(
            letter if self._works(attempt) else "-" for letter, attempt in attempts.items()
        )

    def _works(self, attempt):
        self.env.invalidate_all()
        works = False
        with suppress(AccessError, Undo), self.env.cr.savepoint():
            attempt()
            works = True
            raise Undo
        return works

    def test_field_groups(self):
        found = {
            f"{name}.{field.name}": field.groups
            for name, model in self.env.items()
            for field in model._fields.values()
            if field.groups
            and not field.inherited
            and (field._module or "").startswith("exception_")
        }
        known = {name: groups for name, groups in FIELD_GROUPS.items() if name in found}
        self.assertEqual(found, known)
        # people may ask for the fields of themselves that they keep in the preferences
        agent = self.user_agent.with_user(self.people["outsider"])
        for name in known:
            model, field = name.rsplit(".", 1)
            with self.subTest(field=name), self.assertRaises(AccessError):
                record = agent if model == "res.users" else agent.env[model]
                record.check_field_access_rights("read", [field])

    def test_no_address_answers_without_the_backend(self):
        rules = http._generate_routing_rules(self.modules, nodb_only=False)
        own = {
            url
            for url, endpoint in rules
            if endpoint.func.__module__.split(".")[2].startswith("exception_")
        }
        self.assertEqual(own, ROUTES)
