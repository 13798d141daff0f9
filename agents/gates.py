"""The gates of one service, and how a request passes them: first the gate, then a place."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager

from agents.gate import Gate
from agents.places import Places
from agents.visitors import GateClosed, Turn, Visitor
from agents.waits import Waits
from deps.clock import Clock


class Gates:
    """A gate for each key, endpoint and model that is used, and the places that all share."""

    def __init__(self, *, places: Places, first_wait_s: float, clock: Clock) -> None:
        self._places = places
        self._new_waits: Callable[[], Waits] = lambda: Waits(first_wait_s)
        self._clock = clock
        self._gates: dict[str, Gate] = {}

    def gate(self, key: str) -> Gate:
        """Return the gate of a model."""
        if key not in self._gates:
            self._gates[key] = Gate(key, waits=self._new_waits(), clock=self._clock)
        return self._gates[key]

    @asynccontextmanager
    async def turn(self, visitor: Visitor, keys: Sequence[str], *, refusable: bool) -> AsyncGenerator[Turn]:
        """Wait for a gate and then for a place, and hold both within the block: `turn.gate.key` says which gate.

        `keys` are the models that may serve, the preferred one first: one whose gate is closed is passed over while
        another's is open. Raises GateClosed where the visitor's time ends before a probe, ConcurrencyLimitExceeded
        where it is `refusable` and too many wait for a place.
        """
        turn = await self._with_place(visitor, [self.gate(key) for key in keys], refusable=refusable)
        try:
            yield turn
        finally:
            self._places.give_back(turn.gate.key)
            turn.gate.end(turn)

    async def _with_place(self, visitor: Visitor, gates: Sequence[Gate], *, refusable: bool) -> Turn:
        """Return a turn once there is a place for it. Where the gate closed meanwhile, wait at it again."""
        while True:
            turn = await self._passed(visitor, gates)
            try:
                await self._places.take(visitor.business_id, turn.gate.key, refusable=refusable)
            except BaseException:
                turn.gate.end(turn)
                raise
            if turn.is_valid:
                return turn
            self._places.give_back(turn.gate.key)
            turn.gate.end(turn)

    async def _passed(self, visitor: Visitor, gates: Sequence[Gate]) -> Turn:
        for gate in gates:
            if turn := gate.turn_now(visitor, has_other=len(gates) > 1):
                return turn
        visitor.gates, visitor.granted = list(gates), asyncio.get_running_loop().create_future()
        try:
            for gate in gates:
                gate.join(visitor)
            visitor.look_ahead()
            async with self._clock.timeout(visitor.ends_at - self._clock.monotonic()):
                return await visitor.granted
        except BaseException as error:
            _hand_back(visitor)
            if isinstance(error, TimeoutError):
                raise GateClosed("the model was out until the deadline") from None
            raise
        finally:
            for gate in gates:
                gate.leave(visitor)


def _hand_back(visitor: Visitor) -> None:
    """End a turn that was given in the same moment in which its visitor went away."""
    granted = visitor.granted
    if granted is not None and granted.done() and not granted.cancelled() and granted.exception() is None:
        turn = granted.result()
        turn.gate.end(turn)
