import json
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..tools import safe_http
from .action_common import ActionCommon

WEBHOOK = "odoo.addons.exception_core.models.exception_action_run_webhook.safe_http.exchange"


@tagged("post_install", "-at_install")
class TestActionGeneric(ActionCommon):
    """The actions that are shipped, done by an agent and taken back."""

    def _do(self, code, case=None, **values):
        return self._run(self.env.ref(f"exception_core.action_{code}"), case, values=values)

    def _undo(self, run):
        return run.with_user(self.user_agent).undo("a mistake")

    def test_shipped_actions_are_right(self):
        data = self.env["ir.model.data"].search([("model", "=", "exception.action")])
        actions = self.env["exception.action"].browse(data.mapped("res_id"))
        actions._validate_fields(actions._fields)
        actions.parameter_ids._validate_fields(actions.parameter_ids._fields)
        self.assertFalse(actions.filtered(lambda one: one._refuse_code()))

    def test_words_name_the_record_and_the_currency(self):
        action = self._create_action(
            preview="Refunds {values.amount} for {record}",
            key_template="{action}/{record}",
            parameter_ids=[(0, 0, {"name": "amount", "label": "Amount", "kind": "amount"})],
        )
        said = action._describe(self.case, {"amount": 310.0})
        self.assertIn(self.case.currency_id.symbol, said)
        self.assertIn("310.00", said)
        self.assertIn(self.case.res_name, said)
        self.assertIn("310.00", action._describe(self.case, {"amount": "310"}), "as it is typed")
        self.assertIn("3 1", action._describe(self.case, {"amount": "3 1"}), "not a number yet")
        other = self._create_case(title="Another case of this record")
        same = {action._key(case, {"amount": 310.0}) for case in (self.case, other)}
        self.assertEqual(len(same), 1, "once for the record, whatever number of cases it has")

    def test_said_before_it_is_done(self):
        assign = self.env.ref("exception_core.action_assign")
        said = assign._describe(self.case, {"user": self.user_colleague.id})
        self.assertIn(self.case.name, said)
        self.assertIn(self.user_colleague.name, said)
        dialog = self.env["exception.action.dialog"].with_user(self.user_agent)
        dialog = dialog.create({"case_id": self.case.id, "action_id": assign.id})
        self.assertEqual([one["name"] for one in dialog.inputs], ["user", "team"])
        self.assertIn("It can be taken back.", dialog.notes)
        self.assertFalse(self.case.run_ids, "describing does nothing")
        dialog.values = {"user": self.user_colleague.id}
        dialog.action_apply()
        self.assertEqual(self.case.user_id, self.user_colleague)

    def test_assign(self):
        run = self._do("assign", user=self.user_colleague.id)
        self.assertEqual((run.state, self.case.user_id), ("done", self.user_colleague))
        self._undo(run)
        self.assertFalse(self.case.user_id)

    def test_assign_to_somebody_who_cannot(self):
        run = self._do("assign", user=self.user_outsider.id)
        self.assertEqual(run.state, "failed")
        self.assertIn(self.user_outsider.name, run.error)

    def test_set_field(self):
        before = self.case.severity
        run = self._do("set_field", field="severity", value="critical")
        self.assertEqual((run.state, self.case.severity), ("done", "1"))
        self.assertEqual(run.changes[0]["after"], "Critical")
        self._undo(run)
        self.assertEqual(self.case.severity, before)
        self.assertEqual(self._do("set_field", field="severity", value="awful").state, "failed")
        with self.assertRaises(UserError):
            self._do("set_field", field="company_id", value="x")

    def test_post(self):
        self._do("post", text="Do not ship before Monday")
        self.assertIn("Do not ship before Monday", self.partner.message_ids[0].body)
        nowhere = self._create_case(res_model=False, res_id=False)
        self.assertEqual(self._do("post", nowhere, text="x").state, "failed")

    def test_activity(self):
        team = self._create_team(lead_id=self.user_lead.id)
        run = self._do("activity", text="Count the shelf", team=team.id, days=2)
        activity = self.case.activity_ids
        self.assertEqual((activity.user_id, activity.summary), (self.user_lead, "Count the shelf"))
        self.assertEqual(activity.date_deadline, fields.Date.today() + timedelta(days=2))
        self._undo(run)
        self.assertFalse(self.case.activity_ids)
        self.assertEqual(run.state, "undone")

    def test_task_of_another_team(self):
        team = self._create_team(lead_id=self.user_lead.id)
        run = self._do("task", title="Find the parcel", team=team.id)
        task = self.case.task_ids
        self.assertEqual((task.title, task.team_id, task.state), ("Find the parcel", team, "new"))
        self.assertEqual((task.res_model, task.res_id), (self.case.res_model, self.case.res_id))
        self._undo(run)
        self.assertEqual(task.state, "cancelled")
        self.assertIn(
            f"Task {task.display_name} has ended", str(self.case.message_ids[:3].mapped("body"))
        )

    def test_a_task_somebody_works_on_stays(self):
        run = self._do("task", title="Find the parcel", team=self.team.id)
        task = self.case.task_ids
        task.with_user(self.user_colleague).assign_to_me()
        answer = self._undo(run)
        self.assertEqual((answer["state"], task.state), ("failed", "open"))
        self.assertIn(self.user_colleague.name, answer["error"])

    def test_the_case_is_told_how_its_task_ended(self):
        self._do("task", title="Find the parcel", team=self.team.id)
        task = self.case.task_ids.with_user(self.user_colleague)
        task.assign_to_me()
        task.resolve(
            root_cause_id=self._create_reason(kind="root_cause", reason_class="data").id,
            resolution_id=self._create_reason().id,
            note="It is in Graz",
        )
        self.assertIn("It is in Graz", self.case.message_ids[0].body)

    def test_ask_the_customer_and_wait(self):
        self.partner.email = "customer@example.com"
        self.case.partner_id = self.partner
        reply = self.env["exception.reply"].create({"name": "Which address?", "body": "<p>?</p>"})
        run_case = self.case
        with self.assertRaises(UserError):
            self._do("ask_customer", reply=reply.id, days=3)
        reply.with_user(self.env.ref("base.user_admin")).action_approve()
        run = self._do("ask_customer", reply=reply.id, days=3)
        self.assertEqual((run.state, run.error), ("done", False))
        self.assertEqual((run_case.state, run_case.waiting_for), ("waiting", "customer"))
        message = run_case.message_ids.filtered("partner_ids")[:1]
        self.assertEqual(message.partner_ids, self.partner)

    # ------------------------------------------------------------------
    # webhook
    # ------------------------------------------------------------------

    def _webhook(self):
        self.env["ir.config_parameter"].set_param("exception_core.webhook_hosts", "hub.example.com")
        return self.env.ref("exception_core.action_webhook").copy(
            {
                "url": "https://hub.example.com/do",
                "ask_url": "https://hub.example.com/do/{key}",
                "is_offered": True,
            }
        )

    def _called(self, action, answer):
        """Carry the action out against this answer of the outside; return (run, call)."""
        run = self._run(action)
        with patch(WEBHOOK, side_effect=[answer]) as request:
            run._execute()
        return run, request.call_args

    def _answer(self, status, text="", **headers):
        lower = {name.lower(): value for name, value in headers.items()}
        return safe_http.Answer(status, lower, text, 0.1)

    def test_webhook(self):
        run, call = self._called(self._webhook(), self._answer(202, "thank you"))
        self.assertEqual((run.state, run.error), ("done", False))
        method, url, body, headers = call.args
        self.assertEqual((method, url), ("POST", "https://hub.example.com/do"))
        self.assertEqual(headers["Idempotency-Key"], run.token)
        self.assertFalse(call.kwargs["allow_http"])
        self.assertEqual(json.loads(body)["case"]["name"], self.case.name)

    @mute_logger("odoo.addons.exception_core.models.exception_action_run_execute")
    def test_webhook_answers(self):
        action = self._webhook()
        for answer, state in (
            (self._answer(400, "no such order"), "failed"),
            (self._answer(302, Location="http://10.0.0.1/"), "failed"),
            (self._answer(429, **{"Retry-After": "600"}), "queued"),
            (safe_http.NotSent("down"), "queued"),
            (self._answer(500), "unknown"),
            (safe_http.Broken("late"), "unknown"),
            (safe_http.Refused("169.254.169.254 is no address"), "failed"),
        ):
            case = self._create_case(res_id=self.partner.copy().id)
            with self.subTest(answer):
                run = self._run(action, case)
                with patch(WEBHOOK, side_effect=[answer]):
                    run._execute()
                self.assertEqual(run.state, state, run.error)

    def test_webhook_only_to_servers_that_are_allowed(self):
        action = self._webhook()
        for url in (
            "https://evil.example.com/do",
            "http://hub.example.com/do",
            "ftp://hub.example.com/do",
            "https://hub.example.com@evil.example.com/do",
            "nonsense",
        ):
            with self.subTest(url), self.assertRaises(ValidationError):
                action.url = url
        self.env["ir.config_parameter"].set_param("exception_core.webhook_hosts", "")
        run, call = self._called(action, self._answer(200))
        self.assertEqual((run.state, call), ("failed", None), "withdrawn since")
