"""What a document says of a step that holds can keep it from."""

from dataclasses import dataclass


@dataclass(frozen=True)
class GuardedStep:
    """One guarded step of a model, see ``exception.hold.mixin``.

    :param methods: names of the public methods that take the step. They are wrapped from outside:
        held records are left out of the call, the others go on. Empty: other documents take the
        step and name this one among their ``_exception_sources`` (an order and its transfers)
    :param field: the stored field that changes when the step is taken, if there is one. Writing
        one of ``after`` to it is refused for held records, whichever way it comes
    :param before: values of that field before the step; records with others are not checked
    :param after: values of that field that mean the step was taken
    :param money_out: money leaves with this step: it waits when a check could not run
    :param along: steps that are taken within this one, in the same transaction (a confirmed order
        has its goods reserved): the detectors that hold them are asked together with those of
        this step, and not again while it is being taken
    """

    methods: tuple = ()
    field: str = None
    before: tuple = ()
    after: tuple = ()
    money_out: bool = False
    along: tuple = ()
