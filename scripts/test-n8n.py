"""make test-n8n: the workflow templates against a real n8n and a served desk."""

import os

from desk import python_env
from desk.console import run_main


def main():
    """Continue inside the environment and test."""
    python_env.enter()
    from desk import n8n_testing

    return n8n_testing.main(os.environ)


if __name__ == "__main__":
    run_main(main)
