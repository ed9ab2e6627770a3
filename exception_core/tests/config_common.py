from .common import ExceptionCommon


class ConfigCommon(ExceptionCommon):
    """Versions, and transactions that end inside a test."""

    def _end(self):
        """End a transaction as far as versions see it, without a commit."""
        self.env.flush_all()
        self.env.cr.flush()
        # what is remembered for one transaction only; a commit clears it
        self.env.cr.postrollback.clear()

    def _versions(self, record):
        """Return the versions of a record, the oldest first."""
        return self._versions_of(record._name, record.id)

    def _versions_of(self, model, res_id):
        return self.env["exception.config.version"].search(
            [("res_model", "=", model), ("res_id", "=", res_id)], order="number"
        )

    def _rows_of(self, version):
        """Return {label: (before, after)} of what a version changed."""
        before = version._values_before().get(version.id)
        rows = version._rows(version.res_model, before, version["values"])
        return {row["label"]: (row["before"], row["after"]) for row in rows}

    def _detector_with_parameter(self, **overrides):
        parameter = {"name": "max_days", "label": "Days", "kind": "integer", "value": "3"}
        return self._create_detector(parameter_ids=[(0, 0, parameter)], **overrides)
