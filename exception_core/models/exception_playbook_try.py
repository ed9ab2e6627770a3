from markupsafe import Markup

from odoo import SUPERUSER_ID, _, api, fields, models
from odoo.exceptions import UserError

# So many past cases at most are looked at together.
MOST_CASES = 200


class ExceptionPlaybookTry(models.Model):
    """A dry run: what a playbook would do on cases, step by step and why. Nothing is done.

    The database refuses writes meanwhile. Conditions are judged by the case and its record as
    they are today; waits are taken as answered, and persons' steps as done.
    """

    _inherit = "exception.playbook"

    def try_on_cases(self, case_ids):
        """Return what the playbook would do on these cases, which the user sees.

        :return: a list of ``{"case_id", "case", "steps", "outcome"}``; each step is a dict of
            ``number``, ``name``, ``kind``, ``happens`` (done, person, approval, skipped, blocked),
            ``what``, ``why`` and ``who``
        """
        self.ensure_one()
        self.check_access_rights("read")
        self.check_access_rule("read")
        cases = self.env["exception.case"].browse(case_ids[:MOST_CASES]).exists()
        cases.check_access_rights("read")
        cases.check_access_rule("read")
        with self.env["exception.rule"]._without_writes():
            # sudo: steps look at everything about a case, and the person sees these cases
            playbook = self.sudo().with_user(SUPERUSER_ID).with_context(lang=self.env.lang)
            return [playbook._rehearse(case.with_env(playbook.env)) for case in cases]

    def _rehearse(self, case):
        """Return what would happen on one case."""
        now = fields.Datetime.now()
        instance = self._instance_values()
        steps = [(0, 0, {**row, "case_id": case.id, "state": "todo"}) for row in instance]
        # never stored: it only answers what steps ask about a play
        play = self.env["exception.play"].new({"case_id": case.id, "step_ids": steps})
        rows = [play._rehearse_step(row, case, now) for row in instance]
        return {
            "case_id": case.id,
            "case": case.display_name,
            "steps": rows,
            "outcome": self._rehearsed_outcome(case, rows),
        }

    def _rehearsed_outcome(self, case, rows):
        happens = {row["happens"] for row in rows}
        if "blocked" in happens:
            return "blocked"
        if "person" in happens or not self.resolves:
            return "person"
        return "approval" if "approval" in happens else "auto"

    @api.model
    def _rehearsal_html(self, results):
        """Show the steps of one case as a table."""
        labels = self._happens_labels()
        tables = []
        for result in results:
            rows = Markup().join(
                Markup(
                    '<tr data-happens="%s"><td>%s</td><td><strong>%s</strong>'
                    '<div class="text-muted small">%s</div></td><td>%s</td><td>%s</td></tr>'
                )
                % (
                    row["happens"],
                    row["number"],
                    row["name"],
                    row["what"],
                    labels[row["happens"]],
                    " · ".join(filter(None, (row["who"], row["why"]))),
                )
                for row in result["steps"]
            )
            tables.append(
                Markup(
                    "<h3>%s</h3><table class='table table-sm'><thead><tr><th/><th>%s</th>"
                    "<th>%s</th><th>%s</th></tr></thead><tbody>%s</tbody></table>"
                )
                % (result["case"], _("Step"), _("Would"), _("Who and why"), rows)
            )
        return Markup().join(tables)

    @api.model
    def _happens_labels(self):
        return {
            "done": _("be done at once"),
            "person": _("wait for a person"),
            "approval": _("wait for approval"),
            "waits": _("wait"),
            "skipped": _("be passed over"),
            "blocked": _("be held back"),
        }

    def action_try(self):
        """Open the dialog that tries the playbook on past cases."""
        self.ensure_one()
        self.check_access_rights("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "exception.playbook.try",
            "views": [(False, "form")],
            "target": "new",
            "name": _("Try on past cases"),
            "context": {"default_playbook_id": self.id, "dialog_size": "extra-large"},
        }


class ExceptionPlayTry(models.Model):
    """What one step would do; asked of a play that is not stored."""

    _inherit = "exception.play"

    def _rehearse_step(self, row, case, now):
        """Return what a step would do on the case."""
        settings, kind = row["settings"], row["kind"]
        line = {"number": row["position"], "name": row["name"], "kind": kind, "who": "", "why": ""}
        steps = self.env["exception.case.step"]
        if why := steps._refuse_settings(settings, case, now):
            return {**line, "happens": "skipped", "what": "", "why": why}
        user, team = steps._owner_of(settings, case)
        line["who"] = user.name or team.name or case.team_id.lead_id.name or _("nobody yet")
        rehearse = getattr(self, f"_rehearse_{kind}", None)
        more = rehearse(row, case) if rehearse else {"happens": "person", "what": ""}
        return {**line, "what": settings.get("instructions") or "", **more}

    def _rehearse_notify(self, row, case):
        settings = row["settings"]
        if settings.get("notify_to") == "owner":
            return {"happens": "done", "what": settings.get("message") or ""}
        domain = [("family_id", "=", settings.get("reply_family_id")), ("state", "=", "approved")]
        reply = self.env["exception.reply"].search(domain, limit=1)
        partner, email = case._answer_recipient()
        name = partner.name or email or ""
        if not reply or not (partner.email or email):
            why = _("the template was retired") if not reply else _("no mail address is known")
            return {"happens": "blocked", "what": reply.name or "", "who": name, "why": why}
        return {"happens": "done", "what": reply.name, "who": name}

    def _rehearse_wait(self, row, case):
        settings = row["settings"]
        seconds = settings.get("timeout_seconds")
        until = ""
        if seconds:
            steps = self.env["exception.case.step"]
            due = steps._due_after(case, fields.Datetime.now(), seconds)
            until = _("until %s at the latest", case._local(due, "short"))
        waits = dict(self.env["exception.playbook.step"]._fields["wait_for"].selection)
        return {"happens": "waits", "what": waits[settings["wait_for"]], "who": "", "why": until}

    def _rehearse_event(self, row, case):
        return {"happens": "done", "what": row["settings"]["event_name"], "who": ""}

    def _rehearse_action(self, row, case):
        settings = row["settings"]
        action = self.env["exception.action"].browse(settings.get("action_id") or ()).exists()
        if not action:
            return {
                "happens": "blocked",
                "what": "",
                "why": _("the action does not exist any more"),
            }
        inputs = self.env["exception.playbook.step.input"]._values_for(settings["inputs"], case)
        line = {"what": action._describe(case, inputs)}
        stage, why = self._stage_for(action, inputs)
        if stage in ("observe", "propose"):
            return {**line, "happens": "person", "why": why}
        try:
            values = action._check_values(inputs)
        except UserError as error:
            return {**line, "happens": "blocked", "why": str(error)}
        if stage == "approve" or action.approval == "matrix":
            return {**line, **self._rehearse_request(case, why, action, values)}
        return {**line, "happens": "done", "who": "", "why": why}

    def _rehearse_approval(self, row, case):
        return {"what": row["settings"]["question"], **self._rehearse_request(case, "")}

    def _rehearse_request(self, case, why, action=None, values=None):
        """Say who would have to agree, by the policies of today."""
        question = self.env["exception.approval"]._question_of(case, action, values)
        verdict = self.env["exception.approval.matrix"]._judge([question])[0]
        people = ", ".join(name for asked in verdict.asked for name in asked.people.mapped("name"))
        happens = {"auto": "done", "blocked": "blocked"}.get(verdict.outcome, "approval")
        said = verdict.problem if happens == "blocked" else verdict.why
        return {"happens": happens, "who": people, "why": " · ".join(filter(None, (why, said)))}
