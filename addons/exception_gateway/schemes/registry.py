"""All schemes by code. An addon of one's own registers a class by importing ``register``."""

_schemes = {}


def register(cls):
    """Class decorator: offer the scheme to endpoints under its code."""
    if cls.code in _schemes:
        raise ValueError(f"The scheme {cls.code} is registered twice")
    _schemes[cls.code] = cls()
    return cls


def get(code):
    """Return the scheme with this code, None without one."""
    return _schemes.get(code)


def choices():
    """Return (code, title) of all schemes, in the order of their titles."""
    return sorted(
        ((code, str(scheme.title)) for code, scheme in _schemes.items()), key=lambda c: c[1]
    )
