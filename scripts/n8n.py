"""make n8n: n8n with the workflow templates, beside the desk that make run serves."""

import os

from desk import python_env
from desk.console import run_main


def main():
    """Continue inside the environment and serve."""
    python_env.enter()
    from desk import n8n_serving

    return n8n_serving.main(os.environ)


if __name__ == "__main__":
    run_main(main)
