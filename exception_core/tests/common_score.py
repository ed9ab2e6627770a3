from datetime import datetime, timedelta

from freezegun import freeze_time

from .common import ExceptionCommon

NOW = datetime(2026, 3, 2, 10)
# One part at a time, with a weight of 100: its share is the score.
WEIGHTS = {"severity": 35, "money": 20, "tier": 15, "promise": 15, "sla": 10, "recurrence": 5}


class ScoreCommon(ExceptionCommon):
    """Cases of one severity on records of their own, at an instant that stands still."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.parts = {part.code: part for part in cls.env["exception.score.part"].search([])}
        cls.frozen = freeze_time(NOW)
        cls.frozen.start()
        cls.addClassCleanup(cls.frozen.stop)
        cls.case = cls._create_case(severity="2")
        cls.case.clock_ids.unlink()
        cls.case._rescore()

    def _only(self, code):
        """Let one part alone decide."""
        for part in self.parts.values():
            part.active = part.code == code or part.active
        self.parts[code].weight = 100
        (self.env["exception.score.part"].search([]) - self.parts[code]).active = False

    def _score(self, case=None, now=NOW):
        case = case or self.case
        case._rescore(now)
        return case.score

    def _clock(self, case=None, **overrides):
        values = {
            "case_id": (case or self.case).id,
            "kind": "resolution",
            "policy_id": self.env.ref("exception_core.sla_policy_standard").id,
            "allotted": 8 * 3600,
            "used": 0,
            "since": NOW - timedelta(hours=4),
            "deadline": NOW + timedelta(hours=4),
        }
        return self.env["exception.sla.clock"].create({**values, **overrides})
