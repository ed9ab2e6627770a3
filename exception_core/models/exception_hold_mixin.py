import functools
from contextlib import contextmanager

from odoo import api, fields, models

# Who has passed its check in this transaction, while the guarded call runs: {(model, step): ids}.
PASSED = "exception_hold_passed"


class ExceptionHoldMixin(models.AbstractModel):
    """Keeps documents from a step while an open case holds them.

    A document inherits it beside ``exception.record.mixin`` and says which steps it has::

        _name = "rental.contract"
        _inherit = ["rental.contract", "exception.record.mixin", "exception.hold.mixin"]

        @api.model
        def _exception_steps(self):
            return {
                **super()._exception_steps(),
                "confirm": GuardedStep(
                    methods=("action_start",), field="state",
                    before=("draft",), after=("running",),
                ),
            }

    That is all: buttons answer with a dialog, a batch goes on without the held ones, and writing
    the state directly is refused. Each concern has its file: this one wraps the methods,
    ``exception_hold_check`` finds out what holds, ``exception_hold_backstop`` refuses what goes
    round the methods, ``exception_hold_answer`` says it, ``exception_hold_evidence`` keeps it.
    """

    _name = "exception.hold.mixin"
    _description = "Document that can be held"

    # ------------------------------------------------------------------
    # what a document says
    # ------------------------------------------------------------------

    @api.model
    def _exception_steps(self):
        """Return the guarded steps: {code of STEPS: GuardedStep}."""
        return {}

    @api.model
    def _exception_material_paths(self):
        """Return the paths whose change ends lifted holds and approvals; see exception.snapshot."""
        return []

    def _exception_guarded(self, step):
        """Return those of the records that can be held from a step; a model may leave out some."""
        return self

    def _exception_before(self, step):
        """Return those of the records that have not taken the step yet."""
        guard = self._exception_steps().get(step)
        if not guard:
            return self.browse()
        records = self._exception_guarded(step)
        if not guard.field:
            return records
        return records.filtered(lambda record: record[guard.field] in guard.before)

    def _exception_sources(self, step):
        """Return whose cases hold these records: {(model, id): ids of the records it holds}.

        A transfer adds its order, for example, so that a hold on the order holds the goods.
        """
        return {(self._name, id_): {id_} for id_ in self.ids}

    def _exception_holders(self):
        """Return these records with those that are held as long as they are.

        The other way round than ``_exception_sources``, for records that come of others: the
        case of a transfer also holds its backorder, and is not ended as if nothing waited for it.
        """
        return self

    def _exception_money_out(self, step):
        """Return those of the records from which money leaves with the step."""
        guard = self._exception_steps().get(step)
        return self if guard and guard.money_out else self.browse()

    def _exception_do(self, step):
        """Take the guarded step, as its button does; called when a hold was lifted for it.

        :return: what the button returns; False for a step that other documents take
        """
        methods = self._exception_steps()[step].methods
        return getattr(self, methods[0])() if methods else False

    def _exception_awaits(self, step):
        """Return those of these records that should take the step by themselves once they may.

        For what a customer has done, like paying: nobody presses a button for it again.
        :return: {words about what was done: records}
        """
        return {}

    def _exception_resume(self, step):
        """Take the step for a record that waited for the end of its holds."""
        return self._exception_do(step)

    # ------------------------------------------------------------------
    # the wrapper
    # ------------------------------------------------------------------

    def _register_hook(self):
        """Put the guard around each step's methods, outside every override of every addon."""
        result = super()._register_hook()
        if not self._abstract:
            for step, guard in self._exception_steps().items():
                for name in guard.methods:
                    self._exception_wrap(step, name)
        return result

    @api.model
    def _exception_wrap(self, step, name):
        model_class = type(self)
        method = getattr(model_class, name)
        if getattr(method, "exception_step", None):
            return

        @functools.wraps(method)
        def guarded(self, *args, **kwargs):
            return self._exception_take(step, method, args, kwargs)

        guarded.exception_step = step
        setattr(model_class, name, guarded)

    def _exception_take(self, step, method, args, kwargs):
        """Let the clean records take the step; the held ones stay, and the caller is told."""
        passed = self._exception_passed(step)
        asking = self._exception_before(step).filtered(lambda record: record.id not in passed)
        if not asking:
            return method(self, *args, **kwargs)
        outermost = not self.env.cr.cache.get(PASSED)
        clean, held = asking._exception_split(step)
        going, result = self - held, None
        if going:
            with clean._exception_passing(step):
                result = method(going, *args, **kwargs)
        if not held:
            return result
        held._exception_refused(step)
        return held._exception_answer(step, method.__name__, going, result, outermost)

    @contextmanager
    def _exception_passing(self, step):
        """Let these records pass further checks of the step until the block ends."""
        # on the cursor and not in the context: what runs inside may replace its context, and a
        # client may send one
        by_step = self.env.cr.cache.setdefault(PASSED, {})
        key, before = (self._name, step), by_step.get((self._name, step), frozenset())
        by_step[key] = before | set(self.ids)
        try:
            yield
        finally:
            if before:
                by_step[key] = before
            else:
                del by_step[key]

    @api.model
    def _exception_passed(self, step):
        return self.env.cr.cache.get(PASSED, {}).get((self._name, step), frozenset())

    def _exception_split(self, step):
        """Check the records for a step: ``(clean, held)``."""
        if not self:
            return self, self
        self._exception_check(step)
        holding = self._exception_holding(step, settle=True)
        held = self.filtered(lambda record: record.id in holding)
        return self - held, held

    # ------------------------------------------------------------------
    # what holds
    # ------------------------------------------------------------------

    def _exception_holds(self, step):
        """Return the open cases that hold these records from a step and are not lifted."""
        cases = self.env["exception.case"].sudo()
        return cases.union(*self._exception_holding(step).values())

    def _exception_holding(self, step, settle=False):
        """Return ``{record id: cases}`` for the held of these records, in one statement or two.

        :param settle: the step is being taken: end the lifts that count no more
        """
        sources, now = self._exception_sources(step), fields.Datetime.now()
        # sudo: a hold holds whoever asks; what is told about it is checked where it is told
        cases = self.env["exception.case"].sudo()._holding(sources, step)
        if not cases:
            return {}
        if settle:
            self.env["exception.hold.lift"].sudo()._end_stale(cases, now)
        cases = cases._not_lifted(now)
        holding = {}
        for case in cases:
            for record_id in sources[case.res_model, case.res_id]:
                holding[record_id] = holding.get(record_id, cases.browse()) | case
        return holding
