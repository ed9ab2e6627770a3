from odoo.tests import tagged

from .config_common import ConfigCommon


@tagged("post_install", "-at_install")
class TestKind(ConfigCommon):
    """Kinds of records are read in words, and the groups lead to their records."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        on_type = {"res_model": "exception.type", "res_id": cls.case_type.id}
        cls.cases = cls._create_case() | cls._create_case(**on_type)
        cls.mine = [("id", "in", cls.cases.ids)]

    def _groups(self, model, domain):
        groups = model.read_group(domain, ["id:count"], ["kind_id"])
        return {group["kind_id"] and group["kind_id"][1]: group["__domain"] for group in groups}

    def test_cases_in_groups_of_words(self):
        cases = self.env["exception.case"].with_user(self.user_agent)
        groups = self._groups(cases, self.mine)
        self.assertEqual(list(groups), ["Exception Type", "Contact"])
        for words, domain in groups.items():
            with self.subTest(words=words):
                self.assertEqual(cases.search(domain).kind_id.sudo().name, words)
                self.assertEqual(len(cases.search(domain)), 1)

    def test_groups_may_be_turned_and_nested(self):
        groups = self.env["exception.case"].read_group(
            self.mine, [], ["kind_id", "type_id"], orderby="kind_id desc", lazy=False
        )
        names = [group["kind_id"][1] for group in groups]
        self.assertEqual(names, ["Contact", "Exception Type"])

    def test_found_by_words(self):
        cases = self.env["exception.case"].with_user(self.user_agent)
        on_partner, on_type = self.cases
        kind = on_type.kind_id.id
        for leaf, found in (
            (("kind_id", "ilike", "exception ty"), on_type),
            (("kind_id", "not ilike", "exception ty"), on_partner),
            (("kind_id", "=", kind), on_type),
            (("kind_id", "!=", kind), on_partner),
            (("kind_id", "in", [kind, False]), on_type),
            (("kind_id", "=", False), cases),
            (("kind_id", "!=", False), self.cases),
        ):
            with self.subTest(leaf=leaf):
                self.assertEqual(cases.search([*self.mine, leaf]), found.with_user(cases.env.user))

    def test_versions_of_an_addon_that_was_removed(self):
        rule = self.env["exception.rule"].create({"name": "Large orders", "severity": "2"})
        self.team.description = "x"
        self._end()
        version, other = self._versions(rule)[-1], self._versions(self.team)[-1]
        self.env.cr.execute(
            "UPDATE exception_config_version SET res_model = 'gone.model' WHERE id = %s",
            [other.id],
        )
        versions = self.env["exception.config.version"].with_user(self.user_auditor)
        versions.invalidate_model()
        groups = self._groups(versions, [("id", "in", (version | other).ids)])
        self.assertEqual(set(groups), {"Triage Rule", False})
        self.assertEqual(versions.search(groups["Triage Rule"]).ids, version.ids)
        self.assertEqual(versions.search(groups[False]).ids, other.ids)
        self.assertFalse(versions.browse(other.id).kind_id)

    def test_actions_by_what_they_work_on(self):
        action = self._create_action()
        groups = self._groups(action.with_user(self.user_admin), [("id", "=", action.id)])
        self.assertEqual(list(groups), ["Exception Case"])
