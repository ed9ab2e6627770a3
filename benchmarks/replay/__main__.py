"""python -m benchmarks.replay --data DIR --out FILE --db DB

Load a folder into an empty database that has the suite installed, sweep it as of the folder's
"today", and compare with the truth. Odoo's configuration comes from ODOO_RC.
"""

import argparse
import json
import sys
import time
from contextlib import closing
from pathlib import Path

from freezegun import freeze_time

import odoo

from .folder import FolderError
from .olist import OlistFolder
from .report import (
    case_counts,
    compare,
    print_decisions,
    print_misses,
    print_table,
    queue_head,
)

# Kinds of folder; the first one that recognises its files takes it.
LOADERS = [OlistFolder]


def recognise(folder):
    """Return the loader of a folder, its files read.

    :raise FolderError: when no loader knows the folder, or the files are not understood
    """
    if not folder.is_dir():
        raise FolderError(f"{folder} is no folder.")
    kinds = [kind for kind in LOADERS if kind.recognises(folder)]
    if not kinds:
        names = ", ".join(kind.title for kind in LOADERS)
        raise FolderError(f"The files in {folder} are of no known kind. Known: {names}.")
    loader = kinds[0](folder)
    loader.read()
    return loader


def check_database(env, loader):
    """Refuse a database without the suite, or one that has orders already."""
    addon = env["ir.module.module"].search([("name", "=", loader.addon)])
    if addon.state != "installed":
        raise FolderError(f"{loader.addon} is not installed in {env.cr.dbname}.")
    if env["sale.order"].search([], limit=1):
        raise FolderError(f"{env.cr.dbname} has orders already; replay wants an empty database.")


def replay(loader, registry):
    """Load and sweep. Returns what was found, seconds, counts of cases and the queue's head."""
    start = time.perf_counter()
    with closing(registry.cursor()) as cr:
        env = odoo.api.Environment(cr, odoo.SUPERUSER_ID, {})
        check_database(env, loader)
        loader.load(env)
        cr.commit()
        _analyse(cr)
    seconds = {"load": round(time.perf_counter() - start, 1)}
    start = time.perf_counter()
    with freeze_time(loader.today), closing(registry.cursor()) as cr:
        env = odoo.api.Environment(cr, odoo.SUPERUSER_ID, {})
        env["exception.detector"]._sweep_all()
    seconds["sweep"] = round(time.perf_counter() - start, 1)
    # as of that day: how long a promise still has ranks the cases
    with freeze_time(loader.today), closing(registry.cursor()) as cr:
        env = odoo.api.Environment(cr, odoo.SUPERUSER_ID, {})
        failed = env["exception.detector.run"].search([("state", "!=", "done")])
        if failed:
            reasons = "; ".join(f"{run.detector_id.name}: {run.error}" for run in failed)
            raise FolderError(f"Detectors failed: {reasons}")
        _stop_the_clock(env, loader)
        return loader.found(env), seconds, case_counts(env), queue_head(env)


def _stop_the_clock(env, loader):
    """Keep the desk as it was found: sweeps by the real date would judge these orders by it.

    The desk says why above its screens; otherwise it would warn that sweeps do not run.
    """
    names = ("cron_sweep_5min", "cron_sweep_hourly", "cron_sweep_daily")
    for name in names:
        env.ref(f"exception_core.{name}").active = False
    reason = f"replay of {loader.title}, today stays {loader.today_local}"
    env["ir.config_parameter"].set_param("exception_core.cron_off_reason", reason)
    env.cr.commit()


def _analyse(cr):
    """Let the planner know the freshly loaded tables, as autovacuum would after a while."""
    cr.execute("ANALYZE")
    cr.commit()


def main(arguments=None):
    """Run the replay. Returns the exit status."""
    parser = argparse.ArgumentParser(prog="benchmarks.replay", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with the files")
    parser.add_argument("--out", type=Path, help="JSON file to write")
    parser.add_argument("--db", required=True, help="empty database with the suite installed")
    options = parser.parse_args(arguments)
    try:
        loader = recognise(options.data)
        print(f"{options.data}: {loader.title}, today is {loader.today_local}.")
        for note, number in loader.notes.items():
            print(f"  {number} {note}")
        odoo.tools.config.parse_config(["--database", options.db])
        found, seconds, cases, queue = replay(loader, odoo.registry(options.db))
        truth = loader.truth()
    except FolderError as error:
        print(error, file=sys.stderr)
        return 1
    results = compare(found, truth)
    print_table(results, loader.verdicts)
    if truth is None:
        print(f"\nNo {loader.truth_file} in the folder: nothing to compare with.")
    else:
        print_misses(found, truth, loader.explain)
    print_decisions(cases, queue)
    print("\nScheduled sweeps are off in this database: its today stays what it was.")
    print(f"loaded in {seconds['load']} s, swept in {seconds['sweep']} s")
    if options.out:
        report = {
            "found": found,
            "detectors": results,
            "seconds": seconds,
            "cases": cases,
            "queue": queue,
        }
        options.out.parent.mkdir(parents=True, exist_ok=True)
        options.out.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n")
        print(f"written to {options.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
