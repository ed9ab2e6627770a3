from unittest.mock import patch

from .action_common import ActionCommon

DESCRIBE = "case.write({'description': values['text']})"


class OptionCommon(ActionCommon):
    """An action with an input, and a vertical that knows ways out of every case."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.describe = cls._create_action(
            DESCRIBE,
            name="Describe",
            run_as="system",
            preview="Writes {values.text} on {case}",
            undo_kind="restore",
            field_ids=[(6, 0, cls._field("description").ids)],
            parameter_ids=[(0, 0, {"name": "text", "label": "Text", "kind": "text"})],
        )
        # codes are words that data files know; the first input of _create_action is code as well
        cls.describe.code = "test_describe"
        cls.case.user_id = cls.user_agent

    def setUp(self):
        super().setUp()
        self.ways = [
            self._way("ship", cost=9.0, delay_days=1.0),
            self._way("split", cost=14.0, delay_days=0.0),
            self._way("refund", margin_effect=-310.0, delay_days=0.0),
        ]
        self.providers = [self._known_ways]
        case_class = type(self.env["exception.case"])
        patcher = patch.object(case_class, "_option_providers", lambda case: self.providers)
        self.startPatcher(patcher)

    def _known_ways(self):
        return [dict(way) for way in self.ways]

    def _way(self, key, **more):
        way = {"key": key, "name": key.title(), "action": self.describe, "values": {"text": key}}
        return {**way, **more}

    def _propose(self, case=None, user=None):
        """Let a person have the ways out worked out; return what is proposed then, by key."""
        case = case or self.case
        answer = case.with_user(user or self.user_agent).propose_options()
        options = self.env["exception.option"].browse(answer["options"])
        return {option.key: option for option in options}

    def _choose(self, option, user=None):
        """Let a person choose; return the run."""
        answer = option.with_user(user or self.user_agent).choose()
        return self.env["exception.action.run"].browse(answer["run_id"])
