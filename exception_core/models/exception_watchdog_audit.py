from odoo import _, api, models


class ExceptionWatchdogAudit(models.AbstractModel):
    """A trail that is broken is said wherever it is said that the desk stands still."""

    _inherit = "exception.watchdog"

    @api.model
    def _judge(self):
        """Return what is wrong now, a broken trail included.

        Who answers for the trail has an activity of their own, so it makes no interruption.
        """
        return super()._judge() + self._audit_findings()

    @api.model
    def _audit_findings(self):
        newest = self.env["exception.audit.check"].search([], limit=1)
        if newest.state != "broken":
            return []
        return [
            {
                "key": f"audit:{newest.id}",
                "state": "audit",
                "name": _("Audit trail"),
                "since": newest.at,
                "due": None,
                "loss": "work",
                "alarm": True,
                "error": newest.finding,
            }
        ]

    @api.model
    def _sentence(self, found):
        if found["state"] == "audit":
            return _(
                "The audit trail is broken: %(finding)s", finding=found["error"] or found["name"]
            )
        return super()._sentence(found)

    @api.model
    def _title(self, findings, loud):
        if loud and all(found["state"] == "audit" for found in loud):
            return _("The audit trail is broken.")
        return super()._title(findings, loud)

    @api.model
    def _advice(self, findings, loud):
        advice = super()._advice([f for f in findings if f["state"] != "audit"], loud)
        if any(found["state"] == "audit" for found in loud):
            told = _("Auditors find what to do under Reporting → Audit trail → Verifications.")
            return told if all(f["state"] == "audit" for f in loud) else f"{advice} {told}"
        return advice
