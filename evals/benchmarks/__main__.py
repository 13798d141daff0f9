"""`python -m evals.benchmarks NAME`: measures, prints a table, and keeps the figures in `results.json`."""

import argparse
import os
import sys
import time
from collections.abc import Callable

from evals.benchmarks import cpu, deadline, faults, kill, ledger, memory
from evals.benchmarks.figures import Report
from evals.benchmarks.results import FILE, keep, table

BENCHMARKS: dict[str, Callable[..., Report]] = {
    "faults": faults.measure,
    "cpu": cpu.measure,
    "ledger": ledger.measure,
    "kill": kill.measure,
    "deadline": deadline.measure,
    "memory": memory.measure,
}
"""In the order of the README's table."""


def main() -> None:
    """Run one benchmark, or all."""
    parser = argparse.ArgumentParser(prog="python -m evals.benchmarks", description=__doc__)
    parser.add_argument("name", choices=[*BENCHMARKS, "all"])
    parser.add_argument("--short", action="store_true", help="fewer calls: minutes for all of them")
    arguments = parser.parse_args()
    for name in BENCHMARKS if arguments.name == "all" else [arguments.name]:
        _run(name, short=arguments.short)


def _run(name: str, *, short: bool) -> None:
    load, began = os.getloadavg()[0], time.monotonic()
    _say(f"{name}{' (short form)' if short else ''} ...")
    report = BENCHMARKS[name](short=short)
    keep(name, report, short=short, load=load)
    counts = ", ".join(f"{key} {value}" for key, value in report.counts.items())
    _say(f"\n{table(report.figures)}\n\n{counts}\nload before {load:.1f}; took {time.monotonic() - began:.0f} s")
    _say(f"kept in {FILE.relative_to(FILE.parents[2])}\n")


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
