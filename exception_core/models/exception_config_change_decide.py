from odoo import _, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..tools.config_note import ConfigNote
from ..tools.config_values import compare

# Whether administrators may agree to changes of their own.
ADMIN_ABOVE = "exception_core.second_person_admin"


class ExceptionConfigChangeDecide(models.Model):
    """Agreeing to a change, withdrawing it, and saying why it is asked."""

    _inherit = "exception.config.change"

    # ------------------------------------------------------------------
    # who
    # ------------------------------------------------------------------

    def _refuse_agreement(self, user):
        """Say why this user cannot agree; None if they can."""
        self.ensure_one()
        if self.state != "waiting":
            return _("This change has been decided already.")
        if not self._is_person(user):
            return _("Only a person agrees: no technical user and no program.")
        if not self._is_entitled(user):
            return _(
                "You may not make this change yourself, so you cannot agree to it. Ask an "
                "administrator of Exceptions."
            )
        if user == self.author_id and not self._above(user):
            return _("You asked for it. Somebody else who may make this change agrees.")
        if not self.reason:
            return _("Nobody has said yet why it is asked for. Ask %s.", self.author_id.name)
        return None

    def _is_entitled(self, user):
        """Tell whether the user could have made the change: the right of who agrees as well."""
        if not self.operations:
            return False
        for model, method, ids, *_rest in self.operations:
            records = self.env[model].with_user(user).browse(ids).exists()
            operation = "unlink" if method == "unlink" else "write"
            try:
                records._second_person_check_entitled(operation)
            except AccessError:
                return False
        return True

    @api.model
    def _above(self, user):
        """Tell whether an administrator may agree to a change of their own."""
        # sudo: system parameters are not for users
        setting = self.env["ir.config_parameter"].sudo().get_param(ADMIN_ABOVE, "no")
        return setting == "yes" and user.has_group("exception_core.group_admin")

    def _refuse_withdrawal(self, user):
        """Say why this user cannot withdraw the change; None if they can."""
        self.ensure_one()
        if self.state != "waiting":
            return _("This change has been decided already.")
        if user != self.author_id and not self._is_entitled(user):
            return _("Only its author withdraws it, or who might have agreed to it.")
        return None

    def _next_step(self, user):
        """Return what this user can do now: agree, compare, explain or none."""
        if not self:
            return False
        if self.is_outdated and not self._refuse_withdrawal(user):
            return "compare"
        if user == self.author_id and not self.reason:
            return "explain"
        return "none" if self._refuse_agreement(user) else "agree"

    # ------------------------------------------------------------------
    # deciding
    # ------------------------------------------------------------------

    def agree(self):
        """Make the changes, with the rights of the user who agrees.

        Context ``exception_look``: the ``look`` of the change that the user has before them. Its
        author may add to it until somebody agrees, and nobody agrees to what they have not seen.

        :raise UserError: why not: who may not, or a record that changed meanwhile
        """
        self.check_access_rights("read")
        self.check_access_rule("read")
        if self.env.su:
            raise UserError(_("A person agrees for themselves, not a program in their name."))
        if why_not := self.env.user._exception_refuse_actor():
            raise UserError(why_not)
        for change in self:
            change._pass_or_raise(change._refuse_agreement)
            change._refuse_outdated()
            change._refuse_unseen()
            change._agree()
        return True

    def _refuse_unseen(self):
        seen = self.env.context.get("exception_look")
        if seen and seen != self.look:
            raise UserError(
                _(
                    "%(author)s has added to this change of “%(record)s” since you opened it. "
                    "Load the screen anew, look at the difference, and agree then.",
                    author=self.author_name,
                    record=self.name,
                )
            )

    def _agree(self):
        user, author = self.env.user, self.author_id
        note = ConfigNote(
            way="agreed", reason=self.reason, author_id=author.id, agreed_by_id=user.id
        )
        record = self.env[self.res_model].browse(self.res_id)
        self._carry_out(record._second_person_env(), self.operations, note)
        outcome = record.exists()._version_states().get(self.res_id)
        if bool(outcome) != bool(self.after) or (outcome and compare(self.after, outcome)):
            raise UserError(
                _(
                    "“%s” would not become what was shown, because something that it depends on "
                    "has changed. Compare anew, look at the difference, and agree then.",
                    self.name,
                )
            )
        own = user == author
        # sudo: who decided is the model's to write; all checks were made
        self.sudo().write({"state": "agreed", "own_agreement": own, **self._decided()})
        data = {"author": self.author_name}
        if own:
            data["own_agreement"] = _("agreed by its author, as the settings allow administrators")
        self._tell("config.agreed", **data)

    def withdraw(self):
        """Take waiting changes back: the records stay as they are."""
        self.check_access_rights("read")
        self.check_access_rule("read")
        for change in self:
            change._pass_or_raise(change._refuse_withdrawal)
            # sudo: as in _agree
            change.sudo().write({"state": "withdrawn", **change._decided()})
            change._tell("config.withdrawn", author=change.author_name)
        return True

    def compare_anew(self):
        """Work the difference out again, after the record was changed meanwhile."""
        self.check_access_rights("read")
        self.check_access_rule("read")
        for change in self:
            change._pass_or_raise(change._refuse_withdrawal)
            record = self.env[change.res_model].browse(change.res_id)
            before = record.exists()._version_states().get(record.id)
            if before is None:
                raise UserError(_("“%s” was deleted. Withdraw the change.", change.name))
            trial = record._second_person_env()[record._name].browse(record.id)
            after = self._outcome(trial, change.operations)
            # sudo: as in _agree
            change.sudo().write({"before": before, "after": after})
            change._tell("config.proposed")
        return True

    def explain(self, reason):
        """Say why a change is asked; the author does.

        :param str reason: what the second person reads
        """
        self.ensure_one()
        self.check_access_rule("read")
        if self.state != "waiting" or self.author_id != self.env.user:
            raise UserError(_("Only who asked says why, while the change waits."))
        if not (reason or "").strip():
            raise UserError(_("Say in a sentence why it is to be changed."))
        # sudo: as in _agree
        self.sudo().reason = reason.strip()
        return True

    def _refuse_outdated(self):
        """Refuse a change whose record is no longer as its author saw it."""
        changed = self._meanwhile()
        if changed:
            raise UserError(
                _(
                    "“%s” was changed after this was asked. Compare anew, look at the difference, "
                    "and agree then.",
                    self.name,
                )
            )

    def _decided(self):
        user = self.env.user
        return {
            "decided_by_id": user.id,
            "decided_by_name": user.name,
            "decided_at": fields.Datetime.now(),
        }

    def _pass_or_raise(self, refuse):
        """Refuse who may not decide; else lock, and ask again what may have changed meanwhile."""
        for step in (None, self._lock):
            if step:
                step()
                self.invalidate_recordset()
            if why_not := refuse(self.env.user):
                raise UserError(why_not)

    def _lock(self):
        """Let one of two who decide at once wait for the other, and see what became of it."""
        self.env.cr.execute(
            SQL("SELECT id FROM exception_config_change WHERE id = %s FOR UPDATE", self.id)
        )
        table = SQL.identifier(self.env[self.res_model]._table)
        self.env.cr.execute(SQL("SELECT id FROM %s WHERE id = %s FOR UPDATE", table, self.res_id))

    # ------------------------------------------------------------------
    # buttons
    # ------------------------------------------------------------------

    def action_agree(self):
        """Agree, and show the record as it is now."""
        self.agree()
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_withdraw(self):
        """Withdraw, and show the record as it is."""
        self.withdraw()
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_compare_anew(self):
        """Work the difference out again and show it."""
        self.compare_anew()
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_explain(self):
        """Ask the author for the reason."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": _("Why is it to be changed?"),
            "res_model": "exception.config.explain",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_change_id": self.id, "default_reason": self.reason or ""},
        }

    def action_open_record(self):
        """Open the record that the change is about."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [(False, "form")],
        }
