from datetime import timedelta

from odoo import api, models

from . import people
from .exception_demo_story import MODULE

# Who is worth more to the shop than the orders of these weeks tell.
KNOWN_CUSTOMERS = [
    ("brightside", "gold", "Frame contract for nine hotels, renewed in spring."),
    ("nordic_living", "silver", "Opens two more stores this year."),
]


class ExceptionDemoPromises(models.AbstractModel):
    """What became of the promises of the demo story: tiers, clocks, escalations, problems."""

    _inherit = "exception.demo.story"

    def _rank_customers(self):
        """Tiers by revenue, and two customers whom the lead knows better."""
        self.env["exception.partner.tier"]._recompute()
        lead = self.env.ref("exception_core.user_lead")
        reason = self.env.ref("exception_core.reason_override_customer_promise")
        for customer, tier, note in KNOWN_CUSTOMERS:
            change = (
                self.env["exception.partner.tier.change"]
                .with_user(lead)
                .create(
                    {
                        "partner_id": self.env.ref(f"{MODULE}.partner_{customer}").id,
                        "tier_id": self.env.ref(f"exception_core.tier_{tier}").id,
                        "reason_id": reason.id,
                        "note": note,
                    }
                )
            )
            change.action_apply()

    @api.model
    def _report(self, now):
        """Cases that people saw themselves."""
        for row in people.REPORTED:
            user = self.env.ref(f"exception_core.user_{row['who']}")
            partner = self.env.ref(f"{MODULE}.partner_{row['customer']}")
            case = (
                self.env["exception.case"]
                .with_user(user)
                .create(
                    {
                        "type_id": self.env.ref(f"exception_core.type_{row['type']}").id,
                        "partner_id": partner.id,
                        "res_model": partner._name,
                        "res_id": partner.id,
                        **{name: row[name] for name in ("title", "description", "amount")},
                    }
                )
            )
            seen = now - timedelta(days=row["days"])
            case.sudo().write({"detected_at": seen, "occurred_at": seen})
            if row["taken"]:
                if case.user_id != user:
                    case.sudo().user_id = False
                case.assign_to_me()
                taken = seen + timedelta(minutes=25)
                case.sudo().write({"assigned_at": taken, "first_response_at": taken})

    @api.model
    def _begin_given(self, now):
        """Whoever was given a case by the method of their team has begun it by now."""
        given = self.env["exception.case"].search(
            [("state", "=", "new"), ("user_id", "!=", False)], order="id"
        )
        for case in given:
            begun = case.detected_at + timedelta(hours=1 + case.id % 3)
            if begun < now - timedelta(hours=4):
                case.with_user(case.user_id).start()
                case.first_response_at = begun

    @api.model
    def _keep_promises(self, now):
        """Clocks as if they had been there when it happened, and what they have led to."""
        self._begin_given(now)
        cases = self.env["exception.case"].search([])
        cases._make_clocks()
        # as the tick does it, but within the transaction of the installation
        clocks = self.env["exception.sla.clock"]
        clocks._warn(now)
        clocks._breach(now)
        self.env.invalidate_all()
        due = clocks.search([("next_level_at", "<=", now)], order="next_level_at, id")
        due._escalate_safely(now)
        for event in self.env["exception.escalation.event"].search([]):
            # when it was due somebody was told; nobody is told today of what happened last week
            event.write({"at": event.due_at, "told_at": event.due_at})
        cases._rescore(now)

    @api.model
    def _find_problems(self):
        """What many late cases share is suggested; the lead has taken up the smaller one."""
        suggestions = self.env["exception.problem.suggestion"]
        suggestions._look()
        found = suggestions.search([("state", "=", "new")]).sorted("case_count")
        if len(found) > 1:
            found[0].with_user(self.env.ref("exception_core.user_lead")).open_problem()
