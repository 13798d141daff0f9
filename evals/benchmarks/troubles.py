"""What goes wrong with each request: by the fault plan, by the clock, or by how many come."""

from collections import Counter
from random import Random

from evals.benchmarks.modes import Mode
from evals.benchmarks.plan import Fault, Order, faults_of

_ORDERS = {Mode.FAULTS: Order.SHUFFLED, Mode.BURSTS: Order.BURSTS, Mode.IN_ORDER: Order.LISTED}
BLIPS_S = {Mode.BLIP_HALF: 0.5, Mode.BLIP_TWO: 2.0, Mode.BLIP_EIGHT: 8.0}
"""Seconds of each outage."""
_GOOD_BEFORE = 10
"""Fewer requests than this are answered before an outage; how many is drawn from its seconds."""
A_SECOND = 5
"""Requests that pass in a second where the rate is limited."""


class Troubles:
    """The faults of one run, and what it has seen so far. Moments are seconds of the monotonic clock."""

    def __init__(self) -> None:
        self._requests = 0
        self._asked: Counter[int | None] = Counter()
        self._began_at: float | None = None
        self._passed: Counter[int] = Counter()

    def asked(self, call: int | None) -> int:
        """Return how many requests of a call came, this one too."""
        return self._asked[call]

    def next(self, mode: Mode, call: int | None, now: float) -> Fault | None:
        """Return the fault of a request that comes now."""
        self._asked[call] += 1
        if mode is Mode.HANG:
            return Fault.HANG
        if mode is Mode.RETRY_AFTER:
            return Fault.RATE_LIMITED
        if call is None:
            return None
        if mode in _ORDERS:
            return self._planned(call, _ORDERS[mode])
        if mode in BLIPS_S:
            return self._in_outage(BLIPS_S[mode], now)
        return self._above_limit(now) if mode is Mode.LIMITED else None

    def _planned(self, call: int, order: Order) -> Fault | None:
        faults = faults_of(call, order)
        if Fault.UNAUTHORIZED in faults:
            return Fault.UNAUTHORIZED  # asking again never helps
        before = self._asked[call] - 1
        return faults[before] if before < len(faults) else None

    def _in_outage(self, seconds: float, now: float) -> Fault | None:
        self._requests += 1
        if self._began_at is None and self._requests > Random(seconds).randrange(_GOOD_BEFORE):
            self._began_at = now
        return Fault.UNAVAILABLE if self._began_at is not None and now < self._began_at + seconds else None

    def _above_limit(self, now: float) -> Fault | None:
        self._passed[int(now)] += 1
        return Fault.RATE_LIMITED if self._passed[int(now)] > A_SECOND else None
