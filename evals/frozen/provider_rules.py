"""What must hold after a provider case: its own figures, and what holds of every case."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from ai_service import Attempt
from evals.frozen.loopback import REPLY
from evals.frozen.opened import KEY, WORDS, Came, price_of
from evals.frozen.provider_bodies import body_of
from evals.frozen.situations import Situation
from evals.frozen.tally import Complaint
from evals.frozen.watched import Watch

_ABSENT = {"KEY": KEY, "WORDS": WORDS}
_LEAST_S = 1e-6


@dataclass
class Played:
    """What came of a case."""

    case: Situation
    came: Came = field(default_factory=lambda: Came(None, None, 0))
    second: Came | None = None
    """A later call of the same service."""
    other: Came | None = None
    """Another customer's call meanwhile."""
    other_waited_s: float = 0.0
    rows: list[Attempt] = field(default_factory=list[Attempt])
    arrivals: list[float] = field(default_factory=list[float])
    """When each request came, in seconds of the service's clock."""
    # Any: the bodies of requests
    bodies: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    said: list[str] = field(default_factory=list[str])
    """Everything that was logged, traced and raised, as text."""
    elsewhere: int = 0
    """Requests to other addresses."""
    took_s: float = 0.0
    watch: Watch = field(default_factory=Watch)

    @property
    def used(self) -> bool:
        """Whether an answer was returned."""
        return self.came.result is not None

    @property
    def waited_s(self) -> float:
        """Seconds between the first two requests."""
        return self.arrivals[1] - self.arrivals[0] if len(self.arrivals) > 1 else 0.0


def complaints(played: Played) -> list[Complaint]:
    """Return what is not as it must be."""
    if played.came.raw:
        return [Complaint("otherwise", "a raw error")]
    found = [complaint for key, value in played.case.exact.items() for complaint in _EXACT[key](value, played)]
    return [*found, *_always(played), *_by_words(played), *_of_case(played)]


def _always(played: Played) -> Iterator[Complaint]:
    """What holds of every case: each request is a settled row, and the answer is the one that was sent."""
    rows, requests = len(played.rows), len(played.arrivals)
    if rows != requests and played.case.id != "r3.prov.conn.refused":
        yield Complaint("silently wrong", f"{requests} requests, {rows} rows")
    if any(row.status == "sent" for row in played.rows):
        yield Complaint("silently wrong", "a row stays `sent`")
    if played.came.result is not None and played.came.result.output.reply != REPLY["reply"]:
        yield Complaint("silently wrong", f"another text: {played.came.result.output.reply!r}")
    if played.took_s > 46:
        yield Complaint("refused or paid twice", f"took {played.took_s:.0f} s of 45")


def _outcome(want: str, played: Played) -> Iterator[Complaint]:
    if want == "used" and not played.used:
        yield Complaint("refused or paid twice", "an error instead of the answer")
    if want == "error" and played.used:
        yield Complaint("silently wrong", "used")


def _requests(want: int, played: Played) -> Iterator[Complaint]:
    found = played.came.requests
    if found > want:
        yield Complaint("refused or paid twice", f"{found} requests, not {want}")
    if found < want and played.used:
        yield Complaint("silently wrong", f"used after {found} requests, not {want}")
    elif found < want:
        yield Complaint("otherwise", f"{found} requests, not {want}")


def _requests_max(want: int, played: Played) -> Iterator[Complaint]:
    if played.came.requests > want:
        yield Complaint("refused or paid twice", f"{played.came.requests} requests, at most {want}")


def _first_row_cost(want: object, played: Played) -> Iterator[Complaint]:
    if not played.rows:
        yield Complaint("silently wrong", "no row of the first request")
        return
    row = played.rows[0]
    if want == 0 and row.cost_usd != 0:
        yield Complaint("refused or paid twice", f"the first row costs {row.cost_usd}")
    if want == "usage" and row.cost_usd != _reported(played.case):
        lost = not row.cost_usd
        yield Complaint("silently wrong" if lost else "otherwise", f"the first row costs {row.cost_usd}, not its usage")
    if want == "bound" and not (row.cost_usd and row.cost_estimated):
        lost = not row.cost_usd
        words = f"the first row costs {row.cost_usd}, estimated {row.cost_estimated}, not its bound"
        yield Complaint("silently wrong" if lost else "otherwise", words)


