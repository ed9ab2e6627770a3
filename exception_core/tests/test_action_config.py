from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .action_common import ActionCommon


@tagged("post_install", "-at_install")
class TestActionConfig(ActionCommon):
    """Only system administrators decide what code may be run; the desk chooses from it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.action = cls._create_action()
        cls.released = cls.action.server_action_id
        cls.hidden = cls.released.copy({"name": "Not released"})

    def test_a_code_is_made_of_the_name(self):
        actions = self.env["exception.action"].with_user(self.user_admin)
        server = self.env.ref("exception_core.action_release_hold").server_action_id
        made = [
            actions.create({"name": "Öffne, what is closed!", "server_action_id": server.id})
            for _number in range(2)
        ]
        codes = [action.code for action in made]
        self.assertEqual(codes, ["offne_what_is_closed", "offne_what_is_closed_2"])
        made[0].name = "Another name"
        self.assertEqual(made[0].code, "offne_what_is_closed")

    def test_the_desk_s_administrator_sees_what_is_released(self):
        server_actions = self.env["ir.actions.server"].with_user(self.user_admin)
        found = server_actions.search([])
        self.assertIn(self.released, found)
        self.assertNotIn(self.hidden, found)
        with self.assertRaises(AccessError):
            found[0].read(["code"])
        with self.assertRaises(AccessError):
            self.hidden.with_user(self.user_admin).read(["name"])

    def test_nobody_but_the_system_releases_or_changes_code(self):
        for role in ("agent", "lead", "manager", "admin"):
            server_action = self.released.with_user(self.users[role])
            for vals in ({"exception_release": "system"}, {"code": "env.user"}, {"state": "multi"}):
                with self.subTest(role, vals=vals), self.assertRaises(AccessError):
                    server_action.write(vals)

    def test_only_what_is_released_can_be_chosen(self):
        action = self.action.with_user(self.user_admin)
        with self.assertRaises(ValidationError):
            action.server_action_id = self.hidden.id
        with self.assertRaises(ValidationError):
            action.reconcile_action_id = self.hidden.id
        self.hidden.exception_release = "person"
        action.server_action_id = self.hidden.id
        with self.assertRaises(ValidationError):
            action.run_as = "system"

    def test_system_administrators_still_see_all(self):
        both = self._create_user("test_both", "base.group_system,exception_core.group_admin")
        found = self.env["ir.actions.server"].with_user(both).search([])
        self.assertIn(self.hidden, found)

    def test_releasing_is_on_the_trail(self):
        entries = self.env["exception.audit.entry"].search_count
        domain = [("res_model", "=", "ir.actions.server"), ("res_id", "=", self.hidden.id)]
        self.assertEqual(entries(domain), 0)
        self.hidden.exception_release = "person"
        self.assertEqual(entries(domain), 1)
        self.hidden.code = "case.write({'description': 'other'})"
        self.assertEqual(entries(domain), 2, "as is every change of what it does")
        self.hidden.exception_release = False
        self.hidden.code = "env.user"
        self.assertEqual(entries(domain), 3)

    def test_code_knows_the_run_only_while_it_runs(self):
        self.released.code = "case.write({'description': 'forged'})"
        forged = self.released.with_context(
            active_model="exception.case",
            active_id=self.case.id,
            exception_running_action={"case": self.case.id},
        )
        with self.assertRaises(ValueError):
            forged.run()

    def test_inputs(self):
        parameter = {"action_id": self.action.id, "name": "x", "label": "X"}
        for wrong in (
            {"name": "no word"},
            {"name": "class"},
            {"kind": "choice"},
            {"kind": "record"},
            {"kind": "integer", "default": "many"},
            {"kind": "integer", "default": "9", "minimum": 1, "maximum": 5},
        ):
            with self.subTest(wrong), self.assertRaises(ValidationError):
                self.env["exception.action.parameter"].create({**parameter, **wrong})
        create = self.env["exception.action.parameter"].create
        choice = create({**parameter, "kind": "choice", "choices": "a=First\nb"})
        self.assertEqual((choice._parse("a"), choice._say("a")), ("a", "First"))
        yes = create({**parameter, "name": "y", "kind": "boolean"})
        self.assertEqual(
            [yes._parse(v) for v in (True, "yes", False, "no")], [True, True, False, False]
        )
        day = create({**parameter, "name": "d", "kind": "date"})
        self.assertEqual(day._parse("2024-02-29"), "2024-02-29")
        for parameter, value in ((choice, "c"), (day, "2024-02-30"), (day, None)):
            with self.subTest(value), self.assertRaises(ValidationError):
                parameter._parse(value)

    def test_a_record_input_is_what_the_person_may_choose(self):
        parameter = self.env["exception.action.parameter"].create(
            {
                "action_id": self.action.id,
                "name": "who",
                "label": "Who",
                "kind": "record",
                "model_id": self.env["ir.model"]._get("exception.team").id,
            }
        )
        private = self._create_team(private=True)
        with self.assertRaises(ValidationError):
            parameter.with_user(self.user_agent)._parse(private.id)
        self.assertEqual(parameter.with_user(self.user_agent)._parse(self.team.id), self.team.id)

    def test_a_copy_has_its_own_code(self):
        copies = [self.action.copy() for _time in range(2)]
        self.assertEqual(len({self.action.code, *(one.code for one in copies)}), 3)
