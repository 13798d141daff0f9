"""The places for requests under way: so many at once in a process, handed on from business to business."""

import asyncio
from collections import Counter
from dataclasses import dataclass

from pydantic_ai.exceptions import ConcurrencyLimitExceeded

from agents.rotation import Rotation

_OWN_SHARE = 4
"""A fourth of the places, one at least, is each model's own, whatever others hold: a model that hangs takes all."""


@dataclass(eq=False)
class _Waiting:
    business_id: str
    model_key: str
    granted: asyncio.Future[None]


class Places:
    """The places of one service. A place is held from right before a request is sent until it is answered."""

    def __init__(self, at_once: int, *, most_waiting: int) -> None:
        self._at_once = at_once
        self._own = max(1, at_once // _OWN_SHARE)
        self._most_waiting = most_waiting
        self._held: Counter[str] = Counter()
        self._waiting: Rotation[_Waiting] = Rotation()

    async def take(self, business_id: str, model_key: str, *, refusable: bool) -> None:
        """Take a place, in turn with other businesses.

        With `refusable`, raises ConcurrencyLimitExceeded where too many wait already.
        """
        if self._has_room(model_key):
            self._held[model_key] += 1
            return
        if refusable and len(self._waiting) >= self._most_waiting:
            raise ConcurrencyLimitExceeded(f"{self._at_once} requests are under way and {len(self._waiting)} wait")
        waiting = _Waiting(business_id, model_key, asyncio.get_running_loop().create_future())
        self._waiting.add(business_id, waiting)
        try:
            await waiting.granted
        except asyncio.CancelledError:
            if waiting.granted.done() and not waiting.granted.cancelled():
                self.give_back(model_key)  # it was granted in the same moment
            raise
        finally:
            self._waiting.remove(business_id, waiting)

    def give_back(self, model_key: str) -> None:
        """Give a place back: the next one takes it."""
        self._held[model_key] -= 1
        while following := next((each for each in self._waiting if self._is_next(each)), None):
            self._waiting.take(following.business_id, following)
            self._held[following.model_key] += 1
            following.granted.set_result(None)

    def _is_next(self, waiting: _Waiting) -> bool:
        return not waiting.granted.done() and self._has_room(waiting.model_key)

    def _has_room(self, model_key: str) -> bool:
        return self._held.total() < self._at_once or self._held[model_key] < self._own
