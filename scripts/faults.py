"""make faults: the gateway while processes die and senders misbehave, with ARGS."""

import os

from desk import python_env
from desk.console import run_main


def main():
    """Continue inside the environment and break things."""
    python_env.enter()
    from desk import launching

    return launching.faults(os.environ)


if __name__ == "__main__":
    run_main(main)
