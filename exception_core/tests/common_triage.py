from .common import ExceptionCommon


class TriageCommon(ExceptionCommon):
    """Only the rules of the test are in force; cases are opened as a detector opens them."""

    @classmethod
    def setUpClass(cls):
        """Take the shipped rules out of use and make a second team."""
        super().setUpClass()
        cls.Case = cls.env["exception.case"]
        cls.Rule = cls.env["exception.rule"]
        cls.Rule.search([]).write({"enabled": False, "active": False})
        cls.case_type = cls._create_type(default_severity="3", disposition="approval")
        cls.team_b = cls._create_team(member_ids=[(6, 0, cls.user_agent.ids)])
        cls.tag = cls.env["exception.tag"].create({"name": "Test tag"})
        cls.override_reason = cls._create_reason(kind="override", name="Because I know")
        cls.records = cls.env["res.partner"].create(
            [{"name": f"Record {n}", "ref": f"R{n}"} for n in range(4)]
        )

    @classmethod
    def _create_rule(cls, domain="[]", sequence=10, **overrides):
        """Create an enabled rule; it sets high severity unless told."""
        number = cls.Rule.with_context(active_test=False).search_count([])
        values = {"name": f"Rule {number}", "domain": domain, "sequence": sequence, "enabled": True}
        if not overrides.keys() - {"enabled", "protect", "stop", "model_id", "record_domain"}:
            values["severity"] = "2"
        return cls.Rule.create({**values, **overrides})

    @classmethod
    def _hit(cls, **overrides):
        record = overrides.pop("record", cls.records[0])
        values = {
            "type_id": cls.case_type.id,
            "res_model": "res.partner",
            "res_id": record.id,
            "company_id": cls.env.company.id,
            "amount": 100.0,
            "facts": [{"key": "days", "label": "Late", "value": 5, "kind": "duration_days"}],
        }
        return {**values, **overrides}

    @classmethod
    def _open(cls, **overrides):
        return cls.Case._open_batch([cls._hit(**overrides)])
