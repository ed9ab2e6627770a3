from fnmatch import fnmatchcase

from odoo import _, api, models
from odoo.exceptions import ValidationError

from ..tools.event_normal import KEYS
from ..tools.event_path import compile_path, constant_keys
from ..tools.event_schema import compile_schema
from ..tools.refused import Refused

# The expressions of a contract; what is wrong with one is said when it is saved.
PATHS = (
    "kind_path",
    "condition",
    "items_path",
    "version_path",
    "mapping",
    "dedup_path",
    "subject_path",
    "ordering_path",
)


class ExceptionEventContractCheck(models.Model):
    """What is wrong with a contract is said when it is configured, at its place."""

    _inherit = "exception.event.contract"

    @api.constrains(*PATHS, "schema", "versions", "unmatched", "several", "unmatched_detector_id")
    def _check_definition(self):
        """Compile everything that a contract says.

        :raise ValidationError: with the field and the line
        """
        for contract in self:
            contract._check_own_definition()

    def _check_own_definition(self):
        for name in (*PATHS, "schema"):
            if problem := self._problem_of(name):
                label = self._fields[name].get_description(self.env)["string"]
                raise ValidationError(_("%(where)s: %(problem)s", where=label, problem=problem))
        if bool(self.subject_path) != bool(self.ordering_path):
            raise ValidationError(
                _("“Order is kept for” and “Newer by” belong together: give both or none.")
            )
        if bool(self.versions) != bool(self.version_path):
            raise ValidationError(
                _("“Accepted versions” and “Version is at” belong together: give both or none.")
            )
        opens = self.unmatched in ("park", "case") or self.several == "case"
        if opens and not self.unmatched_detector_id:
            raise ValidationError(_("Say which detector opens the case when no record fits."))
        if self.unmatched_detector_id and self.unmatched_detector_id.source != "event":
            raise ValidationError(
                _(
                    "“%s” finds its cases by itself; choose a detector for events.",
                    self.unmatched_detector_id.name,
                )
            )

    def _problem_of(self, name):
        """Return what is wrong with one text of the contract, as a sentence; None if nothing."""
        text = (self[name] or "").strip()
        try:
            if name == "schema":
                compile_schema(text) if text else None
            elif text:
                compile_path(text)
            if name == "mapping":
                return self._mapping_problem(text)
        except Refused as refused:
            return str(refused)
        return None

    @api.model
    def _mapping_problem(self, text):
        keys = constant_keys(text) if text else set()
        if keys is None:
            return None
        if "what" not in keys:
            return _("It has to say what happened: { what: … }.")
        if unknown := sorted(keys - set(KEYS)):
            return _(
                "“%(name)s” is not in the normal form. It knows: %(known)s.",
                name=unknown[0],
                known=", ".join(KEYS),
            )
        return None

    @api.model
    def _fits(self, patterns, text):
        """Tell whether a text fits one of the patterns, separated by commas."""
        wanted = (patterns or "").replace("\n", ",").split(",")
        return any(fnmatchcase(text, one.strip()) for one in wanted if one.strip())
