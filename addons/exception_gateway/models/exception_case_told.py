from odoo import api, models

SEVERITIES = {"1": "critical", "2": "high", "3": "medium", "4": "low"}


class ExceptionCaseTold(models.Model):
    """What is told outside of a case: as little as possible, and what a subscription adds.

    Each field of the mask (``exception.payload.field``) is a method ``_payload_<code>`` that
    returns something JSON knows.
    """

    _inherit = "exception.case"

    def _told(self, names=(), system_id=None):
        """Return what an event says of the case, as ``static/schemas/case.json`` describes it.

        :param names: codes of the fields to add
        :param system_id: the system that it is told to, whose own name for the case is added
        """
        self.ensure_one()
        told = {
            "id": self.id,
            "name": self.name,
            "url": f"{self.get_base_url()}/mail/view?model={self._name}&res_id={self.id}",
            "type": self.type_id.code,
            "state": self.state,
            "severity": SEVERITIES[self.severity],
            "company": {"id": self.company_id.id, "name": self.company_id.name},
        }
        if system_id and (own := self._reference_of(system_id)):
            told["reference"] = own
        for name in names:
            if extra := getattr(self, f"_payload_{name}", None):
                told[name] = extra()
        return told

    @api.model
    def _told_more(self, data, names):
        """Return what an event says beside the case: text of people only where it was chosen."""
        if "note" in data and "note" not in names:
            return {**data, "note": {k: v for k, v in data["note"].items() if k != "text"}}
        return data

    def _payload_title(self):
        return self.title

    def _payload_record(self):
        return {
            "model": self.res_model or None,
            "id": self.res_id or None,
            "name": self.res_name or None,
        }

    def _payload_partner(self):
        partner = self.partner_id
        if not partner:
            return None
        return {"id": partner.id, "reference": partner.ref or None, "name": partner.display_name}

    def _payload_amount(self):
        value = f"{self.amount:.{self.currency_id.decimal_places}f}"
        return {"value": value, "currency": self.currency_id.name}

    def _payload_owner(self):
        return {"id": self.user_id.id, "name": self.user_id.name} if self.user_id else None

    def _payload_team(self):
        team = self.team_id
        return {"id": team.id, "code": team.code, "name": team.name} if team else None

    def _payload_facts(self):
        return {fact["key"]: fact["value"] for fact in self.facts or []}

    def _payload_due(self):
        return {"response": _time(self.response_due), "resolution": _time(self.date_due)}

    def _payload_priority(self):
        return self.score

    def _payload_end(self):
        if not self.outcome:
            return None
        return {
            "outcome": self.outcome,
            "root_cause": self.root_cause_id.code or None,
            "resolution": self.resolution_id.code or None,
            "at": _time(self.resolved_at or self.closed_at),
        }

    def _payload_waiting(self):
        if self.state != "waiting":
            return None
        return {"for": self.waiting_for or None, "until": _time(self.waiting_until)}

    def _payload_note(self):
        return {"resolution": self.resolution_note or None, "waiting": self.waiting_note or None}


def _time(value):
    """Return an instant as events write it."""
    return value.isoformat(timespec="seconds") + "Z" if value else None
