from odoo import _, models
from odoo.exceptions import UserError

RELEASE = "release_hold"


class ExceptionAction(models.Model):
    """“Lift the hold and go on”: what the dialog of a held record asks an approval for."""

    _inherit = "exception.action"

    def _refuse_case(self, case):
        """Say also that there is no hold to lift."""
        if refusal := super()._refuse_case(case):
            return refusal
        if self.code == RELEASE and not case._holds_a_step():
            return _("%s holds nothing.", case.name)
        return None


class ExceptionCase(models.Model):
    """Cases let their record go on when an approval agreed to it."""

    _inherit = "exception.case"

    def _do_release_hold(self, run, values):
        """Lift the hold that an approval agreed to, and let the record go on."""
        if not run.approval_id:
            raise UserError(_("A hold is lifted this way only with an approval."))
        went_on = self._release_and_go_on(run.approval_id)
        if went_on:
            run._say(_("%s went on.", self.res_name))
        else:
            run._say(_("The hold is lifted; something else holds %s.", self.res_name))
