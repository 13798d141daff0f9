"""100 concurrent calls with one idempotency key from three processes: one request is sent."""

import asyncio
import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

from evals.benchmarks.caller import service, settings, write_post
from evals.benchmarks.databases import Kind, database, databases, described
from evals.benchmarks.figures import Counts, Figure, Report
from evals.benchmarks.modes import Mode
from evals.benchmarks.provider_process import ProviderProcess
from evals.benchmarks.race import PROCESSES, race, share

_CALLS = 100
_KEYS, _SHORT_KEYS = 10, 2


class Answer(NamedTuple):
    """The result of one of the calls."""

    content_id: str
    request_id: str
    output: str
    """The output as JSON."""
    replayed: bool


class Round(NamedTuple):
    """The result of one key."""

    answers: Sequence[Answer]
    requests: int
    """Requests that the provider saw."""
    wall_s: float
    """Seconds from the start of the processes to the end of the last call."""


def measure(*, short: bool) -> Report:
    """Race with one key after another on each kind of database."""
    here, keys = databases(), _SHORT_KEYS if short else _KEYS
    counts: Counts = {**described(here), "calls": _CALLS, "processes": PROCESSES, "keys": keys}
    figures: list[Figure] = []
    with ProviderProcess() as provider:
        for kind in here:
            raced = _races(provider, kind, keys)
            figures += score(raced, on=f", {kind}")
            counts[f"{kind}_slowest_s"] = round(max(one.wall_s for one in raced), 1)
    return Report(counts=counts, figures=figures)


def score(raced: Sequence[Round], *, on: str) -> list[Figure]:
    """Return the worst figures of some rounds; `on` ends the figures' names."""
    different = max(len({answer._replace(replayed=False) for answer in one.answers}) for one in raced)
    made = max(sum(not answer.replayed for answer in one.answers) for one in raced)
    requests = sorted(one.requests for one in raced)
    worst = max(requests, key=lambda sent: abs(sent - 1))
    return [
        Figure(
            name=f"upstream requests for one key{on}",
            value=worst,
            at_least=1,
            at_most=1,
            note=f"{requests[0]} to {requests[-1]} for each of {len(raced)} keys",
        ),
        Figure(name=f"different answers to one key{on}", value=different, at_most=1),
        Figure(name=f"calls that made their answer themselves{on}", value=made, at_most=1),
        Figure(name=f"calls answered of {_CALLS}{on}", value=min(len(one.answers) for one in raced), at_least=_CALLS),
    ]


def _races(provider: ProviderProcess, kind: Kind, keys: int) -> list[Round]:
    with database(kind) as url:
        limits = settings(provider.base_url(Mode.QUICK_MODEL), url)
        planning = provider.base_url(Mode.GOOD)

        async def plan() -> None:
            async with service(limits, calendar_url=planning):
                pass

        asyncio.run(plan())
        return [_race(provider, url, key) for key in range(keys)]


def _race(provider: ProviderProcess, url: str, key: int) -> Round:
    provider.forget()
    limits = settings(provider.base_url(Mode.QUICK_MODEL), url)

    async def part(number: int, ready: Callable[[], object]) -> list[Answer]:
        async with service(limits) as ai:
            ready()
            calls = (write_post(ai, key, idempotency_key=f"key {key}") for _ in share(_CALLS, number))
            results = await asyncio.gather(*calls)
        return [
            Answer(result.content_id, result.request_id, result.output.model_dump_json(), result.replayed)
            for result in results
        ]

    began = time.monotonic()
    answers = race(part)
    return Round(answers, len(provider.seen()), time.monotonic() - began)
