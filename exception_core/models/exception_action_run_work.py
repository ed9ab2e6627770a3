from odoo import SUPERUSER_ID, _, api, models
from odoo.exceptions import AccessError

from .ir_actions_server import RunningAction


class ExceptionActionRunWork(models.Model):
    """What happens while an action is at work: as whom, on what, and what it changes."""

    _inherit = "exception.action.run"

    def _running(self, sent=None):
        """Return what code may know of the run.

        :param list sent: where it is noted that the outside was called
        """
        sent = [] if sent is None else sent
        return RunningAction(self, self.case_id, dict(self.values or {}), sent=sent)

    def _do(self, running):
        """Run the Server Action for the person or the system, as the action says."""
        self._run_code(self.action_id.server_action_id, running)

    def _done(self):
        """What else is true once the run is done; in the same transaction."""

    def _run_code(self, server_action, running):
        env = self._env_of_action(running)
        target = self._target()
        context = {"active_model": target._name, "active_id": target.id, "active_ids": target.ids}
        # sudo False, the person's environment: run() checks their rights itself
        env[server_action._name].browse(server_action.id).with_context(**context).run()

    def _env_of_action(self, running):
        """Return the environment of whoever does it, with what code may know of the run."""
        user = self.requested_by
        system = self.action_id.run_as == "system" or self.automated
        if not system and not user.active:
            raise AccessError(_("%s, who asked for it, does not work here any more.", user.name))
        companies = self.company_id.ids
        if not system:
            if self.company_id not in user.company_ids:
                raise AccessError(
                    _(
                        "%(user)s has no access to %(company)s.",
                        user=user.name,
                        company=self.company_id.name,
                    )
                )
            companies += [one for one in user.company_ids.ids if one not in companies]
        context = {
            "lang": user.lang,
            "tz": user.tz,
            "allowed_company_ids": companies,
            "exception_running_action": running,
        }
        return self.env(user=SUPERUSER_ID if system else user.id, su=system, context=context)

    def _declared(self, target):
        """Return the declared fields of the target as plain values: {name: {value, text}}."""
        names = self.action_id.field_ids.mapped("name")
        target.invalidate_recordset(names)
        return {name: self._plain(target, name) for name in names}

    @api.model
    def _plain(self, record, name):
        field, value = record._fields[name], record[name]
        if field.relational:
            ids = value.ids
            plain = ids if field.type in ("one2many", "many2many") else (ids[:1] or [False])[0]
            return {"value": plain, "text": ", ".join(value.mapped("display_name"))}
        plain = field.convert_to_read(value, record)
        if isinstance(plain, bytes):
            plain = plain.decode()
        if field.type in ("date", "datetime") and plain:
            plain = field.to_string(value)
        return {"value": plain, "text": str(field.convert_to_export(value, record) or "")}

    # ------------------------------------------------------------------
    # what Server Actions call
    # ------------------------------------------------------------------

    def _say(self, text):
        """Say what came of it; shown on the run and on the case."""
        self.env.context["exception_running_action"].said.append(str(text))

    def _keep(self, **values):
        """Keep what taking it back will need; the inverse action gets it with the inputs."""
        self.env.context["exception_running_action"].kept.update(values)

    def _sent(self):
        """Say that the outside may have acted: whatever fails from now on, it is not sent again."""
        self.env.context["exception_running_action"].sent.append(self.id)

    def _found(self, done, text=None):
        """Say what became of a call that was asked back about.

        :param bool done: the outside has acted; False: it certainly has not
        """
        running = self.env.context["exception_running_action"]
        running.found = bool(done)
        if text:
            running.said.append(str(text))
