"""Run all scenarios, or those that are named, and print the table.

make faults                  all of it, some twenty minutes
make faults ARGS="--only load --only forged --share 0.1"
"""

import argparse
import sys
import time
from datetime import date
from functools import partial
from pathlib import Path

import odoo
from odoo.tools import config

from desk.own_postgres import OwnPostgres

from . import hostile, kills, rates, receivers
from .outcome import table
from .world import World

RESULTS = Path(__file__).parent / "RESULTS.md"


def scenarios(share):
    """Return {name: what runs it on a world}, with this share of their messages."""

    def number(count):
        return max(40, round(count * share))

    return {
        "rates": partial(rates.rates, count=number(3_000)),
        "load": partial(kills.load, count=number(10_000)),
        "worker": partial(kills.worker, count=number(5_000)),
        "runner": partial(kills.runner, count=number(2_000)),
        "restart": partial(kills.restart, count=number(2_000)),
        "two_runners": partial(kills.two_runners, count=number(2_000)),
        "forged": partial(hostile.forged, count=number(10_000)),
        "bodies": hostile.bodies,
        "receivers": partial(receivers.receivers, count=number(500)),
    }


def main():
    """Run them one after the other on a PostgreSQL of their own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", action="append", choices=list(scenarios(1)))
    parser.add_argument("--share", type=float, default=1.0, help="of the messages, e.g. 0.1")
    given = parser.parse_args()
    config.parse_config([])
    dbname = config["db_name"]
    outcomes = []
    with OwnPostgres() as postgres:
        postgres.copy(dbname)
        odoo.sql_db.close_all()
        world = World(dbname, postgres)
        for name, scenario in scenarios(given.share).items():
            if given.only and name not in given.only:
                continue
            begun = time.monotonic()
            try:
                outcomes.append(scenario(world))
            finally:
                world.close()
            outcomes[-1].notes.append(f"{time.monotonic() - begun:.0f} s")
            print(" | ".join(outcomes[-1].as_row()), flush=True)
    print("\n" + table(outcomes))
    if not given.only and given.share == 1:
        _keep(outcomes)
    return 0 if all(outcome.kept for outcome in outcomes) else 1


def _keep(outcomes):
    text = (
        "# What `make faults` counted\n\n"
        f"{date.today().isoformat()}, two cores, two HTTP workers and a job runner, sender in "
        "another process.\nEvery count from *lost* to *errors* has to be 0.\n\n"
    )
    RESULTS.write_text(text + table(outcomes))


if __name__ == "__main__":
    sys.exit(main())
