import re

from odoo import _, api, models
from odoo.tools import remove_accents
from odoo.tools.misc import formatLang

from ..tools.action_key import fill


class ExceptionActionWords(models.Model):
    """An action in words: what it would do, and under which conditions. Nothing is done here."""

    _inherit = "exception.action"

    @api.depends("name")
    def _compute_code(self):
        """Make a code of the name where nobody gave one; it stays when the name changes."""
        taken = None
        for action in self.filtered(lambda one: one.name and not one.code):
            if taken is None:
                # sudo: no two have one code, also those that the person does not see
                everything = self.sudo().with_context(active_test=False)
                taken = {one["code"] for one in everything.search_read([], ["code"])}
            words = re.sub("[^a-z0-9]+", "_", remove_accents(action.name).lower()).strip("_")
            number, code = 1, words or "action"
            while code in taken:
                number += 1
                code = f"{words or 'action'}_{number}"
            taken.add(code)
            action.code = code

    def _describe(self, case, values=None):
        """Say in one sentence what it would do on a case; describes and never executes."""
        self.ensure_one()
        given = values or {}
        said = {one.name: one._say(given.get(one.name), case) for one in self.parameter_ids}
        record = case.res_name or case.name
        named = {"case": case.name, "record": record, "action": self.name, "request": ""}
        named["type"] = case.type_id.name
        return fill(self.preview or self.name, {**self._words(case), **named}, said)

    def _promises(self):
        """Return sentences on who must agree, how much it may move and whether it comes back."""
        self.ensure_one()
        said = []
        if self.approval == "matrix":
            said.append(_("Asks for approval first, where the policy wants it."))
        if self.limit_run:
            said.append(_("At most %s for one run.", formatLang(self.env, self.limit_run)))
        if self.limit_day:
            said.append(_("At most %s a day.", formatLang(self.env, self.limit_day)))
        if self.is_external:
            said.append(_("Calls another system in the background."))
        if self.undo_kind == "none":
            said.append(_("It cannot be taken back."))
        elif self.undo_hours:
            said.append(_("It can be taken back for %s hours.", self.undo_hours))
        else:
            said.append(_("It can be taken back."))
        return said

    def action_open_runs(self):
        """Open what was done with these actions."""
        self.check_access_rights("read")
        return self.env["ir.actions.act_window"]._exception_narrowed(
            "exception_core.exception_action_run_action", [("action_id", "in", self.ids)]
        )
