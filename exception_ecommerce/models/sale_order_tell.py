from werkzeug.urls import url_encode

from odoo import _, models
from odoo.tools import hmac
from odoo.tools.misc import format_amount

from odoo.addons.exception_core.tools.action_errors import ActionRefused


class SaleOrderTell(models.Model):
    """Mails to the customer of an order: about a delay, and about what is still to be paid."""

    _inherit = "sale.order"

    def _do_collect(self, run, values):
        """Send the customer a link to pay what is missing; called by the action “collect”."""
        self.ensure_one()
        missing, amount = -self._exception_difference(), values["amount"]
        if self.currency_id.compare_amounts(amount, missing) > 0:
            raise ActionRefused(
                _(
                    "%s is missing now, so no more is asked for.",
                    format_amount(self.env, max(missing, 0.0), self.currency_id),
                )
            )
        words = format_amount(self.env, amount, self.currency_id)
        link = self._payment_link(float(amount))
        self._tell_customer("mail_template_collect", payment_link=link, payment_amount=words)
        run._say(_("%(customer)s gets a link for %(amount)s.", **self._told(amount=words)))

    def _payment_link(self, amount):
        """Return the address at which the customer pays so much of the order.

        As Odoo's payment link, whose own code works inside a web request only; actions have none.
        """
        customer, currency = self.partner_invoice_id.id, self.currency_id.id
        signed = "|".join(str(value) for value in (customer, amount, currency))
        token = hmac(self.env(su=True), "generate_access_token", signed)
        query = {"amount": amount, "access_token": token, "sale_order_id": self.id}
        return f"{self.get_base_url()}/payment/pay?{url_encode(query)}"

    def _do_tell_delay(self, run, values):
        """Tell the customer that the order is late; called by the action “tell_delay”."""
        self.ensure_one()
        self._tell_customer("mail_template_delay")
        run._say(_("%(customer)s is told that %(order)s is late.", **self._told(order=self.name)))

    def _told(self, **words):
        return {"customer": self.partner_id.name, **words}

    def _tell_customer(self, name, **context):
        """Queue a mail to the customer by one of the templates of this addon."""
        if not self.partner_id.email:
            raise ActionRefused(_("%s has no e-mail address. Call instead.", self.partner_id.name))
        template = self.env.ref(f"exception_ecommerce.{name}", raise_if_not_found=False)
        if not template:
            raise ActionRefused(
                _("The e-mail template was deleted. Write to the customer by hand.")
            )
        template.with_context(**context).send_mail(self.id, force_send=False)
