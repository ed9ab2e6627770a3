"""make events: write the catalogue of events, docs/events.md."""

from desk import python_env
from desk.console import run_main


def main():
    """Continue inside the environment and write."""
    python_env.enter()
    from desk import event_catalogue

    return event_catalogue.main()


if __name__ == "__main__":
    run_main(main)