def _reported(case: Situation) -> Decimal:
    """Return what the usage of the body costs."""
    body = body_of(case).decode()
    if '"completion_tokens": 2048' in body:
        return price_of("writer-1", 812, 2048)
    return price_of("writer-1", 812, 64)


def _same(name: str, verdict_of: Callable[[Played], object]) -> Callable[[Any, Played], Iterator[Complaint]]:
    def check(want: object, played: Played) -> Iterator[Complaint]:
        found = verdict_of(played)
        if found not in (want if isinstance(want, list) else [want]):
            yield Complaint("otherwise", f"{name} {found!r}, not {want!r}")

    return check


def _of_error(name: str) -> Callable[[Any, Played], Iterator[Complaint]]:
    return _same(name, lambda played: getattr(played.came.error, name, None))


def _wait_s_min(want: float, played: Played) -> Iterator[Complaint]:
    if played.used and played.waited_s < want - _LEAST_S:
        yield Complaint("otherwise", f"asked again after {played.waited_s:.2f} s, not {want}")


def _wait_s_max(want: float, played: Played) -> Iterator[Complaint]:
    if played.waited_s > want:
        yield Complaint("refused or paid twice", f"asked again after {played.waited_s:.2f} s, at most {want}")


def _took_s_max(want: float, played: Played) -> Iterator[Complaint]:
    if played.took_s > want:
        yield Complaint("refused or paid twice", f"took {played.took_s:.1f} s, at most {want}")


def _retry_after_s_min(want: float, played: Played) -> Iterator[Complaint]:
    found = getattr(played.came.error, "retry_after_s", None)
    if found is None or found < want:
        yield Complaint("otherwise", f"retry_after_s {found}, at least {want}")


def _cost(want: int, played: Played) -> Iterator[Complaint]:
    if sum(row.cost_usd or 0 for row in played.rows) != want:
        yield Complaint("refused or paid twice", f"costs {[str(row.cost_usd) for row in played.rows]}")


def _absent(names: list[str], played: Played) -> Iterator[Complaint]:
    said = [*played.said, *(row.error or "" for row in played.rows)]
    for name in names:
        if any(_ABSENT[name] in text for text in said):
            yield Complaint("silently wrong", f"{name} is shown")


def _second_call(want: int, played: Played) -> Iterator[Complaint]:
    second = played.second
    if second is None or second.result is None or second.requests != want:
        yield Complaint("refused or paid twice", f"the next call {second}")


def _other_call(want: str, played: Played) -> Iterator[Complaint]:
    other = played.other
    if other is None or other.result is None or other.requests > 1 or played.other_waited_s > 0:
        yield Complaint("refused or paid twice", f"the other call waited {played.other_waited_s:.1f} s: {other}")


def _elsewhere(want: int, played: Played) -> Iterator[Complaint]:
    if played.elsewhere > want:
        yield Complaint("silently wrong", f"{played.elsewhere} requests elsewhere")


# Any: each figure is of its own type
_EXACT: dict[str, Callable[[Any, Played], Iterator[Complaint]]] = {
    "outcome": _outcome,
    "code": _of_error("code"),
    "reason": _of_error("reason"),
    "retryable": _of_error("retryable"),
    "requests": _requests,
    "requests_max": _requests_max,
    "first_row_cost": _first_row_cost,
    "first_status": _same("first status", lambda played: played.rows[0].status if played.rows else None),
    "wait_s_min": _wait_s_min,
    "wait_s_max": _wait_s_max,
    "took_s_max": _took_s_max,
    "retry_after_s_min": _retry_after_s_min,
    "cost": _cost,
    "absent": _absent,
    "second_call_requests": _second_call,
    "other_call": _other_call,
    "requests_elsewhere": _elsewhere,
}


