from .config_common import ConfigCommon


class SecondPersonCommon(ConfigCommon):
    """A holding detector in force, and two administrators."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second = cls._create_user("test_exception_second", "exception_core.group_admin")
        cls.users["second"] = cls.second
        parameter = {"name": "max_days", "label": "Days", "kind": "integer", "value": "3"}
        cls.detector = cls._create_detector(
            name="Large payments",
            holds=True,
            hold_step="confirm",
            parameter_ids=[(0, 0, parameter)],
        )
        cls.detector.action_enable()
        cls.env.flush_all()
        cls.env.cr.flush()
        cls.env.cr.postrollback.clear()
        cls.parameter = cls.detector.parameter_ids

    @classmethod
    def _ask_for(cls, kind, answer="yes"):
        """Set which kind of change needs a second person."""
        cls.env["ir.config_parameter"].set_param(f"exception_core.second_person_{kind}", answer)

    def _as(self, record, role):
        return record.with_user(self.users[role])

    def _change_of(self, record, state="waiting"):
        return self.env["exception.config.change"].search(
            [("res_model", "=", record._name), ("res_id", "=", record.id), ("state", "=", state)]
        )

    def _waits(self, record):
        """Assert that one change of the record waits, and return it."""
        self.env.flush_all()
        self.env.invalidate_all()
        change = self._change_of(record)
        self.assertEqual(len(change), 1, "no change waits")
        return change

    def _agree(self, change, role="second", reason="Agreed with finance"):
        if not change.reason:
            change.with_user(change.author_id).explain(reason)
        result = self._as(change, role).agree()
        self._end()
        return result
