"""make test: all tests, or those that ARGS picks."""

import os

from desk import python_env
from desk.console import run_main


def main():
    """Continue inside the environment and test."""
    python_env.enter()
    from desk import testing

    return testing.main(os.environ)


if __name__ == "__main__":
    run_main(main)
