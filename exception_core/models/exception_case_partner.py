from odoo import _, api, models


class ExceptionCasePartner(models.Model):
    """Contacts that are merged: the cases about them go on about the one that stays."""

    _inherit = "exception.case"

    @api.model
    def _follow_partner(self, gone, partner):
        """Move the cases about contacts that are merged away, as superuser.

        Where the same detector has an open case of the one that stays for the same thing, ours
        ends as its duplicate: a record has one open case for each.
        """
        cases = self.search([("res_model", "=", partner._name), ("res_id", "in", gone.ids)])
        if not cases:
            return
        there = [("res_model", "=", partner._name), ("res_id", "=", partner.id)]
        open_there = self.search([*there, ("is_open", "=", True), ("detector_id", "!=", False)])
        known = {case._merge_key(): case for case in open_there}
        for case in cases.filtered(lambda case: case.is_open and case.detector_id):
            master = known.setdefault(case._merge_key(), case)
            if master != case:
                case._end("duplicate", duplicate_of_id=master.id)
        cases.write({"res_id": partner.id, "res_name": partner.display_name})
        cases._note(_("The contact was merged into %s.", partner.display_name))
        self._refresh_bundles(cases._bundle_keys())

    def _merge_key(self):
        return self.detector_id.id, self.fingerprint or ""
