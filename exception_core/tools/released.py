"""Mark the query methods that an administrator may choose for a detector.

An administrator of the suite picks a query from what an installed addon has released; he never
types a method name or code, because a detector runs as superuser.
"""

from dataclasses import dataclass

RELEASED = "_exception_released_query"


@dataclass(frozen=True)
class ReleasedQuery:
    """What the detector form shows of a released query: its code, root model and title."""

    code: str
    model: str
    title: str


def released_query(code, model, title):
    """Release a method of ``exception.query`` as a detector source.

    :param str code: stable code, stored on the detector
    :param str model: name of the model whose records the query returns
    :param str title: what the query finds, for people (may be lazily translated)
    :return: the decorator; the decorated method takes a
        :class:`~odoo.addons.exception_core.tools.hits.HitRequest` and returns one
        :class:`odoo.tools.SQL` select with the columns of the hit contract. For a detector that
        checks saves, give the query a gate as well (``exception.query._gate``)
    """

    def mark(method):
        setattr(method, RELEASED, ReleasedQuery(code, model, title))
        return method

    return mark
