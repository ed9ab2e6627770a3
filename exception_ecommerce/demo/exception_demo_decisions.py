from odoo import api, models

from .exception_demo_story import MODULE


class ExceptionDemoDecisions(models.AbstractModel):
    """What people decide in the demo story: holds, a refund, a way out.

    By the verbs that everybody uses, so that approvals, actions and the trail are as in earnest.
    """

    _inherit = "exception.demo.story"

    @api.model
    def _decide(self, orders):
        """Ask, agree, and let playbooks come to where a person is needed."""
        self.env["exception.play"].search([("is_live", "=", True)])._go_on()
        self._ask_for_release(orders["twice_1_again"], "agent", "She says that she wants both.")
        run = self._ask_for_release(
            orders["twice_3_again"], "chloe", "The second is for their house in Hove."
        )
        self._agree(run, "lead", "Their buyer confirmed it by phone.")
        self._ask_for_refund(orders["cancel_1"])
        self._ask_the_warehouse(orders["stuck_1"])

    def _case_of(self, order, detector):
        return self.env["exception.case"].search(
            [
                ("detector_id", "=", self.env.ref(f"{MODULE}.detector_{detector}").id),
                ("res_model", "=", order._name),
                ("res_id", "=", order.id),
            ],
            limit=1,
        )

    def _person(self, login):
        return self.env.ref(f"exception_core.user_{login}")

    def _ask_for_release(self, order, who, reason):
        case = self._case_of(order, "order_duplicate").with_user(self._person(who))
        run_id = case.run_action("release_hold", {}, reason)["run_id"]
        return self.env["exception.action.run"].browse(run_id)

    def _agree(self, run, who, comment):
        run.approval_id.with_user(self._person(who)).approve(comment)
        if run.state == "queued":
            # what is carried out after the commit in earnest belongs to the story's transaction
            run._execute_here()

    def _ask_for_refund(self, order):
        """The lead has agreed, and the manager is asked: it is a dear sofa."""
        case = self._case_of(order, "cancelled_after_payment")
        step = case.step_ids.filtered(lambda one: one.kind == "action")
        step.with_user(self._person("agent")).tick()
        self._agree(step.run_id, "lead", "Cancelled in time, nothing has left.")

    def _ask_the_warehouse(self, order):
        """The warehouse was asked; now one of the ways out is to be chosen."""
        case = self._case_of(order, "paid_not_shipped")
        step = case.step_ids.filtered(lambda one: one.kind == "activity")[:1]
        step.with_user(self._person("daniel")).tick("Rugs are there, two sofas are damaged.")
        step.play_id._go_on()
