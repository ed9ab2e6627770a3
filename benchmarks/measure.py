"""Timing: interleaved repetitions, medians, and the plans that PostgreSQL chose."""

import gc
import random
import statistics
import time
from pathlib import Path

PLANS = Path(__file__).parent / "plans"


def interleaved(candidates, repetitions):
    """Time callables in turns, so that a slow moment of the machine meets all of them.

    :param dict candidates: name → callable
    :param int repetitions: how often each runs; one run before that warms the caches
    :return: name → list of milliseconds
    """
    times = {name: [] for name in candidates}
    for run in candidates.values():
        run()
    for _repetition in range(repetitions):
        for name in random.sample(list(candidates), len(candidates)):
            times[name].append(milliseconds(candidates[name])[0])
    return times


def milliseconds(run):
    """Return how long a callable takes and what it returns; garbage is collected before."""
    gc.collect()
    started = time.perf_counter()
    answer = run()
    return (time.perf_counter() - started) * 1000, answer


def median(values):
    """Return the median, which one slow moment does not move."""
    return statistics.median(values)


def keep_plan(cr, name, select):
    """Write the plan of a statement with its real times to ``plans/<name>.txt``."""
    cr.execute("EXPLAIN (ANALYZE, BUFFERS) " + select.code, select.params)
    plan = "\n".join(row[0] for row in cr.fetchall())
    PLANS.mkdir(exist_ok=True)
    (PLANS / f"{name}.txt").write_text(plan + "\n")
