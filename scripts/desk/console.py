"""Speaking to the person at the terminal."""

import contextlib
import fcntl
import signal
import sys

from . import paths


class SetupError(Exception):
    """Something only the user can put right. The text says what is wrong and what to do."""


def say(text):
    """Print one line of progress at once, also when the output is a pipe."""
    print(text, flush=True)


def run_main(main):
    """Run ``main`` as a script: its result is the exit code, a SetupError is told as a text."""
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        sys.exit(main() or 0)
    except SetupError as error:
        print(f"\nerror: {error}", file=sys.stderr, flush=True)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)


def _interrupt(_signum, _frame):
    """Let SIGTERM take the way of Ctrl-C, so that clean-up in ``finally`` happens."""
    raise KeyboardInterrupt


@contextlib.contextmanager
def exclusive(name, notice):
    """Hold a lock between processes of this checkout; ``notice`` is said if one has to wait."""
    with (paths.run_folder() / (f"{name}.lock")).open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(notice)
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
