from datetime import datetime

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.exception_case_protect import LOCKED_FIELDS
from .common import ExceptionCommon

MOMENT = datetime(2001, 2, 3, 4, 5, 6)
WRITERS = ("agent", "lead", "manager", "admin")
READERS = ("approver", "auditor")


@tagged("post_install", "-at_install")
class TestCaseProtect(ExceptionCommon):
    """Evidence cannot be forged: each protected field, by each path, as each role."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.detector = cls._create_detector()
        cls.reason = cls._create_reason()
        cls.case = cls._create_case()
        cls.other = cls._create_case(title="Another")
        cls.forged = cls._forged_values()

    @classmethod
    def _forged_values(cls):
        """A value that differs from what the model gives, for each protected field."""
        case = cls.env["exception.case"]
        other_category = cls.env["exception.category"].search([("id", "!=", cls.category.id)])[:1]
        special = {
            "name": "FORGED",
            "category_id": other_category.id,
            "state": "closed",
            "is_open": False,
            "outcome": "manual",
            "waiting_for": "customer",
            "detector_id": cls.detector.id,
            "facts": [{"key": "forged", "value": 1}],
            "accepted_until": "2099-01-01",
            "sla_policy_id": cls.env.ref("exception_core.sla_policy_standard").copy().id,
            "is_leading": None,
            "team_alias_id": cls.env["exception.team.alias"]
            .create({"team_id": cls.team.id, "alias_name": "forged"})
            .id,
        }
        values = {}
        for name in sorted(case._protected_fields()):
            field = case._fields[name]
            if name in special:
                values[name] = special[name]
            elif field.type in ("one2many", "many2many"):
                values[name] = [cls._forged_link(field)]
            elif field.type == "many2one":
                own = {"exception.case": cls.other.id, "exception.reason": cls.reason.id}
                values[name] = own.get(field.comodel_name) or cls._any(field.comodel_name)
            else:
                kinds = {"datetime": MOMENT, "boolean": True, "integer": 77, "monetary": 777.0}
                values[name] = kinds.get(field.type, "FORGED")
        values["is_leading"] = not cls.case.is_leading
        return values

    @classmethod
    def _forged_link(cls, field):
        """Return a command that hangs a record on a case: one of another case, or a new one."""
        if field.comodel_name == "exception.case":
            return (4, cls.other.id)
        there = cls.other[field.name][:1] or cls.env[field.comodel_name].search([], limit=1)
        return (4, there.id) if there else (0, 0, {})

    @classmethod
    def _any(cls, model):
        """Return the id of some record of a model that a protected field points to."""
        fields = cls.env[model]._fields.values()
        asked = {field.name: "Any" for field in fields if field.type == "char" and field.required}
        return cls.env[model].search([], limit=1).id or cls.env[model].create(asked).id

    def _paths(self, env, name, value):
        """Every way through which a user can make a field's value reach a case."""
        case = env["exception.case"].browse(self.case.id)
        other = env["exception.case"].browse(self.other.id)
        base = {"title": "Forgery", "type_id": self.case_type.id}
        vals = {name: value}
        yield "create", lambda: case.create({**base, **vals})
        yield "write", lambda: case.write(vals)
        yield "setattr", lambda: case.__setitem__(name, value)
        yield "web_save", lambda: case.web_save(vals, {})
        yield "web_save of a new one", lambda: case.browse().web_save({**base, **vals}, {})
        yield "copy", lambda: case.copy(vals)
        for link in ("recurrence_ids", "duplicate_ids", "covered_ids"):
            yield f"{link} update", lambda link=link: other.write({link: [(1, case.id, vals)]})
            yield (
                f"{link} create",
                lambda link=link: other.write({link: [(0, 0, {**base, **vals})]}),
            )

    def _comparable(self, value):
        return value.ids if hasattr(value, "ids") else value

    def test_fields_by_paths_by_roles(self):
        for role in WRITERS + READERS:
            env = self.env(user=self.users[role], su=False)
            for name, value in self.forged.items():
                before = self._comparable(self.case[name])
                for path, attempt in self._paths(env, name, value):
                    with self.subTest(role=role, field=name, path=path):
                        with self.assertRaises(UserError):
                            attempt()
                        self.assertEqual(self._comparable(self.case[name]), before)

    @mute_logger("odoo.sql_db", "odoo.models")
    def test_load(self):
        for role in WRITERS:
            case = self.env["exception.case"].with_user(self.users[role])
            for name, value in self.forged.items():
                cell = str(self.other.id if isinstance(value, list) and name != "facts" else value)
                column = f"{name}/.id" if case._fields[name].relational else name
                rows = [[str(self.case.id), cell]]
                with self.subTest(role=role, field=name):
                    result = case.load([".id", column], rows)
                    self.assertFalse(result["ids"])
                    self.assertTrue(result["messages"])
                    before = self.env["exception.case"].search_count([])
                    new = [["Forgery", str(self.case_type.id), cell]]
                    case.load(["title", "type_id/.id", column], new)
                    self.assertEqual(self.env["exception.case"].search_count([]), before)

    def test_defaults_of_the_context(self):
        plain = self._forge_by_default({})
        for role in (*WRITERS, "superuser"):
            for name, value in self.forged.items():
                with self.subTest(role=role, field=name):
                    case = self._forge_by_default({f"default_{name}": value}, role)
                    if case._fields[name].type in ("one2many", "many2many"):
                        self.assertNotIn(value[0][1], case[name].ids)
                    elif name in ("name", "detected_at", "response_due", "date_due"):
                        self.assertNotIn(case[name], ("FORGED", MOMENT))
                    elif name not in ("bundle_size", "is_leading"):
                        expected = self._comparable(plain[name])
                        self.assertEqual(self._comparable(case[name]), expected)

    def _forge_by_default(self, context, role="agent"):
        model = self.env["exception.case"].with_context(**context)
        if role != "superuser":
            model = model.with_user(self.users[role])
        fresh = model.create({"title": "Plain", "type_id": self.case_type.id})
        fresh.invalidate_recordset()
        return fresh.sudo()

    def test_defaults_set_by_a_user(self):
        for name in ("outcome", "resolution_note", "fingerprint"):
            self.env["ir.default"].set("exception.case", name, "manual", user_id=True)
        case = self._forge_by_default({})
        self.assertFalse(case.outcome)
        self.assertFalse(case.resolution_note)
        self.assertEqual(case.fingerprint, "")

    def test_default_record_of_chatter_does_not_land_on_a_case(self):
        case = self._forge_by_default({"default_res_model": "res.partner", "default_res_id": 1})
        self.assertFalse(case.res_model)
        self.assertFalse(case.res_id)

    def test_commands_of_a_detector(self):
        admin = self.detector.with_user(self.user_admin)
        for name, value in self.forged.items():
            with self.subTest(field=name), self.assertRaises(UserError):
                admin.write({"case_ids": [(1, self.case.id, {name: value})]})
        with self.assertRaises(UserError):
            admin.write({"case_ids": [(4, self.case.id)]})

    def test_record_and_company_are_fixed_after_creation(self):
        values = {"res_model": "res.users", "res_id": 1, "occurred_at": MOMENT, "company_id": 1}
        self.assertEqual(set(values), LOCKED_FIELDS)
        for role in WRITERS:
            for name, value in values.items():
                with self.subTest(role=role, field=name), self.assertRaises(UserError):
                    self.case.with_user(self.users[role]).write({name: value})

    def test_onchange_shows_protected_fields_as_read_only(self):
        shown = self.env["exception.case"].with_user(self.user_admin).fields_get()
        for name in self.forged:
            self.assertTrue(shown[name]["readonly"], name)

    def test_nobody_deletes(self):
        for role in WRITERS + READERS:
            with self.subTest(role=role), self.assertRaises(UserError):
                self.case.with_user(self.users[role]).unlink()

    def test_copy_is_a_new_case(self):
        case = self._create_case(user_id=self.user_agent.id)
        case.with_user(self.user_agent).cancel_case(note="Not needed")
        copy = case.with_user(self.user_agent).copy()
        self.assertEqual((copy.state, copy.outcome, copy.user_id.id), ("new", False, False))
        self.assertNotEqual(copy.name, case.name)
        self.assertEqual(copy.res_id, case.res_id)

    def test_chatter_and_activities_work_for_agents_only(self):
        case = self.case.with_user(self.user_agent)
        message = case.message_post(body="Called the customer")
        self.assertEqual(message.author_id, self.user_agent.partner_id)
        activity = case.activity_schedule("mail.mail_activity_data_todo", summary="Call again")
        activity.action_feedback(feedback="Done")
        for role in READERS:
            with self.subTest(role=role), self.assertRaises(UserError):
                self.case.with_user(self.users[role]).message_post(body="I was here")
