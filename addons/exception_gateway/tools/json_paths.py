"""What differs between two JSON values, by its places and without the values themselves."""


def changed_paths(before, after, most=50):
    """Return the places in which two values differ: ``data.object.amount``, at most so many."""
    found = []
    pending = [("", before, after)]
    while pending and len(found) < most:
        place, old, new = pending.pop(0)
        if isinstance(old, dict) and isinstance(new, dict):
            names = [*old, *(name for name in new if name not in old)]
            pending += [(_join(place, name), old.get(name), new.get(name)) for name in names]
        elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
            pairs = zip(old, new, strict=True)
            pending += [(f"{place}[{n}]", one, two) for n, (one, two) in enumerate(pairs)]
        elif old != new or type(old) is not type(new):
            found.append(place or "(all)")
    return found


def _join(place, name):
    return f"{place}.{name}" if place else name
