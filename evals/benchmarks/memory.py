"""Resident memory of a process after many calls, divided by that after the first tenth of them."""

import json
import subprocess
import sys

from evals.benchmarks.figures import Figure, Report
from evals.benchmarks.memory_growth import AT_ONCE
from evals.benchmarks.modes import Mode
from evals.benchmarks.provider_process import ProviderProcess

_CALLS, _SHORT_CALLS = 20_000, 400
_TENTH = 10
_AT_MOST = 1.05


def measure(*, short: bool) -> Report:
    """Make the calls in a separate process."""
    calls = _SHORT_CALLS if short else _CALLS
    first = calls // _TENTH
    with ProviderProcess() as provider:
        command = [sys.executable, "-m", "evals.benchmarks.memory_growth"]
        arguments = [provider.base_url(Mode.FAULTS), provider.base_url(Mode.GOOD), str(first), str(calls)]
        done = subprocess.run([*command, *arguments], stdout=subprocess.PIPE, check=True)
    before_kib, after_kib = json.loads(done.stdout)
    figures = [
        Figure(
            name=f"resident memory after {calls:,} calls over after {first:,}",
            value=after_kib / before_kib,
            # A process that has only warmed up is still growing.
            at_most=None if short else _AT_MOST,
            note=f"{before_kib / 1024:.0f} MiB, then {after_kib / 1024:.0f} MiB",
        )
    ]
    return Report(counts={"calls": calls, "at_once": AT_ONCE}, figures=figures)
