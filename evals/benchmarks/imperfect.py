"""An imperfect provider: bursts of faults, outages, a rate limit and odd answers; the same for all contenders."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from evals.benchmarks.answer_shapes import CERTAIN, UNCLEAR, Shape, shape_of
from evals.benchmarks.contest import AT_ONCE, OURS, contend, contenders, errors_of
from evals.benchmarks.faults import score
from evals.benchmarks.figures import Counts, Figure, Report
from evals.benchmarks.model_answers import caption_of
from evals.benchmarks.modes import Mode
from evals.benchmarks.peers.calls import Outcome
from evals.benchmarks.plan import Order, winnable
from evals.benchmarks.provider_process import ProviderProcess, Seen

_TIMEOUT_S = 5.0
_REQUESTS_AFTER_BLIP = 1.2
"""At most so many requests for each answer, beyond those in flight when the outage began."""


@dataclass(frozen=True)
class _Scene:
    """One kind of imperfection."""

    mode: Mode
    calls: int
    short_calls: int
    """Calls of the short form; 0: left out of it."""
    order: Order | None = None
    """The order of its fault plan, where it has one."""

    @property
    def is_blip(self) -> bool:
        return self.mode.startswith("blip")


_SCENES = (
    _Scene(Mode.BURSTS, 200, 100, Order.BURSTS),
    _Scene(Mode.IN_ORDER, 200, 0, Order.LISTED),
    _Scene(Mode.BLIP_HALF, 40, 0),
    _Scene(Mode.BLIP_TWO, 40, 40),
    _Scene(Mode.BLIP_EIGHT, 40, 0),
    _Scene(Mode.LIMITED, 60, 40),
    _Scene(Mode.SHAPES, 200, 60),
)


def measure(*, short: bool) -> Report:
    """Let all contenders go through all scenes; the short form leaves some out."""
    counts: Counts = {"at_once": AT_ONCE, "request_timeout_s": _TIMEOUT_S}
    figures: list[Figure] = []
    commands = contenders()
    with ProviderProcess() as provider:
        for scene in _SCENES:
            calls = scene.short_calls if short else scene.calls
            for name, command in commands.items() if calls else ():
                finished, seen = contend(command, provider, scene.mode, calls=calls, timeout_s=_TIMEOUT_S)
                figures += _figures(scene, calls, name, finished.outcomes, seen)
                counts |= {f"{scene.mode}_{name}_wall_s": round(finished.wall_s, 1)}
                counts |= {f"{scene.mode}_{name}_errors": errors_of(finished.outcomes)}
    return Report(counts=counts, figures=figures)


def thrown_away(outcomes: Iterable[Outcome], seen: Iterable[Seen]) -> int:
    """Return how many billed answers of certain meaning no call returned."""
    paid = Counter(request.call for request in seen if request.is_of_use and request.call is not None)
    won = Counter(outcome.call for outcome in outcomes if outcome.caption == caption_of(outcome.call))
    return (paid - won).total()


def accepted_at_once(outcomes: Iterable[Outcome], seen: Iterable[Seen], shapes: Collection[Shape]) -> float:
    """Return the percentage of the calls answered in one of `shapes` that got their post for one request."""
    asked = Counter(request.call for request in seen)
    shaped = [outcome for outcome in outcomes if shape_of(outcome.call, 1) in shapes]
    won = [outcome for outcome in shaped if outcome.caption is not None and asked[outcome.call] == 1]
    return 100 * len(won) / len(shaped)


def _figures(scene: _Scene, calls: int, name: str, outcomes: list[Outcome], seen: list[Seen]) -> list[Figure]:
    """Return a contender's figures in a scene; only ours have goals."""
    found = score(outcomes, seen)
    can_be_won = sum(winnable(call, scene.order) for call in range(calls)) if scene.order else calls

    def figure(what: str, value: float, *, at_most: float | None = None, at_least: float | None = None) -> Figure:
        ours = name == OURS
        return Figure(
            name=f"{name}, {scene.mode}: {what}",
            value=value,
            at_most=at_most if ours else None,
            at_least=at_least if ours else None,
        )

    figures = [
        figure(f"answers of the {can_be_won} that can be won", found.won, at_least=can_be_won),
        figure("wrong answers returned", found.wrong, at_most=0),
        figure("HTTP requests", found.requests),
        figure("billed tokens not on the books", found.off_the_books, at_most=0),
        figure("paid answers thrown away", thrown_away(outcomes, seen), at_most=0),
    ]
    if scene.is_blip and found.won:
        beyond = (found.requests - AT_ONCE) / found.won
        figures.append(figure("requests for each answer beyond those in flight", beyond, at_most=_REQUESTS_AFTER_BLIP))
    if scene.mode is Mode.SHAPES:
        certain, unclear = (accepted_at_once(outcomes, seen, shapes) for shapes in (CERTAIN, UNCLEAR))
        figures.append(figure("certain shapes accepted at once, in percent", certain, at_least=95))
        figures.append(figure("unclear shapes accepted at once, in percent", unclear, at_most=0))
    return figures
