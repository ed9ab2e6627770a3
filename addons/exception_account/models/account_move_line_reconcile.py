from odoo import api, models

# In the context of lines: what is held is left as it is instead of refusing. An object, because no
# client can send one in its context.
LEAVE_HELD_MARK = object()
LEAVE_HELD = {"exception_leave_held": LEAVE_HELD_MARK}


class AccountMoveLine(models.Model):
    """Matching a payment with a bill pays it: what must not be paid is not matched either.

    Whoever matches by hand is refused. Jobs, imports and code with the system's rights work on many
    at a time and for money that has moved already: they leave held documents unmatched, and it is
    noted on the case.
    """

    _inherit = "account.move.line"

    @api.model
    def _reconcile_plan(self, reconciliation_plan):
        """Reconcile what is not held from being paid."""
        documents = self._exception_paid_by(reconciliation_plan)
        if not documents:
            return super()._reconcile_plan(reconciliation_plan)
        if self._exception_leaves_held():
            passed = documents._exception_passed("pay")
            asking = documents.filtered(lambda document: document.id not in passed)
            _clean, held = asking._exception_split("pay")
            if held:
                held._exception_refused("pay")
                documents -= held
                reconciliation_plan = _without(reconciliation_plan, held)
                if not reconciliation_plan:
                    return None
        else:
            documents._exception_backstop("pay")
        with documents._exception_passing("pay"):
            return super()._reconcile_plan(reconciliation_plan)

    @api.model
    def _exception_paid_by(self, plan):
        """Return the documents that a plan matches with money that leaves."""
        documents = self.env["account.move"]
        for part in plan:
            documents |= _lines(self.browse(), part).move_id._exception_paid_with()
        return documents

    @api.model
    def _exception_leaves_held(self):
        context = self.env.context
        return (
            self.env.su
            or bool(context.get("import_file"))
            or context.get("exception_leave_held") is LEAVE_HELD_MARK
        )

    def _reconcile_marked(self):
        """Match what an import has marked; what is held stays unmatched."""
        return super(AccountMoveLine, self.with_context(**LEAVE_HELD))._reconcile_marked()


def _lines(none, part):
    """Return all lines of a part of a plan: lines, or a list of parts."""
    return none.union(*(_lines(none, one) for one in part)) if isinstance(part, list) else part


def _without(plan, held):
    """Return a plan without the lines of held documents, and without what has no match then."""
    left = []
    for part in plan:
        if isinstance(part, list):
            part = _without(part, held)
        else:
            part = part.filtered(lambda line: line.move_id not in held)
        if len(part) > 1 or (isinstance(part, list) and part):
            left.append(part)
    return left
