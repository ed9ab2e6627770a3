"""make bench: measure what the suite promises, with ARGS."""

import os

from desk import python_env
from desk.console import run_main


def main():
    """Continue inside the environment and measure."""
    python_env.enter()
    from desk import launching

    return launching.bench(os.environ)


if __name__ == "__main__":
    run_main(main)
