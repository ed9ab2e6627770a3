from odoo.tests import HttpCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestConfigTours(HttpCase):
    """A holding detector is changed by two people; a rule is taken back to an earlier version."""

    browser_size = "1440,900"

    def setUp(self):
        super().setUp()
        for login in ("config_first", "config_second"):
            new_test_user(
                self.env,
                login,
                groups="exception_core.group_admin",
                name=f"Tour {login}",
                tz="UTC",
            )

    def test_second_person_changes_a_holding_detector(self):
        parameter = {"name": "max_days", "label": "Days", "kind": "integer", "value": "3"}
        detector = self.env["exception.detector"].create(
            {
                "name": "Tour: large payments",
                "model_id": self.env["ir.model"]._get("res.partner").id,
                "type_id": self.env.ref("exception_core.type_paid_not_shipped").id,
                "domain": "[('id', '=', False)]",
                "holds": True,
                "hold_step": "confirm",
                "parameter_ids": [(0, 0, parameter)],
            }
        )
        detector.action_enable()
        url = f"/web#id={detector.id}&model=exception.detector&view_type=form"
        self.start_tour(url, "exception_config_change", login="config_first")
        self.env.invalidate_all()
        self.assertEqual(detector.state, "enabled")
        change = self.env["exception.config.change"].search([("res_id", "=", detector.id)])
        self.assertEqual((change.state, change.reason), ("waiting", "No longer needed"))
        self.start_tour(url, "exception_config_agree", login="config_second")
        self.env.invalidate_all()
        self.assertEqual((detector.state, change.state), ("disabled", "agreed"))

    def test_rule_is_taken_back(self):
        rule = self.env["exception.rule"].create({"name": "Tour: large", "severity": "2"})
        self.env.cr.flush()
        self.env.cr.postrollback.clear()
        rule.with_user(self.env.ref("base.user_admin")).severity = "1"
        self.env.cr.flush()
        self.env.cr.postrollback.clear()
        url = f"/web#id={rule.id}&model=exception.rule&view_type=form"
        self.start_tour(url, "exception_config_restore", login="config_first")
        self.env.invalidate_all()
        self.assertEqual(rule.severity, "2")
