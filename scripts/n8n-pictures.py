"""make n8n-pictures: take the pictures of the workflow templates anew."""

from desk import python_env
from desk.console import run_main


def main():
    """Continue inside the environment and take them."""
    python_env.enter()
    from desk import n8n_serving

    return n8n_serving.pictures()


if __name__ == "__main__":
    run_main(main)
