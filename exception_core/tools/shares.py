"""Whole points that add up to the whole that people see. No ORM, no database."""

from math import floor


def whole_points(values, total):
    """Round each value to a whole number so that together they make ``total``.

    What is left after rounding down goes to the largest remainders first.

    >>> whole_points([10.5, 20.5, 0.0], 31)
    [11, 20, 0]
    """
    whole = [floor(value) for value in values]
    by_remainder = sorted(
        range(len(values)), key=lambda place: values[place] - whole[place], reverse=True
    )
    for place in by_remainder[: max(0, total - sum(whole))]:
        whole[place] += 1
    return whole


def curve_value(points, x):
    """Return the value of a piecewise-linear curve at ``x``, flat before and after its points."""
    if x <= points[0][0]:
        return points[0][1]
    for (left, low), (right, high) in zip(points, points[1:], strict=False):
        if x <= right:
            return low + (high - low) * (x - left) / (right - left)
    return points[-1][1]
