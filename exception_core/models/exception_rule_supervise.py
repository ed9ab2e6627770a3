import psycopg2

from odoo import _, api, fields, models
from odoo.exceptions import UserError

ACTIVITY = "mail.mail_activity_data_warning"
# so many of the newest cases are judged to see whether a rule works again
PROBE = 100


class ExceptionRuleSupervise(models.Model):
    """Rules that cannot be evaluated: they are passed over, and their owner is told once."""

    _inherit = "exception.rule"

    failed_at = fields.Datetime("Failed", readonly=True, copy=False)
    error = fields.Text("What went wrong", readonly=True, copy=False)

    @api.model
    def _note_failures(self, errors):
        """Note on the rules why they failed and tell their owners, once until they are mended.

        In a savepoint: when two saves note the same failure at once, one of them does.

        :param dict errors: {rule id: exception}
        """
        # sudo: whoever opens the case, the failure belongs to the rule
        rules = self.sudo().browse(errors).filtered(lambda rule: not rule.failed_at)
        if not rules:
            return
        try:
            with self.env.cr.savepoint():
                for rule in rules:
                    said = rule.with_context(lang=rule.owner_id.lang)
                    said._note_failure(str(errors[rule.id]).strip())
                self.env.flush_all()
        except psycopg2.Error:
            # somebody else is noting it
            return

    def _note_failure(self, text):
        self.write({"failed_at": fields.Datetime.now(), "error": text})
        self.activity_schedule(
            ACTIVITY,
            user_id=self.owner_id.id,
            summary=_("A triage rule fails"),
            note=_(
                "“%(rule)s” could not be evaluated and is passed over: %(error)s. Mend its "
                "condition and save it; cases are opened without it until then.",
                rule=self.name,
                error=text,
            ),
        )

    def _forget_failures(self):
        failed = self.filtered("failed_at")
        if failed:
            failed.write({"failed_at": False, "error": False})
            failed.activity_unlink([ACTIVITY])

    def action_check_again(self):
        """Evaluate failed rules on the newest cases; those that work are mended."""
        self.check_access_rights("write")
        self.check_access_rule("write")
        # sudo: rules look at all cases; only whether it works is said
        rules = self.sudo()
        newest = self.env["exception.case"].sudo().search([], order="id desc", limit=PROBE)
        definitions = [rule._definition() for rule in rules]
        _verdict, errors = rules._judge(definitions, newest, {}, {})
        rules.filtered(lambda rule: rule.id not in errors)._forget_failures()
        if errors:
            raise UserError(
                _("It still fails: %s", "; ".join(str(error).strip() for error in errors.values()))
            )
        return True
