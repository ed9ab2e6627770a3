from .common import ExceptionCommon


class AssignmentCommon(ExceptionCommon):
    """A team of three that assigns in turn, and helpers that open cases as a sweep does."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ann, cls.bob, cls.cid = (
            cls._create_user(f"test_assign_{name}", "exception_core.group_user", name=name)
            for name in ("Ann", "Bob", "Cid")
        )
        cls.people = cls.ann + cls.bob + cls.cid
        cls.desk = cls._create_team(
            lead_id=cls.user_lead.id,
            member_ids=[(6, 0, cls.people.ids)],
            assignment_method="round_robin",
        )
        cls.kind = cls._create_type(team_id=cls.desk.id, default_severity="3")

    @classmethod
    def _open(cls, count=1, **overrides):
        """Open so many cases in one batch, each on a record of its own."""
        partners = cls.env["res.partner"].create([{"name": f"P{n}"} for n in range(count)])
        rows = [
            {
                "type_id": cls.kind.id,
                "res_model": "res.partner",
                "res_id": partner.id,
                "title": f"Case {number}",
                **overrides,
            }
            for number, partner in enumerate(partners)
        ]
        opened = cls.env["exception.case"]._open_batch(rows)
        return cls.env["exception.case"].browse(opened.ids)

    def _shares(self, cases):
        """Return how many of the cases each of the three has, in their order."""
        return [
            len(cases.filtered(lambda case, user=user: case.user_id == user))
            for user in self.people
        ]

    def _messages_to(self, user):
        """Messages that told this person something."""
        return self.env["mail.message"].search(
            [("message_type", "=", "user_notification"), ("partner_ids", "in", user.partner_id.ids)]
        )
