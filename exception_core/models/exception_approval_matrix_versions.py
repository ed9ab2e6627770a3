from odoo import api, models


class ExceptionApprovalMatrixVersions(models.Model):
    """Approval policies have versions, and one in use changes when a second person agrees."""

    _name = "exception.approval.matrix"
    _inherit = ["exception.approval.matrix", "exception.versioned"]

    @api.model
    def _versioned_children(self):
        return [*super()._versioned_children(), "level_ids"]

    @api.model
    def _second_person_kind(self):
        return "matrix"

    def _second_person_in_force(self):
        return self.filtered(lambda matrix: matrix.active and matrix.enabled)

    @api.model
    def _second_person_free(self):
        # the first policy that fits judges: the order decides
        return super()._second_person_free() - {"sequence"} | {"owner_id"}


class ExceptionApprovalLevelVersions(models.Model):
    """Levels belong to the versions of their policy."""

    _name = "exception.approval.level"
    _inherit = ["exception.approval.level", "exception.versioned.part"]
    _versioned_parent = "matrix_id"
