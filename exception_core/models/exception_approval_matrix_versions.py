from odoo import api, models

from .exception_approval import OPEN


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
        # sudo: also one that was taken out of use decides what it has asked before
        open_requests = self.env["exception.approval"].sudo()
        asking = open_requests.search([("matrix_id", "in", self.ids), ("state", "in", OPEN)])
        asking_ids = set(asking.matrix_id.ids)
        return self.filtered(
            lambda matrix: (matrix.active and matrix.enabled) or matrix.id in asking_ids
        )

    @api.model
    def _second_person_free(self):
        # the first policy that fits judges: the order decides
        return super()._second_person_free() - {"sequence"} | {"owner_id"}


class ExceptionApprovalLevelVersions(models.Model):
    """Levels belong to the versions of their policy."""

    _name = "exception.approval.level"
    _inherit = ["exception.approval.level", "exception.versioned.part"]
    _versioned_parent = "matrix_id"
