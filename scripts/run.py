"""make run: serve Odoo 17 with the suite and demo data."""

import os

from desk import python_env
from desk.console import run_main


def main():
    """Continue inside the environment and serve."""
    python_env.enter()
    from desk import serving

    return serving.main(os.environ)


if __name__ == "__main__":
    run_main(main)
