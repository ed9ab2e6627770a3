from odoo.exceptions import UserError
from odoo.tests import tagged

from .second_person_common import SecondPersonCommon


@tagged("post_install", "-at_install")
class TestSecondPersonKinds(SecondPersonCommon):
    """Which changes need a second person is a setting, which needs one itself."""

    def test_rules_are_free_unless_asked_for(self):
        rule = self.env["exception.rule"].create(
            {"name": "Large orders", "severity": "2", "enabled": True}
        )
        self._as(rule, "lead").severity = "1"
        self.assertEqual(rule.severity, "1")
        self._ask_for("rule")
        self._as(rule, "lead").severity = "3"
        change = self._waits(rule)
        self.assertEqual(rule.severity, "1")
        self._agree(change, role="manager")
        self.assertEqual(rule.severity, "3")

    def test_new_record_in_force_rests_until_agreed(self):
        self._ask_for("rule")
        values = {"name": "Large orders", "severity": "2", "enabled": True}
        rule = self._as(self.env["exception.rule"], "lead").create(values)
        self.assertFalse(rule.active)
        self._agree(self._waits(rule), role="admin")
        self.assertTrue(rule.active)

    def test_policy_with_its_lines(self):
        self._ask_for("policy")
        policy = self.env.ref("exception_core.sla_policy_standard")
        target = policy.target_ids[0]
        before = target.resolution_seconds
        self._as(target, "admin").resolution_seconds = before + 3600
        change = self._waits(policy)
        self._agree(change)
        self.assertEqual(target.resolution_seconds, before + 3600)

    def test_new_policy_with_lines(self):
        self._ask_for("policy")
        policy = self._as(self.env["exception.sla.policy"], "admin").create({"name": "Fast"})
        self.assertFalse(policy.active)
        self.assertEqual(len(policy.target_ids), 4)
        self._agree(self._waits(policy))
        self.assertTrue(policy.active)

    def test_asking_for_less_needs_a_second_person(self):
        settings = self._as(self.env["exception.settings"], "admin")
        settings.create({"exception_second_person_hold": "no"}).execute()
        parameters = self.env["ir.config_parameter"]
        name = "exception_core.second_person_hold"
        parameter = parameters.search([("key", "=", name)])
        self.assertEqual(parameters.get_param(name), "yes")
        change = self._waits(parameter)
        self.assertIn("Detectors that hold", change.name)
        self._agree(change)
        self.assertEqual(parameters.get_param(name), "no")

    def test_asking_for_more_does_not(self):
        settings = self._as(self.env["exception.settings"], "admin")
        settings.create({"exception_second_person_rule": "yes"}).execute()
        name = "exception_core.second_person_rule"
        self.assertEqual(self.env["ir.config_parameter"].get_param(name), "yes")
        settings.create({"exception_second_person_rule": "no"}).execute()
        self.assertEqual(self.env["ir.config_parameter"].get_param(name), "yes")

    def test_parameter_itself(self):
        system = self._create_user("test_exception_system", "base.group_system")
        self._ask_for("hold")
        parameters = self.env["ir.config_parameter"].with_user(system)
        parameter = parameters.search([("key", "=", "exception_core.second_person_hold")])
        parameter.value = "no"
        self._waits(parameter).with_user(system).sudo().write({"state": "withdrawn"})
        self.assertEqual(parameter.value, "yes")
        parameter.key = "other"
        self._waits(parameter).sudo().write({"state": "withdrawn"})
        parameter.unlink()
        self.assertTrue(parameter.exists())
        self.assertEqual(parameter.key, "exception_core.second_person_hold")
        name = "exception_core.second_person_admin"
        parameters.set_param(name, "yes")
        self.assertEqual(parameters.get_param(name), "no")

    def test_settings_have_versions(self):
        settings = self._as(self.env["exception.settings"], "admin")
        settings.create({"exception_problem_cases": 7}).execute()
        self._end()
        parameter = self.env["ir.config_parameter"].search(
            [("key", "=", "exception_core.problem_cases")]
        )
        version = self._versions(parameter)[-1]
        self.assertEqual(version.author_id, self.user_admin)
        self.assertIn("Cases that make a problem", version.name)
        self.assertEqual(self._rows_of(version)["Value"][1], "7")

    def test_settings_of_the_company_have_versions(self):
        self._end()
        settings = self._as(self.env["exception.settings"], "admin")
        settings.create({"exception_digest_hour": 9}).execute()
        self._end()
        version = self._versions(self.env.company)[-1]
        self.assertEqual(self._rows_of(version), {"Hour of the morning digest": ("7", "9")})

    def test_secrets_are_not_kept(self):
        parameters = self.env["ir.config_parameter"]
        parameters.set_param("exception_core.test_secret", "hush")
        self._end()
        parameters.set_param("exception_core.test_secret", "hush hush")
        self._end()
        parameter = parameters.search([("key", "=", "exception_core.test_secret")])
        versions = self._versions(parameter)
        self.assertEqual(len(versions), 2)
        self.assertNotIn("hush", repr(versions.mapped("values")))


@tagged("post_install", "-at_install")
class TestRoleVersions(SecondPersonCommon):
    """Who gets and loses a role of the suite."""

    def _roles(self, user):
        return self._rows_of(self._versions(user)[-1])["Groups"]

    def test_on_the_persons_form(self):
        person = self.user_outsider
        self._end()
        group = self.env.ref("exception_core.group_lead")
        person.groups_id = [(4, group.id)]
        self._end()
        self.assertIn("Team lead", self._roles(person)[1])
        person.groups_id = [(3, group.id)]
        self._end()
        before, after = self._roles(person)
        self.assertIn("Team lead", before)
        self.assertNotIn("Team lead", after)

    def test_on_the_groups_form(self):
        person = self.user_outsider
        self._end()
        group = self.env.ref("exception_core.group_auditor")
        group.users = [(4, person.id)]
        self._end()
        self.assertIn("Auditor", self._roles(person)[1])
        group.users = [(3, person.id)]
        self._end()
        self.assertNotIn("Auditor", self._roles(person)[1])

    def test_other_groups_are_no_business_of_ours(self):
        person = self._create_user("test_exception_plain", "base.group_user")
        person.groups_id = [(4, self.env.ref("base.group_partner_manager").id)]
        self._end()
        self.assertFalse(self._versions(person))

    def test_taken_back_leaves_other_groups(self):
        person, other = self.user_agent, self.env.ref("base.group_partner_manager")
        person.groups_id = [(4, self.env.ref("exception_core.group_manager").id)]
        self._end()
        person.groups_id = [(4, other.id)]
        first = self._versions(person)[0]
        with self.assertRaises(UserError):
            first.with_user(self.user_admin)._restore("No longer a manager")
        first._restore("No longer a manager")
        self.assertFalse(person.has_group("exception_core.group_manager"))
        self.assertIn(other, person.groups_id)
