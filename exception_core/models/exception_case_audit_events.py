from odoo import api, models

from .exception_audit_append import Opening

# What is known of a case when it is opened.
OPENED = ("type_id", "severity", "disposition", "team_id", "user_id", "amount", "currency_id")
# What became of a mail, and the event that it is; the others did nothing to a case.
MAIL_EVENTS = {
    "opened": "mail.opened",
    "followed": "mail.opened",
    "added": "mail.added",
    "resumed": "mail.resumed",
    "reopened": "mail.reopened",
}


class ExceptionCaseAuditEvents(models.Model):
    """Events of a case that are more than a change of its fields."""

    _inherit = "exception.case"

    def _decide(self):
        """Decide on new cases; what came out of it is one entry for each."""
        watch = Opening(frozenset(self.ids))
        opening = self.with_context(exception_watch=watch)
        result = super(ExceptionCaseAuditEvents, opening)._decide()
        self._audit_opened()
        self.env["exception.audit.entry"]._insert(watch.later)
        return result

    def _decide_together(self):
        """Run all stages; what they wanted to have written down goes with them when one fails."""
        done = super()._decide_together()
        watch = self.env.context.get("exception_watch")
        if not done and isinstance(watch, Opening):
            watch.later.clear()
        return done

    def _run_stage(self, stage, name):
        """Run a stage; what it wanted to have written down goes with it when it fails."""
        watch = self.env.context.get("exception_watch")
        later = watch.later if isinstance(watch, Opening) else []
        known = len(later)

        def run():
            try:
                stage()
            except Exception:
                del later[known:]
                raise

        return super()._run_stage(run, name)

    def _audit_opened(self):
        entries, names = self.env["exception.audit.entry"], {}
        # sudo: as in _audit; the names of rules and detectors are no secret
        cases = self.sudo()
        views = cases._audit_view(OPENED)
        subjects = [
            {
                **case._audit_subject(),
                "after": entries._plain_text(case._audit_known(views[case.id], names), case),
                "data": entries._plain_text(case._audit_source(), case),
            }
            for case in cases
        ]
        cases.env["exception.audit.entry"]._append("case.opened", subjects)

    def _audit_known(self, view, names):
        """Return what is known of a new case; the view as ``_audit_view`` gives it."""
        known = zip(OPENED, view, strict=True)
        return {name: self._audit_value(name, value, names) for name, value in known if value}

    def _audit_source(self):
        """Return who found it, and which rules have decided what."""
        source = {}
        if self.detector_id:
            source["detector"] = [self.detector_id.id, self.detector_id.name]
        if rules := {
            name: entry["rule"]["name"]
            for name, entry in (self.decisions or {}).items()
            if "rule" in entry
        }:
            source["rules"] = rules
        return source

    @api.model
    def _reopen_batch(self, hits, now=None):
        """Re-open cases whose condition came back; written down once for all of them."""
        cases = self.browse([case.id for case, _vals in hits])
        with cases._watching(self._audited_fields() - {"tag_ids"}) as watched:
            return super(ExceptionCaseAuditEvents, watched)._reopen_batch(hits, now)

    def _triage_again(self):
        """Judge cases again; written down once for all of them."""
        with self._watching(self._audited_fields()) as watched:
            return super(ExceptionCaseAuditEvents, watched)._triage_again()

    def reopen(self, note=None):
        """Take up ended cases again; the note is the reason on the trail."""
        return super(ExceptionCaseAuditEvents, self._because(note)).reopen(note)

    def merge_into(self, master_id):
        """End these cases as duplicates; the one that stays says which."""
        result = super().merge_into(master_id)
        if result["done"]:
            merged = self.browse(result["done"]).mapped("name")
            # sudo: access was checked by the verb
            self.browse(master_id).sudo()._audit("case.merged", merged=merged)
        return result

    def unlink(self):
        """Delete cases (superuser only); their trail stays, and ends with this."""
        self._audit("case.deleted")
        return super().unlink()


class ExceptionMailReceipt(models.Model):
    """Mails that did something to a case are on the trail of the case."""

    _inherit = "exception.mail.receipt"

    @api.model
    def _settle(self, message_dict, outcome, case=None, alias=None, reason=None):
        """Note what became of a mail; what it did to a case is on the trail of the case."""
        receipt = super()._settle(message_dict, outcome, case, alias, reason)
        if case and outcome in MAIL_EVENTS:
            sender = _masked(receipt.email_normalized)
            case._audit(MAIL_EVENTS[outcome], sender=sender, receipt=receipt.id)
        return receipt


def _masked(address):
    """Return an address with its name left out but for the first letter."""
    name, _at, domain = (address or "").partition("@")
    return f"{name[:1]}…@{domain}" if domain else "?"
