"""Measure every promise and write RESULTS.md and results.json; started by ``make bench``.

ODOO_RC=<configuration of an empty database with the suite> python -m benchmarks.run
"""

import argparse
import os
import platform
import time
from dataclasses import dataclass, field
from pathlib import Path

from . import (
    approve,
    audit,
    intake,
    open_cases,
    plan_clocks,
    rescore,
    result,
    save_and_confirm,
    screens,
    sweep_without_news,
    tick,
)
from .desk import Desk

# In this order, since each finds the tables as the one before left them.
PROMISES = {
    "confirm": save_and_confirm,
    "open": open_cases,
    "plan": plan_clocks,
    "sweep": sweep_without_news,
    "tick": tick,
    "screens": screens,
    "rescore": rescore,
    "audit": audit,
    "approve": approve,
    "intake": intake,
}
OFFICIAL_ROWS = 1_000_000


@dataclass
class Sizes:
    """How much is measured; the defaults are what was promised."""

    rows: list = field(default_factory=lambda: [100_000, OFFICIAL_ROWS])
    cases: list = field(default_factory=lambda: [100_000, OFFICIAL_ROWS])
    open: int = 20_000
    opened: int = 10_000
    rescored: int = 100_000
    clocks: int = 100_000
    pairs: int = 120
    posts: int = 1_000
    repetitions: int = 9

    @property
    def official(self):
        """Whether the sizes are those of the promises."""
        return max(self.rows) >= OFFICIAL_ROWS and max(self.cases) >= OFFICIAL_ROWS

    @property
    def keep_plans(self):
        """Whether the plans are worth keeping in the repository."""
        return self.official


def main(arguments=None):
    """Run what was asked for and print it as it comes."""
    options = _parse(arguments)
    sizes = Sizes(**{name: value for name, value in vars(options).items() if name in vars(Sizes())})
    desk = Desk()
    desk.claim()
    results, started = [], time.monotonic()
    for name in options.only or PROMISES:
        print(f"Measuring: {name} ...", flush=True)
        found = PROMISES[name].run(desk, sizes)
        print(result.table(found), flush=True)
        results += found
    minutes = (time.monotonic() - started) / 60
    about = _about(desk, sizes, minutes)
    if options.only:
        about["Of this run"] = ", ".join(options.only) + "; the other lines are of earlier ones"
    result.write(results, about, options.out)
    print(f"Written to {options.out / 'RESULTS.md'}", flush=True)


def _parse(arguments):
    sizes = Sizes()
    parser = argparse.ArgumentParser(description=__doc__)
    add = parser.add_argument
    add("--only", action="append", choices=list(PROMISES), help="only these")
    add("--rows", type=int, nargs="+", default=sizes.rows, help="orders to sweep")
    add("--cases", type=int, nargs="+", default=sizes.cases, help="cases on the screens")
    add("--open", type=int, default=sizes.open, help="how many of these are open")
    add("--opened", type=int, default=sizes.opened, help="cases that one sweep opens")
    add("--rescored", type=int, default=sizes.rescored, help="open cases to rank")
    add("--clocks", type=int, default=sizes.clocks, help="open clocks under the tick")
    add("--pairs", type=int, default=sizes.pairs, help="orders to confirm, on and off")
    add("--posts", type=int, default=sizes.posts, help="events to take in a round")
    add("--repetitions", type=int, default=sizes.repetitions)
    add("--out", type=Path, default=Path(__file__).parent, help="folder to write to")
    return parser.parse_args(arguments)


def _about(desk, sizes, minutes):
    with desk.env() as env:
        env.cr.execute("SELECT current_setting('server_version')")
        server = env.cr.fetchone()[0]
    return {
        "Machine": f"{os.cpu_count()} cores, {platform.machine()}, Python "
        f"{platform.python_version()}, PostgreSQL {server}",
        "Times": f"medians of {sizes.repetitions} repetitions, interleaved; plans in plans/",
        "The whole run took": f"{minutes:.1f} minutes",
    }


if __name__ == "__main__":
    main()
