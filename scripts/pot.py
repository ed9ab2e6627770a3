"""make pot: export the addons' translation templates."""

import os

from desk import python_env
from desk.console import run_main


def main():
    """Continue inside the environment and export."""
    python_env.enter()
    from desk import launching

    return launching.pot(os.environ)


if __name__ == "__main__":
    run_main(main)
