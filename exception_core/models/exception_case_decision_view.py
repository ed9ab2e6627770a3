from odoo import _, api, fields, models

from .exception_rule import SETS


class ExceptionCaseDecisionView(models.Model):
    """The panel “How it was decided”: one line for each of the fields that rules may decide."""

    _inherit = "exception.case"

    decision_lines = fields.Json(compute="_compute_decision_lines")

    @api.depends("decisions", *SETS)
    @api.depends_context("lang", "tz", "uid")
    def _compute_decision_lines(self):
        for case in self:
            case.decision_lines = [case._decision_line(name) for name in SETS]

    def _decision_line(self, name):
        """Return label, value, how it came about and, where there is one, the rule."""
        # sudo: who sees the case may know why it is as it is
        case = self.sudo()
        entry = (case.decisions or {}).get(name, {})
        person, rule = entry.get("person"), entry.get("rule")
        line = {
            "name": name,
            "label": self._fields[name]._description_string(self.env),
            "value": case._decision_value(name, case._plain(name)),
            "kind": "person" if person else "rule" if rule else "default",
            "text": "",
            "reason": "",
        }
        if rule:
            line.update(rule_id=rule["id"], rule=rule["name"], protect=rule["protect"])
        if person and case._plain(name) == person["value"]:
            line["text"] = case._decided_by_person(name, person)
            line["reason"] = ": ".join(filter(None, (person.get("reason"), person.get("note"))))
        elif rule and self._by_rule(name, entry):
            line["kind"] = "rule"
        else:
            line.update(case._decided_otherwise(name, bool(entry)))
        return line

    def _by_rule(self, name, entry):
        value = self._plain(name)
        given = entry["rule"]["value"]
        return set(given) <= set(value) if name == "tag_ids" else given == value

    def _decided_by_person(self, name, person):
        at = self._local(fields.Datetime.to_datetime(person["at"]), "short")
        if person.get("chosen"):
            return _("chosen by %(user)s on %(at)s", user=person["name"], at=at)
        return _(
            "changed from %(old)s by %(user)s on %(at)s",
            old=self._decision_value(name, person["old"]),
            user=person["name"],
            at=at,
        )

    def _decided_otherwise(self, name, was_decided):
        """Say where a value comes from that neither a rule nor a person has decided."""
        kind, value = self.type_id, self[name]
        if was_decided:
            return {"kind": "later", "text": _("changed later by the desk, see the messages")}
        usual = {
            "severity": kind.default_severity,
            "disposition": kind.disposition,
            "team_id": kind.team_id,
            "sla_policy_id": kind.sla_policy_id,
            "playbook_id": kind.playbook_id,
        }
        if not value:
            return {"kind": "none", "text": ""}
        if name == "team_id" and value == self.detector_id.team_id:
            return {"kind": "default", "text": _("team of the detector")}
        if name in usual and value == usual[name]:
            return {"kind": "default", "text": _("usual for “%s”", kind.name)}
        if name == "user_id":
            return {"kind": "later", "text": _("taken or assigned")}
        return {"kind": "later", "text": _("set later, see the messages")}

    def _decision_value(self, name, value):
        """Return a value of the trace as people read it."""
        field = self._fields[name]
        if not value:
            return _("nobody") if name == "user_id" else _("none")
        if field.relational:
            records = self.env[field.comodel_name].browse(value).exists()
            return ", ".join(records.mapped("display_name")) or _("deleted since")
        return dict(field._description_selection(self.env)).get(value, value)
