from .common import ExceptionCommon


class ProblemCase(ExceptionCommon):
    """Cases of one type and one customer, and a problem that the lead owns."""

    @classmethod
    def setUpClass(cls):
        """Make a type that asks for nothing, cases and a problem."""
        super().setUpClass()
        cls.kind = cls._create_type(requires_resolution=False)
        cls.cases = cls._create_cases(3, type_id=cls.kind.id, partner_id=cls.partner.id, amount=10)
        cls.problem = cls._create_problem()

    @classmethod
    def _create_problem(cls, **overrides):
        values = {"title": "Late again", "team_id": cls.team.id, "user_id": cls.user_lead.id}
        return cls.env["exception.problem"].create({**values, **overrides})

    def _as(self, role, records=None):
        return (records if records is not None else self.problem).with_user(self.users[role])

    def _hit(self, **overrides):
        """Open one case as a detector does."""
        values = {
            "type_id": self.kind.id,
            "team_id": self.team.id,
            "res_model": "res.partner",
            "res_id": self.env["res.partner"].create({"name": "Someone"}).id,
            "company_id": self.env.company.id,
            "partner_id": self.partner.id,
        }
        return self.env["exception.case"]._open_batch([{**values, **overrides}])
