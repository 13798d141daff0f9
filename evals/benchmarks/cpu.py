"""CPU per call over bare `Agent.run` with the same schema, prompt and client: spans off in all, then on in all."""

import json
import subprocess
import sys

from pydantic import TypeAdapter

from evals.benchmarks.cpu_rounds import AT_ONCE, BARE, LEDGER, SERVICE, WRITE_POST
from evals.benchmarks.figures import Figure, Report, middle, ratios, spread
from evals.benchmarks.modes import Mode
from evals.benchmarks.provider_process import ProviderProcess

_ROUNDS, _SHORT_ROUNDS = 60, 8
_CALLS = 20
"""Calls per round: rounds are short, so that other load on the machine affects all subjects of a round alike."""
_OVER_BARE: dict[str, tuple[float | None, str]] = {
    LEDGER: (1.25, ""),
    WRITE_POST: (None, "; checks the publishing rules too"),
    SERVICE: (None, "; reads brief and calendar and saves the post too"),
}
"""The goal of each subject, and what else it includes."""
_MEASURED = TypeAdapter(dict[str, list[float]])


def measure(*, short: bool) -> Report:
    """Measure in interleaved rounds; the figures are medians of the ratios within a round."""
    count = _SHORT_ROUNDS if short else _ROUNDS
    figures: list[Figure] = []
    with ProviderProcess() as provider:
        for spans in ("off", "on"):
            measured = _rounds(provider.base_url(Mode.GOOD), count, spans=spans == "on")
            figures += _figures(measured, spans)
    return Report(counts={"rounds": count, "calls_a_round": _CALLS, "at_once": AT_ONCE}, figures=figures)


def _rounds(base_url: str, count: int, *, spans: bool) -> dict[str, list[float]]:
    command = [sys.executable, "-m", "evals.benchmarks.cpu_rounds", base_url, str(count), str(_CALLS)]
    done = subprocess.run([*command, *(["--spans"] if spans else [])], stdout=subprocess.PIPE, check=True)
    return _MEASURED.validate_python(json.loads(done.stdout))


def _figures(measured: dict[str, list[float]], spans: str) -> list[Figure]:
    figures = [Figure(name=f"CPU per call, {BARE}, spans {spans}", value=middle(measured[BARE]), unit="ms")]
    for name, (at_most, includes) in _OVER_BARE.items():
        over_bare = ratios(measured[name], measured[BARE])
        figures.append(
            Figure(
                name=f"CPU per call over {BARE}, {name}, spans {spans}",
                value=middle(over_bare),
                at_most=at_most,
                note=f"{spread(over_bare)}{includes}",
            )
        )
    return figures
