from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, new_test_user, tagged

HOUR = timedelta(hours=1)
USERS = {
    "owner": "exception_core.group_user",
    "lead": "exception_core.group_lead",
    "category": "exception_core.group_manager",
    "colleague": "exception_core.group_user",
}


@tagged("post_install", "-at_install")
class TestEscalationTours(HttpCase):
    """A case warns, breaches and climbs two levels; each is seen by the right person, once."""

    browser_size = "1440,900"

    @classmethod
    def setUpClass(cls):
        """Make people, a team, and a case whose promise ended five hours ago."""
        super().setUpClass()
        cls.env["exception.sla.clock"].search([]).unlink()
        cls.users = {
            name: new_test_user(
                cls.env, f"escalation_{name}", groups=group, name=f"Tour {name}", tz="UTC"
            )
            for name, group in USERS.items()
        }
        team = cls.env["exception.team"].create(
            {
                "name": "Escalation desk",
                "code": "escalation_desk",
                "lead_id": cls.users["lead"].id,
                "member_ids": [(6, 0, (cls.users["owner"] | cls.users["colleague"]).ids)],
            }
        )
        kind = cls.env.ref("exception_core.type_paid_not_shipped")
        kind.category_id.owner_id = cls.users["category"]
        partner = cls.env["res.partner"].create({"name": "Escalation customer"})
        cls.case = cls.env["exception.case"].create(
            {
                "title": "Tour: late case",
                "type_id": kind.id,
                "team_id": team.id,
                "user_id": cls.users["owner"].id,
                "severity": "3",
                "res_model": "res.partner",
                "res_id": partner.id,
            }
        )
        cls.deadline = fields.Datetime.now() - 5 * HOUR
        cls.case.clock_ids.filtered(lambda clock: clock.kind == "response").unlink()
        clock = cls.case.clock_ids
        clock.write(
            {
                "calendar_id": False,
                "since": cls.deadline - 4 * HOUR,
                "deadline": cls.deadline,
                "warn_at": cls.deadline - HOUR,
            }
        )
        clock._schedule_levels()

    def _tick(self, moment):
        self.env["exception.sla.clock"]._tick(moment)
        # again: what was done is not done twice
        self.env["exception.sla.clock"]._tick(moment)

    def _see(self, name, login):
        self.start_tour("/web", f"exception_escalation_{name}", login=f"escalation_{login}")

    def test_each_level_is_seen_by_the_right_person_once(self):
        self._tick(self.deadline - HOUR)
        self._see("owner", "owner")
        self._see("nothing", "lead")
        self._tick(self.deadline + HOUR)
        self._see("lead", "lead")
        self._see("nothing", "category")
        self._tick(self.deadline + 4 * HOUR)
        self._see("category", "category")
        self._see("nothing", "colleague")
        # nobody heard of it twice
        self._see("owner", "owner")
        self.assertEqual(self.case.severity, "2")
        for name in ("owner", "lead", "category"):
            partner = self.users[name].partner_id
            domain = [("partner_ids", "in", partner.ids), ("model", "=", False)]
            messages = self.env["mail.message"].search(domain)
            self.assertEqual(len(messages), 1, name)
