from odoo import _, models
from odoo.exceptions import UserError


class ExceptionActionRunAgain(models.Model):
    """A run that somebody asks for by hand although it was there before: the key is the same."""

    _inherit = "exception.action.run"

    def _refuse_other_inputs(self, values):
        """Refuse to pass off what was asked for with other inputs as what is asked for now.

        :param dict values: inputs that were checked
        :raise UserError: they differ
        """
        self.ensure_one()
        if values == (self.values or {}):
            return
        states = dict(self._fields["state"]._description_selection(self.env))
        raise UserError(
            _(
                "%(run)s was asked for already with other inputs (%(inputs)s): %(state)s. It is "
                "done once. Ask with the same inputs; or give it up, withdraw its request or take "
                "it back, and ask anew.",
                run=self.display_name,
                inputs=self._inputs_words() or _("none"),
                state=states[self.state],
            )
        )

    def _inputs_words(self):
        """Return the inputs as people read them."""
        given = self.values or {}
        return ", ".join(
            f"{one.label}: {one._say(given.get(one.name), self.case_id)}"
            for one in self.action_id.parameter_ids
        )

    def _ask_again(self, reason=None):
        """Go on with a proposed run in the name of the user, who asks for it from now on.

        :param reason: why; those who decide read it instead of what was said before
        """
        self.ensure_one()
        if (reason or "").strip():
            # sudo: submitting checks who it is, and takes all of it back where they may not
            self.sudo()._store({"reason": reason})
        return self.submit()
