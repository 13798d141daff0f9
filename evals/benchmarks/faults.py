"""The fault mix: 200 calls, 20 at once, against a provider that fails in eleven ways; the same for all contenders."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from evals.benchmarks.contest import AT_ONCE, OURS, contend, contenders, errors_of
from evals.benchmarks.figures import Figure, Report
from evals.benchmarks.model_answers import caption_of
from evals.benchmarks.modes import Mode
from evals.benchmarks.peers.calls import Outcome
from evals.benchmarks.plan import Fault, faults_of, fewest_requests, winnable
from evals.benchmarks.provider_process import ProviderProcess, Seen

_CALLS = 200
_TIMEOUT_S = 5.0
"""Longer than any answer takes on a busy machine, so that only hanging requests reach it."""


@dataclass(frozen=True, kw_only=True)
class Score:
    """The result of one contender."""

    won: int
    """Calls that returned the provider's answer."""
    wrong: int
    """Calls that returned a different answer."""
    requests: int
    off_the_books: int
    """Tokens that the provider billed and the contender did not record."""
    after_permanent: int
    """Requests after a permanent error."""


def measure(*, short: bool) -> Report:
    """Let all contenders make the same calls; the short form makes half of them."""
    calls = _CALLS // 2 if short else _CALLS
    counts: dict[str, int | float | str] = {"calls": calls, "at_once": AT_ONCE, "request_timeout_s": _TIMEOUT_S}
    figures: list[Figure] = []
    with ProviderProcess() as provider:
        for name, command in contenders().items():
            finished, seen = contend(command, provider, Mode.FAULTS, calls=calls, timeout_s=_TIMEOUT_S)
            won = score(finished.outcomes, seen)
            figures += _figures(name, won, calls)
            counts |= {f"{name}_wall_s": round(finished.wall_s, 1), f"{name}_cpu_s": round(finished.cpu_s, 1)}
            counts |= {f"{name}_errors": errors_of(finished.outcomes)}
    return Report(counts=counts, figures=figures)


def score(outcomes: Iterable[Outcome], seen: Iterable[Seen]) -> Score:
    """Compare a contender's results and records with the provider's."""
    asked: Counter[int] = Counter()
    billed: Counter[int] = Counter()
    for request in seen:
        if request.call is not None:
            asked[request.call] += 1
            billed[request.call] += request.input_tokens + request.output_tokens
    answered = [outcome for outcome in outcomes if outcome.caption is not None]
    won = sum(outcome.caption == caption_of(outcome.call) for outcome in answered)
    booked = {outcome.call: outcome.booked_tokens for outcome in outcomes}
    return Score(
        won=won,
        wrong=len(answered) - won,
        requests=asked.total(),
        off_the_books=sum(max(0, tokens - booked.get(call, 0)) for call, tokens in billed.items()),
        after_permanent=sum(count - 1 for call, count in asked.items() if Fault.UNAUTHORIZED in faults_of(call)),
    )


def _figures(name: str, score: Score, calls: int) -> list[Figure]:
    """Return a contender's figures; only ours have goals."""
    ours = name == OURS
    can_be_won = sum(map(winnable, range(calls)))

    def goal(value: int) -> int | None:
        return value if ours else None

    return [
        Figure(name=f"{name}: answers of the {can_be_won} that can be won", value=score.won, at_least=goal(can_be_won)),
        Figure(name=f"{name}: wrong answers returned", value=score.wrong, at_most=goal(0)),
        Figure(name=f"{name}: HTTP requests", value=score.requests, at_most=goal(fewest_requests(calls))),
        Figure(name=f"{name}: billed tokens not on the books", value=score.off_the_books, at_most=goal(0)),
        Figure(name=f"{name}: requests after a permanent error", value=score.after_permanent, at_most=goal(0)),
    ]
