"""The gate of one key, endpoint and model: open while the model answers, closed while it is out or limits the rate.

It is a state that all calls share. Its methods wait for nothing, so that no cancellation comes between.
"""

import asyncio

from agents.evidence import Evidence
from agents.pace import Pace
from agents.rotation import Rotation
from agents.visitors import Turn, Visitor
from agents.waits import Waits
from deps.clock import Clock

_MOST_HOLD_S = 60.0
_FIRST_FEW = 3
"""How many pass at once after the first success; one more with each further success."""
_TOLERANCE_S = 1e-6
"""A moment counts as come so much earlier: clocks add up floats."""


class Gate:
    """One gate. `key` names it."""

    def __init__(self, key: str, *, waits: Waits, clock: Clock) -> None:
        self.key = key
        self.is_closed = False
        """Whether only a probe passes."""
        self.closings = 0
        """How often it closed, or was held anew."""
        self._clock = clock
        self._waits = waits
        self._evidence = Evidence()
        self._pace = Pace()
        self._held = False
        self._due_at = 0.0
        """When the next probe is due."""
        self._few: int | None = None
        """How many may be under way while it opens; None: as many as come."""
        self._under_way = 0
        """How many of the turns that were given since it closed last have not ended."""
        self._probe: Turn | None = None
        self._prober: Visitor | None = None
        """Whose request failed last: it goes on."""
        self._waiting: Rotation[Visitor] = Rotation()
        self._alarm: tuple[float, asyncio.Task[None]] | None = None

    def comes_back_after_s(self) -> float | None:
        """Return the seconds after which a call may come back; None where the gate is open."""
        if not self.is_closed:
            return None
        return max(self._due_at - self._clock.monotonic(), self._waits.first_s)

    def is_too_late(self, visitor: Visitor) -> bool:
        """Return whether the next probe comes after a visitor's end; one that is under way is not too late."""
        return self.is_closed and self._probe is None and self._due_at >= visitor.ends_at

    def turn_now(self, visitor: Visitor, *, has_other: bool) -> Turn | None:
        """Return a turn where it can be had without waiting. Where another model serves, no last attempt probes."""
        if len(self._waiting):
            return None
        if self.is_closed:
            self._note_idleness()
            may_probe = self._probe is None and self._has_come(self._due_at)
            return self._turn(visitor) if may_probe and not (has_other and visitor.attempts_left <= 1) else None
        return self._turn(visitor) if self._has_room() else None

    def join(self, visitor: Visitor) -> None:
        """Let a visitor wait here."""
        self._waiting.add(visitor.business_id, visitor)
        self._serve()

    def leave(self, visitor: Visitor) -> None:
        """Let a visitor go, with a turn or without."""
        self._waiting.remove(visitor.business_id, visitor)
        self._serve()

    def begin(self, turn: Turn) -> None:
        """Take in that a request is sent now."""
        turn.number, turn.began_at = self._evidence.begin(), self._clock.monotonic()

    def end(self, turn: Turn) -> None:
        """Take in how a turn ended, and let the next ones pass."""
        if turn.is_valid:
            self._under_way -= 1
        probed = turn is self._probe
        if probed:
            self._probe = None
        if turn.verdict == "up":
            self._note_success(turn, probed=probed)
        elif turn.verdict == "down":
            self._note_failure(turn, probed=probed)
        elif turn.verdict == "limited":
            self._note_limit(turn, probed=probed)
        self._serve()

    def _note_success(self, turn: Turn, *, probed: bool) -> None:
        self._pace.note_answer(turn.began_at)
        if self.is_closed and (probed or not self._held):
            self._open()
        elif self._few is not None:
            self._few += 1
        self._evidence.note_success()

    def _note_failure(self, turn: Turn, *, probed: bool) -> None:
        if probed or (not self.is_closed and self._evidence.note_failure(turn.number)):
            self._close(turn.visitor)

    def _note_limit(self, turn: Turn, *, probed: bool) -> None:
        """Hold all for as long as the provider says, else for the wait that all share."""
        begins = probed or not self.is_closed
        if turn.hold_s is None and (not begins or self._evidence.is_old(turn.number)):
            return
        now = self._clock.monotonic()
        hold_until = now + min(turn.hold_s or 0.0, _MOST_HOLD_S)
        if begins:
            self._close(turn.visitor, not_before=hold_until)
        else:
            self._put_off(max(self._due_at, hold_until))
        self._held = True
        self._pace.limit(now, self._due_at - now)

    def _close(self, failed: Visitor, *, not_before: float = 0.0) -> None:
        """Close, or stay closed after a probe that failed: the next probe is a wait away."""
        self.is_closed, self._few, self._prober = True, None, failed
        self._put_off(max(self._clock.monotonic() + self._waits.next_s(), not_before))

    def _put_off(self, until: float) -> None:
        self._due_at = until
        self.closings += 1
        self._under_way = 0
        for visitor in self._waiting:
            visitor.look_ahead()

    def _open(self) -> None:
        self.is_closed = self._held = False
        self._few, self._probe, self._prober = _FIRST_FEW, None, None
        self._waits.begin_anew()
        self._evidence.begin_anew()
        self._pace.resume()

    def _note_idleness(self) -> None:
        """Begin at the first wait again, where nobody was there when the last one was over."""
        if self._probe is None and self._clock.monotonic() > self._due_at + _TOLERANCE_S:
            self._waits.begin_anew()

    def _serve(self) -> None:
        """Let pass whoever may, and set the alarm for the moment from which another may."""
        while visitor := self._next():
            self._waiting.take(visitor.business_id, visitor)
            visitor.grant(self._turn(visitor))
        if not self.is_closed and not len(self._waiting):
            self._few = None
        self._set_alarm(self._next_at())

    def _next(self) -> Visitor | None:
        waiting = (visitor for visitor in self._waiting if visitor.waits)
        if not self.is_closed:
            # right after a success the risk is least: whoever has least left goes first
            return min(waiting, key=lambda visitor: visitor.attempts_left, default=None) if self._has_room() else None
        if self._probe is not None or not self._has_come(self._due_at):
            return None
        return self._next_prober(list(waiting))

    def _next_prober(self, waiting: list[Visitor]) -> Visitor | None:
        """Return who probes: the prober, else who has most attempts left.

        A last attempt is spent only where nobody else waits, or where waiting on gains it nothing.
        """
        able = [visitor for visitor in waiting if visitor.attempts_left > 1]
        if self._prober in able:
            return self._prober
        if able:
            return max(able, key=lambda visitor: visitor.attempts_left)
        if len(waiting) == 1:
            return waiting[0]
        return next((visitor for visitor in waiting if self._has_come(visitor.last_chance_at)), None)

    def _next_at(self) -> float | None:
        """Return the moment from which somebody may pass although nothing else happens."""
        waiting = [visitor for visitor in self._waiting if visitor.waits]
        if not waiting or self._probe is not None:
            return None
        if not self.is_closed:
            return self._pace.next_at if self._few is None or self._under_way < self._few else None
        if not self._has_come(self._due_at):
            return self._due_at
        return min(visitor.last_chance_at for visitor in waiting)

    def _turn(self, visitor: Visitor) -> Turn:
        turn = Turn(gate=self, visitor=visitor, closings=self.closings)
        self._under_way += 1
        if self.is_closed:
            self._probe = turn
        else:
            self._pace.begin(self._clock.monotonic())
        return turn

    def _has_room(self) -> bool:
        return (self._few is None or self._under_way < self._few) and self._has_come(self._pace.next_at)

    def _has_come(self, moment: float) -> bool:
        return self._clock.monotonic() >= moment - _TOLERANCE_S

    def _set_alarm(self, moment: float | None) -> None:
        if self._alarm is not None:
            if self._alarm[0] == moment:
                return
            self._alarm[1].cancel()
            self._alarm = None
        if moment is not None:
            self._alarm = moment, asyncio.create_task(self._ring(moment), name=f"gate of {self.key}")

    async def _ring(self, moment: float) -> None:
        await self._clock.sleep(max(0.0, moment - self._clock.monotonic()))
        self._alarm = None
        self._serve()
