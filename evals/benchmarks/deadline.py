"""The deadline: how late a call ends when the provider hangs, drips or asks to wait for an hour."""

import asyncio
import logging
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from ai_service import AIGenerationError, AIService
from evals.benchmarks.caller import service, settings, write_post
from evals.benchmarks.figures import Figure, Report, percentile
from evals.benchmarks.modes import Mode
from evals.benchmarks.provider_process import ProviderProcess

_CALLS, _SHORT_CALLS = 300, 60
_AT_ONCE = 20
_DEADLINE_S = 2.0
_REQUEST_TIMEOUT_S = 0.7
"""For the case in which requests time out before the call: the deadline cuts the last one short."""

_CASES: dict[str, tuple[Mode, float]] = {
    "hang": (Mode.HANG, 20.0),
    "hang, asked again": (Mode.HANG, _REQUEST_TIMEOUT_S),
    "one byte a second": (Mode.DRIP, 20.0),
    "Retry-After 3600": (Mode.RETRY_AFTER, 20.0),
}
"""The provider's behaviour and the request timeout in seconds, by case."""


def measure(*, short: bool) -> Report:
    """Make calls that cannot succeed, and measure when they end."""
    calls = _SHORT_CALLS if short else _CALLS
    figures: list[Figure] = []
    logging.disable()
    with ProviderProcess() as provider:
        for name, (mode, timeout_s) in _CASES.items():
            overshoots = asyncio.run(_overshoots(provider, mode, timeout_s, calls))
            figures.append(
                Figure(
                    name=f"deadline overshoot at p99, {name}",
                    value=max(0.0, percentile(overshoots, 99)),
                    unit="ms",
                    at_most=50,
                    note=f"latest {max(0.0, max(overshoots)):.0f} ms",
                )
            )
    logging.disable(logging.NOTSET)
    return Report(counts={"calls_a_case": calls, "at_once": _AT_ONCE, "deadline_s": _DEADLINE_S}, figures=figures)


async def _overshoots(provider: ProviderProcess, mode: Mode, timeout_s: float, calls: int) -> list[float]:
    """Return the milliseconds from each call's deadline to its end; negative if it ended earlier."""
    with TemporaryDirectory() as folder:
        limits = settings(
            provider.base_url(mode),
            f"sqlite:///{Path(folder, 'bench.db')}",
            deadline_s=_DEADLINE_S,
            request_timeout_s=timeout_s,
        )
        async with service(limits, calendar_url=provider.base_url(Mode.GOOD)) as ai:
            async with asyncio.TaskGroup() as tasks:
                workers = [tasks.create_task(_call(ai, worker, calls // _AT_ONCE)) for worker in range(_AT_ONCE)]
        return [overshoot for worker in workers for overshoot in worker.result()]


async def _call(ai: AIService, worker: int, calls: int) -> list[float]:
    await asyncio.sleep(worker * _DEADLINE_S / _AT_ONCE)  # calls do not arrive in step
    overshoots: list[float] = []
    for number in range(calls):
        began = time.monotonic()
        try:
            await write_post(ai, worker * calls + number)
        except AIGenerationError:
            overshoots.append((time.monotonic() - began - _DEADLINE_S) * 1000)
        else:
            raise AssertionError("the provider answered a call that it was to fail")
    return overshoots
