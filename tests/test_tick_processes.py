"""Two Odoo processes tick the same database at once: nothing escalates twice."""

from committed import CommittedCase
from processes import run_together

from odoo.tests import new_test_user, tagged

CASES = 300
NOW = "2024-03-04 12:00:00"
LATER = "2024-03-06 12:00:00"
TICK = f"""
from odoo import fields
env["exception.sla.clock"]._tick(fields.Datetime.to_datetime("{LATER}"))
result = True
"""
PAST_THE_LOCK = f"""
from odoo import fields
now = fields.Datetime.to_datetime("{LATER}")
clocks = env["exception.sla.clock"]
clocks._mark_due(clocks._breach, now)
clocks._escalate_due(now)
env["exception.escalation.event"]._send_messages(now)
env.cr.commit()
result = True
"""


@tagged("post_install", "-at_install")
class TestTickProcesses(CommittedCase):
    mark = "two_ticks"

    def setUp(self):
        super().setUp()
        self.made = []
        with self.committed() as env:
            # what else is in the database keeps quiet
            self.quiet = env["exception.sla.clock"].search([("next_level_at", "!=", False)])
            self.quiet.write({"next_level_at": False})
            lead = new_test_user(env, "tick_lead", groups="exception_core.group_lead")
            policy = self._create_policy(env)
            team = env["exception.team"].create(
                {
                    "name": "Two ticks",
                    "code": self.mark,
                    "lead_id": lead.id,
                    "escalation_policy_id": policy.id,
                }
            )
            env.flush_all()
            policy.is_scheduled = True
            partners = self._create_partners(env, CASES)
            cases = self._open_cases(env, team, partners)
            self.lead_id, self.case_ids = lead.id, cases.ids
            self.made = [
                (cases._name, cases.ids),
                (team._name, team.ids),
                (policy._name, policy.ids),
                ("res.users", lead.ids),
                ("res.partner", lead.partner_id.ids),
            ]

    def _create_policy(self, env):
        level = {"tell_lead": True, "raise_severity": True}
        return env["exception.escalation.policy"].create(
            {
                "name": "Two ticks",
                "level_ids": [
                    (0, 0, {**level, "trigger": "breach"}),
                    (0, 0, {**level, "trigger": "after", "delay_seconds": 3600}),
                ],
            }
        )

    def _open_cases(self, env, team, partners):
        kind = env["exception.type"].search([("escalation_policy_id", "=", False)], limit=1)
        cases = env["exception.case"].create(
            [
                {
                    "title": "Late",
                    "type_id": kind.id,
                    "team_id": team.id,
                    "severity": "4",
                    "res_model": "res.partner",
                    "res_id": partner.id,
                }
                for partner in partners
            ]
        )
        clocks = cases.clock_ids
        clocks.filtered(lambda clock: clock.kind == "response").unlink()
        late = {"since": "2024-03-04 08:00:00", "warn_at": NOW, "warned_at": NOW, "deadline": NOW}
        clocks.exists().write(late)
        clocks.exists()._schedule_levels()
        return cases

    def _clean_up(self):
        with self.committed() as env:
            for model, ids in self.made:
                env[model].browse(ids).unlink()
            self.quiet.with_env(env).exists()._schedule_levels()
        super()._clean_up()

    def _assert_escalated_once(self):
        with self.committed() as env:
            cases = env["exception.case"].browse(self.case_ids)
            self.assertEqual(set(cases.mapped("severity")), {"2"})
            events = cases.escalation_ids
            self.assertEqual(len(events), 2 * CASES)
            self.assertEqual(set(events.mapped("state")), {"done"})
            activities = env["mail.activity"].search(
                [("res_model", "=", cases._name), ("res_id", "in", cases.ids)]
            )
            self.assertEqual(len(activities), CASES)
            notes = cases.message_ids.filtered(lambda message: "Severity raised" in message.body)
            self.assertEqual(len(notes), CASES)
            lead = env["res.users"].browse(self.lead_id)
            return env["mail.message"].search_count(
                [("model", "=", False), ("partner_ids", "in", lead.partner_id.ids)]
            )

    def test_two_ticks_at_once(self):
        run_together(self.registry.db_name, TICK, TICK)
        self.assertEqual(self._assert_escalated_once(), 1, "one message for one person")

    def test_rows_and_index_hold_where_the_lock_is_missed(self):
        run_together(self.registry.db_name, PAST_THE_LOCK, PAST_THE_LOCK)
        self.assertGreaterEqual(self._assert_escalated_once(), 1)