def _by_words(played: Played) -> Iterator[Complaint]:
    """What the expectation says in words beside its figures."""
    expect = played.case.expect
    if not played.used and "nothing booked" in expect and "for the first" not in expect:
        own = [row for row in played.rows if row.status != "ok"]
        if any(row.cost_usd != 0 for row in own):
            yield Complaint("refused or paid twice", f"booked {[str(row.cost_usd) for row in own]}")
    if "; booked by its usage" in expect:
        yield from _first_row_cost("usage", played)
    if "higher limit" in expect and len(played.bodies) > 1 and not _limit(played.bodies[1]) > _limit(played.bodies[0]):
        yield Complaint("otherwise", "the second request has no higher limit of tokens")
    if "one log line" in expect and played.came.requests > 1:
        lines = [text for text in played.said if _parameter(played.case) in text]
        if len(lines) != 1:
            yield Complaint("otherwise", f"{len(lines)} log lines name {_parameter(played.case)}")


def _limit(body: dict[str, Any]) -> int:
    return body.get("max_completion_tokens") or body.get("max_tokens") or body.get("max_output_tokens") or 0


def _parameter(case: Situation) -> str:
    formats = ("schema_groq", "format_unavailable", "lmstudio", "strict")
    if case.id.endswith(formats):
        return "response_format"
    return "temperature" if case.id.endswith("temperature") else "max_"


def _of_case(played: Played) -> Iterator[Complaint]:
    name = played.case.id.removeprefix("r3.prov.")
    if name in _BOOKED and played.used and not _BOOKED[name](played.rows[0], played.rows[-1]):
        row = played.rows[-1]
        booked = f"booked {row.input_tokens}+{row.output_tokens}, {row.cost_usd}, estimated {row.cost_estimated}"
        yield Complaint("silently wrong" if not row.cost_usd else "otherwise", booked)
    if name == "429.infinity" and not played.used:
        after = getattr(played.came.error, "retry_after_s", None)
        if getattr(played.came.error, "reason", "") != "rate_limited" or after is None or not math.isfinite(after):
            yield Complaint("refused or paid twice", f"retry_after_s {after}")
    if name == "bound.error_5mb" and any(len(row.error or "") > 1000 for row in played.rows):
        yield Complaint("otherwise", "a long error in the row")
    if name == "bound.deflate_bomb" and (played.watch.memory_mb > 150 or played.watch.stopped_s > 0.5):
        words = f"{played.watch.memory_mb:.0f} MB more, the loop stopped for {played.watch.stopped_s:.2f} s"
        yield Complaint("otherwise", words)
    if name == "param.stuck" and "max_completion_tokens" not in f"{played.came.error} {played.rows[-1].error}":
        yield Complaint("otherwise", "the parameter is not named")


def _usage(first: Attempt, last: Attempt) -> bool:
    return last.cost_usd == price_of("writer-1", 812, 64) and not last.cost_estimated


def _estimated(first: Attempt, last: Attempt) -> bool:
    return bool(last.cost_usd) and last.cost_estimated


_BOOKED: dict[str, Callable[[Attempt, Attempt], bool]] = {
    "env.usage_missing": _estimated,
    "env.usage_null": _estimated,
    "env.usage_list": _estimated,
    "env.usage_total_only": _estimated,
    "env.usage_negative": _estimated,
    "resp.usage_null": _estimated,
    "env.usage_nan": lambda first, last: _estimated(first, last) or first is not last,
    "env.usage_null_parts": lambda first, last: _estimated(first, last) and last.input_tokens == 812,
    "env.usage_strings": lambda first, last: _usage(first, last) or _estimated(first, last),
    "env.usage_floats": lambda first, last: _usage(first, last) or _estimated(first, last),
    "env.usage_details_null": _usage,
    "env.model_null": _usage,
    "env.model_blank": _usage,
}
"""How the row of the answer must be booked, by case."""
