import inspect
from contextlib import suppress

from odoo import fields
from odoo.api import call_kw
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from .access import AccessCommon
from .access_methods import EXTENDED, rows
from .access_table import ROLES

LADDER = ("user", "lead", "manager", "admin")
OVERSIGHT = ("manager", "admin", "auditor")
# Tables of Odoo that the suite writes to in a user's name.
WATCHED = (
    "base_automation ir_attachment ir_config_parameter ir_cron mail_activity mail_alias"
    " mail_followers mail_message res_company res_partner"
).split()
SECRET = "only for those on the desk"


class Undo(Exception):
    """Raised to undo what a call did."""


@tagged("post_install", "-at_install")
class TestAccessMethods(AccessCommon):
    """Every public method, called over RPC by everybody whom it does not serve."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.case = cls._create_case(title=SECRET)
        cls.other_case = cls._create_case(title=SECRET)
        cls.reason = cls._create_reason(kind="false_alarm")
        cls.resolution = cls._create_reason()
        # a report is a query over other tables
        kept = [cls.env[name] for name in cls._suite_models()]
        own = {model._table for model in kept if model._auto and not model._transient}
        cls.tables = sorted(own | set(WATCHED))

    def test_every_method_is_listed(self):
        found = {row for row in self._public_methods() if row[1] not in EXTENDED}
        listed = set(rows())
        self.assertEqual(found - listed, set(), "public methods that are not listed")
        missing = {row for row in listed - found - self._inherited() if row[0] in self.env}
        self.assertEqual(missing, set(), "listed, but no method of the suite")

    @mute_logger(
        "odoo.addons.base.models.ir_rule",
        "odoo.addons.base.models.ir_model",
        "odoo.models.unlink",
        "odoo.sql_db",
    )
    def test_nobody_changes_what_is_not_theirs(self):
        listed = rows()
        for (model, method), who in listed.items():
            if model not in self.env:
                continue
            for record in self._samples(model):
                if not record and not _is_of_the_model(record, method):
                    # a mixin that nobody uses in this database
                    continue
                # a user of a mixin may serve others than the mixin says
                serves = listed.get((record._name, method), who)
                self._assert_serves_only(serves, record, method)

    def _inherited(self):
        """Rows of the suite's mixins, for each model that uses one."""
        return {
            (child, method)
            for model, method in self._public_methods()
            if self.env[model]._abstract
            for child in self.env[model]._inherit_children
        }

    def _assert_serves_only(self, who, record, method):
        arguments = self._arguments(record._name, method)
        for role in ROLES:
            if _serves(who, role):
                continue
            with self.subTest(model=record._name, method=method, role=role):
                result, changed = self._call(record, method, arguments, role)
                self.assertEqual(changed, [])
                if role in ("outsider", "portal", "public"):
                    self.assertNotIn(SECRET, repr(result))

    def _call(self, record, method, arguments, role):
        """Call as this person; return (result, tables written to), and undo everything.

        What a refused call had written until then is undone with it, as in a request of its own.
        """
        model = record.with_env(self.env(user=self.people[role].id, su=False))
        ids = [] if _is_of_the_model(record, method) else [record.ids]
        result, changed = None, []
        self.env.invalidate_all()
        before = self._written()
        with suppress(UserError, Undo), self.env.cr.savepoint():
            result = call_kw(model.browse(), method, [*ids, *arguments], {})
            self.env.flush_all()
            after = self._written()
            changed = [table for table in after if after[table] != before.get(table)]
            raise Undo
        return result, changed

    def _written(self):
        """Return how many rows of each watched table this transaction has written so far."""
        # as before a commit: hooks write, too
        self.env.cr.flush()
        self.env.cr.execute(
            SQL(
                """SELECT relname, n_tup_ins, n_tup_upd, n_tup_del FROM pg_stat_xact_user_tables
                    WHERE relname = ANY(%s)""",
                self.tables,
            )
        )
        return {table: counts for table, *counts in self.env.cr.fetchall()}

    def _arguments(self, model, method):
        """Make up the arguments of a method by their names."""
        known = self._known_arguments()
        function = getattr(self.env.registry[model], method)
        parameters = list(inspect.signature(function).parameters.values())[1:]
        unknown = [one.name for one in parameters if one.name not in known]
        self.assertFalse(unknown, f"{model}.{method}: say what to call it with")
        return [known[one.name] for one in parameters]

    def _known_arguments(self):
        tomorrow = fields.Date.to_string(fields.Date.add(fields.Date.today(), days=1))
        return {
            "action_id": self.env["exception.action"].search([], limit=1).id,
            "playbook_id": None,
            "stage": None,
            "user_id": self.user_agent.id,
            "team_id": self.team.id,
            "until": tomorrow,
            "reason_id": self.reason.id,
            "root_cause_id": None,
            "step": "confirm",
            "expires_at": None,
            "resolution_id": self.resolution.id,
            "master_id": self.other_case.id,
            "case_ids": self.case.ids,
            "cases": 3,
            "days": 30,
            "limit": 10,
            "rule_ids": None,
            "note": "made up",
            "reason": "made up",
            "comment": "made up",
            "done": True,
            "token": "made up",
            "decision": "approve",
            "body": "made up",
            "to_customers": False,
            "only_open": True,
            "cover_bundle": False,
            "waiting_for": "customer",
            "values": {"severity": "1"},
            "parts": [],
            "params": None,
            "parameter": "made_up",
            "value": "1",
        }


def _serves(who, role):
    """Tell whether a method may change something for this role."""
    if who == "oversight":
        return role in OVERSIGHT
    return who in LADDER and role in LADDER[LADDER.index(who) :]


def _is_of_the_model(record, method):
    """Tell whether the method is called without records."""
    return getattr(getattr(type(record), method), "_api", None) in ("model", "model_create")
