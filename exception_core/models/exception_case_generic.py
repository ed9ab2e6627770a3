from datetime import timedelta

from odoo import _, fields, models
from odoo.exceptions import UserError


class ExceptionCaseGeneric(models.Model):
    """What the shipped actions do; called by their Server Actions with the inputs of a run.

    With the rights of whoever the action runs for: what a person may not do by hand fails here
    as well. What taking it back needs is kept on the run.
    """

    _inherit = "exception.case"

    # ------------------------------------------------------------------
    # the case and its record
    # ------------------------------------------------------------------

    def _do_assign(self, run, values):
        """Give the case to a person, a team or both."""
        self.assign(values.get("user") or None, values.get("team") or None)
        run._say(_("It belongs to %s.", self.user_id.name or self.team_id.name))

    def _do_set_field(self, run, values):
        """Set one of the fields that the action declares."""
        run._set_field(self, values["field"], values.get("value"))

    def _do_post(self, run, values):
        """Log a note on the record of the case."""
        record = self._record_of_case()
        if not hasattr(record, "message_post"):
            raise UserError(_("Notes cannot be kept on %s.", self.res_name))
        record.message_post(body=values["text"], subtype_xmlid="mail.mt_note")
        run._say(_("Noted on %s.", self.res_name))

    def _record_of_case(self):
        if not self.res_model or self.res_model not in self.env:
            raise UserError(_("%s is not about a record.", self.name))
        record = self.env[self.res_model].browse(self.res_id).exists()
        if not record:
            raise UserError(_("%s is gone.", self.res_name))
        return record

    # ------------------------------------------------------------------
    # other people
    # ------------------------------------------------------------------

    def _do_activity(self, run, values):
        """Create an activity for whoever leads a team, else for the owner of the case."""
        team = self.env["exception.team"].browse(values.get("team") or ())
        person = team.lead_id or self.user_id or self.team_id.lead_id
        if not person:
            raise UserError(_("Nobody owns the case, and no team was chosen."))
        today = fields.Date.context_today(self)
        activity = self.activity_schedule(
            "mail.mail_activity_data_todo",
            date_deadline=today + timedelta(days=values.get("days") or 0),
            summary=values["text"],
            user_id=person.id,
        )
        run._keep(activity=activity.id)
        run._say(_("%(user)s has to do: %(text)s", user=person.name, text=values["text"]))

    def _do_drop_activity(self, run, values):
        """Take the activity back that an action has created."""
        activity = self.activity_ids.filtered(lambda one: one.id == values["activity"])
        if not activity:
            raise UserError(_("The activity was done already, or is gone."))
        activity.unlink()

    def _do_task(self, run, values):
        """Open a task in the queue of another team."""
        team = self.env["exception.team"].browse(values["team"])
        kind = self.env["exception.type"].browse(values.get("type") or self.type_id.id)
        task = self._open_task(values["title"], kind, team, values.get("note"))
        run._keep(task=task.id)
        run._say(_("%(task)s is in the queue of %(team)s.", task=task.name, team=team.name))

    def _do_drop_task(self, run, values):
        """Cancel the task that an action has opened, unless somebody works on it."""
        task = self.browse(values["task"]).exists()
        if task.parent_case_id != self:
            raise UserError(_("This is no task of %s.", self.name))
        if not task.is_open:
            raise UserError(_("The task has ended already."))
        if task.user_id and task.state != "new":
            raise UserError(_("%s works on the task already. Ask them.", task.user_id.name))
        task.cancel_case(note=_("No longer needed by %s.", self.name))

    # ------------------------------------------------------------------
    # the customer
    # ------------------------------------------------------------------

    def _do_notify(self, run, values):
        """Send the customer an approved reply."""
        reply = self.env["exception.reply"].browse(values["reply"])
        partner, _email = self._answer_recipient()
        if not partner.email_normalized:
            raise UserError(_("%s has no customer with a mail address.", self.name))
        if reply.state != "approved" or not reply._fits(self):
            raise UserError(_("“%s” is not approved for this case.", reply.name))
        message = self.message_post_with_source(
            # sudo: the template behind an approved reply is fixed
            reply.sudo().template_id,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=partner.ids,
        )
        # sudo: the model notes where an answer came from; users cannot
        message.sudo().exception_reply_id = reply
        run._say(_("“%(reply)s” went to %(customer)s.", reply=reply.name, customer=partner.name))

    def _do_ask_customer(self, run, values):
        """Send the customer an approved reply and wait for the answer; it resumes the case."""
        self._do_notify(run, values)
        until = fields.Datetime.now() + timedelta(days=values["days"])
        self.wait("customer", until, _("Asked for information"))
