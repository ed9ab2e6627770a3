"""make stop: stop what an earlier command left running."""

from desk import paths, python_env
from desk.console import run_main, say


def main():
    """Without an environment nothing can have been started."""
    if not paths.VENV_PYTHON.exists():
        say("Nothing to stop.")
        return
    python_env.enter()
    from desk import embedded_pg, left_over

    for command in left_over.stop_all():
        say(f"Stopped {command}")
    if embedded_pg.stop_left_over():
        say("Stopped the embedded PostgreSQL")


if __name__ == "__main__":
    run_main(main)
