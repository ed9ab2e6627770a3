from odoo.tests import HttpCase, new_test_user, tagged

TITLES = {"1": "Tour: critical case", "3": "Tour: medium case"}


class DeskTourCase(HttpCase):
    """A team with two cases that nobody owns, an agent and a lead."""

    # with a comma: new Chromiums do not understand 1440x900, and silently open a small window
    browser_size = "1440,900"

    @classmethod
    def setUpClass(cls):
        """Make people, the team, its reasons and its cases."""
        super().setUpClass()
        cls.agent = new_test_user(
            cls.env, "tour_agent", groups="exception_core.group_user", name="Tour agent", tz="UTC"
        )
        cls.lead = new_test_user(
            cls.env, "tour_lead", groups="exception_core.group_lead", name="Tour lead", tz="UTC"
        )
        cls.team = cls.env["exception.team"].create(
            {
                "name": "Tour desk",
                "code": "tour_desk",
                "lead_id": cls.lead.id,
                "member_ids": [(6, 0, cls.agent.ids)],
            }
        )
        cls.reasons = {
            kind: cls._create_reason(kind, name, **values)
            for kind, name, values in [
                ("root_cause", "Tour cause", {"reason_class": "carrier"}),
                ("resolution", "Tour reason", {}),
                ("false_alarm", "Tour false alarm", {}),
            ]
        }
        cls.cases = cls._open_cases()

    @classmethod
    def _create_reason(cls, kind, name, **values):
        return cls.env["exception.reason"].create(
            {"name": name, "code": f"tour_{kind}", "kind": kind, **values}
        )

    @classmethod
    def _open_cases(cls):
        kind = cls.env.ref("exception_core.type_paid_not_shipped").copy(
            {
                "code": "tour_type",
                "team_id": cls.team.id,
                "requires_root_cause": True,
                "requires_resolution": True,
                "requires_note": True,
                "requires_evidence": False,
            }
        )
        partners = cls.env["res.partner"].create([{"name": "Tour A"}, {"name": "Tour B"}])
        fact = {"key": "age", "label": "Not shipped for", "value": 5, "kind": "duration_days"}
        cases = cls.env["exception.case"]._open_batch(
            [
                {
                    "type_id": kind.id,
                    "res_model": "res.partner",
                    "res_id": partner.id,
                    "partner_id": partner.id,
                    "company_id": cls.env.company.id,
                    "title": title,
                    "amount": 100,
                    "facts": [fact],
                }
                for partner, title in zip(partners, TITLES.values(), strict=True)
            ]
        )
        for case, severity in zip(cases, TITLES, strict=True):
            case.severity = severity
        return cases


@tagged("post_install", "-at_install")
class TestDeskTours(DeskTourCase):
    """What people do all day, in a real browser; afterwards the database is asked."""

    def test_agent_takes_the_next_case_and_resolves_it(self):
        critical, medium = self.cases
        self.start_tour("/web", "exception_desk_agent", login="tour_agent")
        self.assertEqual(critical.state, "resolved")
        self.assertEqual(critical.outcome, "manual")
        self.assertEqual(critical.user_id, self.agent)
        self.assertEqual(critical.root_cause_id, self.reasons["root_cause"])
        self.assertEqual(critical.resolution_id, self.reasons["resolution"])
        self.assertEqual(critical.resolution_note, "Sent by courier")
        self.assertTrue(critical.first_response_at)
        self.assertTrue(critical.resolved_at)
        self.assertEqual((medium.state, medium.user_id), ("open", self.agent))

    def test_ending_a_case_moves_on_to_the_next_of_the_list(self):
        critical, medium = self.cases
        self.start_tour("/web", "exception_desk_move_on", login="tour_agent")
        self.assertEqual(critical.outcome, "false_alarm")
        self.assertEqual(critical.resolution_id, self.reasons["false_alarm"])
        self.assertTrue(medium.is_open)

    def test_lead_assigns_in_bulk_from_the_list(self):
        self.start_tour("/web", "exception_desk_lead", login="tour_lead")
        self.assertEqual(self.cases.user_id, self.agent)
        self.assertEqual(set(self.cases.mapped("state")), {"open"})
        self.assertTrue(all(self.cases.mapped("assigned_at")))


@tagged("post_install", "-at_install")
class TestDeskPhone(DeskTourCase):
    """The queue at the width of a phone."""

    browser_size = "390,844"
    touch_enabled = True

    def test_agent_takes_a_case_on_a_phone(self):
        self.start_tour("/web", "exception_desk_phone", login="tour_agent")
        self.assertEqual(self.cases[0].user_id, self.agent)
        self.assertEqual(self.cases[0].state, "open")
