"""make lint: every check over the sources."""

from desk import python_env
from desk.console import run_main


def main():
    """Continue inside the environment and check."""
    python_env.enter()
    from desk import linting

    return linting.main()


if __name__ == "__main__":
    run_main(main)
