"""`python -m evals.benchmarks NAME`: measures, prints a table, and keeps the figures in `results.json`."""

import argparse
import subprocess
import sys
import time
from collections.abc import Callable
from importlib import import_module

from evals.benchmarks.figures import Report
from evals.benchmarks.runs import FILE, conditions, keep, newest_table, table

BENCHMARKS = (
    *("faults", "imperfect", "imports", "cpu", "rows", "kill", "away", "budget", "keys", "deadline", "costs"),
    "memory",
)
"""In the order of the table of `docs/measurements.md`. Each is a module here with a function `measure`."""


def main() -> None:
    """Run one benchmark, or all; a missed goal is reported and is not an error."""
    parser = argparse.ArgumentParser(prog="python -m evals.benchmarks", description=__doc__)
    parser.add_argument("name", choices=[*BENCHMARKS, "all", "table"], help="`table` prints the newest full runs")
    parser.add_argument("--short", action="store_true", help="fewer calls: minutes for all of them")
    arguments = parser.parse_args()
    if arguments.name == "table":
        _say(newest_table(BENCHMARKS))
    elif arguments.name == "all":
        _run_all(["--short"] if arguments.short else [])
    else:
        _run(arguments.name, short=arguments.short)


def _run_all(options: list[str]) -> None:
    """Run each in its own process, so that no benchmark inherits another's memory."""
    for name in BENCHMARKS:
        subprocess.run([sys.executable, "-m", "evals.benchmarks", name, *options], check=True)


def _run(name: str, *, short: bool) -> None:
    before, began = conditions(), time.monotonic()
    _say(f"{name}{' (short form)' if short else ''} ...")
    measure: Callable[..., Report] = import_module(f"evals.benchmarks.{name}").measure
    report = measure(short=short)
    after = conditions()
    keep(name, report, short=short, before=before, after=after)
    counts = ", ".join(f"{key} {value}" for key, value in report.counts.items())
    _say(f"\n{table(report.figures)}\n\n{counts}")
    _say(f"load {before.load:.1f} before, {after.load:.1f} after; took {time.monotonic() - began:.0f} s")
    _say(f"kept in {FILE.relative_to(FILE.parents[2])}\n")


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
