"""make replay: load the orders in DATA, sweep them, and write OUT."""

import os

from desk import python_env
from desk.console import run_main


def main():
    """Continue inside the environment and replay."""
    python_env.enter()
    from desk import launching

    return launching.replay(os.environ)


if __name__ == "__main__":
    run_main(main)
