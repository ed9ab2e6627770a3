"""What is known about a change of the configuration besides its values."""

from typing import NamedTuple

# Context key under which a note travels with a write.
NOTE = "exception_config_note"


class ConfigNote(NamedTuple):
    """A note that only code can put into a context.

    Contexts of web and RPC calls are made of plain JSON or XML values, which never are an
    instance of this class. So nobody outside can claim that a change was agreed to.
    """

    way: str | None = None  # how the change came about, see exception.config.version
    reason: str | None = None
    author_id: int | None = None  # whose change it is, when another person's call carries it out
    agreed_by_id: int | None = None
    own_agreement: bool = False  # agreed by its author, which a setting allowed
    restored: int | None = None  # number of the version that was taken back to


def config_note(env):
    """Return the note of an environment, an empty one if it has none."""
    note = env.context.get(NOTE)
    return note if isinstance(note, ConfigNote) else ConfigNote()
