from odoo import models


class ExceptionCaseAudit(models.Model):
    """What happens to a case is written down on the audit trail."""

    _inherit = "exception.case"

    def _audit(
        self,
        event,
        before=None,
        after=None,
        reason=None,
        on_behalf=None,
        override=False,
        **data,
    ):
        """Write an entry on the trail of each of these cases.

        :param str event: a key of ``exception.audit.entry._audit_events``
        :param before: plain values, or a function of a case that returns them
        :param after: likewise
        :param str reason: why, in words
        :param on_behalf: the user in whose name it was done
        :param bool override: a person decided otherwise than policy or a rule
        :param data: plain values that help to understand it
        """
        entries = self.env["exception.audit.entry"]
        # sudo: what the trail keeps of a case is written whoever works on it
        subjects = [
            {
                **case._audit_subject(),
                "before": entries._plain_text(before, case),
                "after": entries._plain_text(after, case),
            }
            for case in self.sudo()
        ]
        entries._append(
            event,
            subjects,
            reason=reason,
            on_behalf=on_behalf,
            data=data,
            is_override=bool(override),
        )

    def _audit_subject(self):
        """Return what an entry keeps of the case itself."""
        return {
            "chain": self.id,
            "case_id": self.id,
            "case_name": self.name,
            "company_id": self.company_id.id,
            "res_model": self.res_model or None,
            "res_id": self.res_id or None,
        }
