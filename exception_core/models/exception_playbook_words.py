from markupsafe import Markup

from odoo import _, api, fields, models


class ExceptionPlaybookStepWords(models.Model):
    """A step as a sentence."""

    _inherit = "exception.playbook.step"

    summary = fields.Char("In words", compute="_compute_summary")

    # what a kind says of itself depends on any of its fields; computed when read
    @api.depends("kind", "name", "owner_kind", "timeout_seconds", "on_timeout", "on_failure")
    @api.depends_context("lang", "uid")
    def _compute_summary(self):
        for step in self:
            step.summary = " · ".join(filter(None, step._sentences()))

    def _sentences(self):
        """Return the parts of the sentence: what, only if, within, and what if it fails."""
        self.ensure_one()
        say = getattr(self, f"_say_{self.kind}", None)
        return [say() if say else "", *self._say_conditions(), self._say_time(), self._say_path()]

    def _who(self):
        if self.owner_kind == "user":
            return self.user_id.name or ""
        if self.owner_kind == "team":
            return self.team_id.name or ""
        labels = dict(self._fields["owner_kind"]._description_selection(self.env))
        return labels[self.owner_kind]

    def _say_activity(self):
        return self._who()

    def _say_notify(self):
        if self.notify_to == "owner":
            return _("message to: %s", self._who())
        return _("“%s” to the customer", self.reply_id.name or "")

    def _say_wait(self):
        if self.wait_for == "time":
            return ""
        if self.wait_for == "event":
            return _("until: %s", self.event_name or "")
        whom = dict(self._fields["waiting_for"]._description_selection(self.env))
        return _("for an answer of: %s", whom.get(self.waiting_for, ""))

    def _say_event(self):
        return self.event_name or ""

    def _say_conditions(self):
        words = self.env["exception.rule"]._domain_words
        case = words("exception.case", self.domain)
        record = words(self.model, self.record_domain) if self.model else ""
        return [_("only if %s", text) for text in (case, record) if text]

    def _say_time(self):
        if not self.timeout_seconds:
            return ""
        hours, minutes = divmod(self.timeout_seconds // 60, 60)
        span = f"{hours}:{minutes:02d}"
        if self.kind == "wait" and self.wait_for == "time":
            return _("for %s h", span)
        then = dict(self._fields["on_timeout"]._description_selection(self.env))
        return _("within %(span)s h, else: %(then)s", span=span, then=then[self.on_timeout].lower())

    def _say_path(self):
        if self.on_failure == "goto":
            return _("if it fails: go to “%s”", self.failure_step_id.name or "")
        if self.on_failure == "skip":
            return _("if it fails: go on")
        return ""


class ExceptionPlaybookWords(models.Model):
    """A playbook to be read: its steps as a numbered list."""

    _inherit = "exception.playbook"

    preview = fields.Html(compute="_compute_preview", sanitize=False)

    @api.depends("step_ids", "resolves")
    @api.depends_context("lang", "uid")
    def _compute_preview(self):
        kinds = dict(self.step_ids._fields["kind"]._description_selection(self.env))
        for playbook in self:
            rows = Markup().join(
                Markup(
                    '<li><strong>%s</strong> <span class="badge text-bg-light">%s</span>'
                    '<div class="text-muted small">%s</div></li>'
                )
                % (step.name, kinds[step.kind], step.summary)
                for step in playbook.step_ids.sorted(lambda one: (one.sequence, one._origin.id))
                if step.name
            )
            end = (
                _("Then the case is resolved.")
                if playbook.resolves
                else _("Then the owner of the case goes on.")
            )
            playbook.preview = (
                Markup('<ol class="o_exception_preview">%s</ol><p>%s</p>') % (rows, end)
                if rows
                else False
            )
