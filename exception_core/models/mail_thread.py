from odoo import api, models


class MailThread(models.AbstractModel):
    """Where Odoo's mail gateway asks the desk about mails that are meant for cases."""

    _inherit = "mail.thread"

    @api.model
    def _routing_check_route(self, message, message_dict, route, raise_exception=True):
        """Refuse what must not reach a case before Odoo answers the sender: no answer, no loop."""
        if not route or route[0] != "exception.case":
            return super()._routing_check_route(message, message_dict, route, raise_exception)
        # sudo: the gateway's user need not be one of the desk
        cases = self.env["exception.case"].sudo()
        if not cases._mail_is_welcome(message, message_dict, route):
            return False
        checked = super()._routing_check_route(message, message_dict, route, raise_exception)
        if not checked:
            cases._mail_refused(message_dict, route)
        return checked

    @api.model
    def message_route(self, message, message_dict, model=None, thread_id=None, custom_values=None):
        """Send a mail to one case, and on to the case that took the place of an ended one."""
        routes = super().message_route(message, message_dict, model, thread_id, custom_values)
        # sudo: as above
        return self.env["exception.case"].sudo()._mail_routes(message, routes)

    @api.model
    def _message_route_process(self, message, message_dict, routes):
        """Deal with a mail for a case once, however often it is delivered."""
        if any(route[0] == "exception.case" for route in routes or ()):
            # sudo: rows of mails are written by the model only
            if not self.env["exception.mail.receipt"].sudo()._claim(message_dict):
                return False
        return super()._message_route_process(message, message_dict, routes)
