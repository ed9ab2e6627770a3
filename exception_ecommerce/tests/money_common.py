from freezegun import freeze_time

from odoo import fields

from .common import NOW, EcommerceCommon


class MoneyCommon(EcommerceCommon):
    """A shop with books and a payment provider that gives money back (payment_demo)."""

    @classmethod
    def setUpClass(cls):
        cls.startClassPatcher(freeze_time(NOW))
        super().setUpClass()
        cls._set_up_books()
        cls.partner.email = "buyer@example.com"
        cls.payments_desk = cls.env.ref("exception_core.team_payments_desk")
        cls.payments_desk.lead_id = cls.user_lead
        cls.payments_desk.member_ids = cls.user_agent | cls.user_colleague
        cls.fulfilment_desk = cls.env.ref("exception_core.team_fulfilment_desk")
        cls.fulfilment_desk.write(
            {"lead_id": cls.user_lead.id, "member_ids": [(6, 0, cls.user_agent.ids)]}
        )

    @classmethod
    def _set_up_books(cls):
        company = cls.env.company
        if not company.chart_template:
            charts = cls.env["account.chart.template"]
            charts.try_loading("generic_coa", company, install_demo=False)
        cls.bank = cls.env["account.journal"].search([("type", "=", "bank")], limit=1)
        accounts = cls.env["account.account"]
        cls.loss, cls.gain = accounts.create(
            [
                {"code": f"9990{number}", "name": name, "account_type": kind}
                for number, (name, kind) in enumerate(
                    (("Lost cents", "expense"), ("Found cents", "income_other"))
                )
            ]
        )
        company.write(
            {
                "exception_settle_tolerance": 2.0,
                "exception_write_off_loss_id": cls.loss.id,
                "exception_write_off_gain_id": cls.gain.id,
            }
        )
        cls.provider = cls.env.ref("payment.payment_provider_demo")
        cls.provider.write({"state": "test", "journal_id": cls.bank.id})
        cls.method = cls.env.ref("payment_demo.payment_method_demo")

    def _found(self, code, order):
        """Let the detector sweep, and return the case that it opens on the order."""
        self._detector(code)._sweep()
        case = self.env["exception.case"].search(
            [("detector_id.code", "=", code), ("res_id", "=", order.id)]
        )
        self.assertEqual(len(case), 1)
        if case.user_id != self.user_agent:
            case.sudo().user_id = False
            case.with_user(self.user_agent).assign_to_me()
        return case

    def _play(self, **later):
        """Let playbooks take what is due, as if so much time had gone by."""
        now = fields.Datetime.add(fields.Datetime.now(), **later) if later else None
        self.env["exception.play"]._cron_playbook(now)

    def _step(self, case, number):
        return case.step_ids.sorted("position")[number - 1]

    def _approve(self, run, *people):
        """Let these people agree, one after the other."""
        for user in people:
            run.approval_id.with_user(user).approve("Fine with me.")
        return run
