"""One gate on a stopped clock: when it closes, who probes, who passes after the first success."""

import asyncio

import pytest

from agents.evidence import Verdict
from agents.gate import Gate
from agents.visitors import GateClosed, Turn, Visitor
from agents.waits import Waits
from tests.clocks import StoppedClock


class Scene:
    """A gate whose waits are not jittered, and those who come to it."""

    def __init__(self, first_wait_s: float = 0.5) -> None:
        self.clock = StoppedClock()
        self.gate = Gate("model", waits=Waits(first_wait_s, jitter=lambda wait_s: wait_s), clock=self.clock)

    def visitor(
        self, business_id: str = "a", *, left: int = 3, ends_at: float = 45, last_chance_at: float = 25
    ) -> Visitor:
        return Visitor(business_id=business_id, attempts_left=left, ends_at=ends_at, last_chance_at=last_chance_at)

    def passes(self, visitor: Visitor | None = None) -> Turn:
        """Send a request that need not wait."""
        turn = self.gate.turn_now(visitor or self.visitor(), has_other=False)
        assert turn is not None
        self.gate.begin(turn)
        return turn

    def ends(self, turn: Turn, verdict: Verdict, hold_s: float | None = None) -> None:
        turn.verdict, turn.hold_s = verdict, hold_s
        self.gate.end(turn)

    def is_out(self) -> None:
        """Close the gate: three requests at once fail."""
        for turn in [self.passes() for _ in range(3)]:
            self.ends(turn, "down")

    def waits(self, *visitors: Visitor) -> None:
        for visitor in visitors:
            visitor.gates, visitor.granted = [self.gate], asyncio.get_running_loop().create_future()
            self.gate.join(visitor)
            visitor.look_ahead()

    async def after(self, seconds: float) -> None:
        await asyncio.sleep(0)  # the alarm is set
        self.clock.pass_s(seconds)
        for _ in range(3):
            await asyncio.sleep(0)

    async def fails(self, prober: Visitor) -> None:
        """Let a probe fail; its question comes again, where it has an attempt left."""
        self.ends(turn_of(prober), "down")
        prober.attempts_left -= 1
        if prober.attempts_left:
            self.waits(prober)


def turn_of(visitor: Visitor) -> Turn:
    assert visitor.granted is not None
    return visitor.granted.result()


def passed(*visitors: Visitor) -> list[bool]:
    return [not visitor.waits for visitor in visitors]


async def test_while_it_is_closed_one_probes_and_the_others_wait() -> None:
    scene = Scene()
    scene.is_out()
    first, second = scene.visitor(), scene.visitor()
    scene.waits(first, second)

    await scene.after(0.49)
    assert passed(first, second) == [False, False]
    await scene.after(0.01)
    assert passed(first, second) == [True, False]
    await scene.after(100)
    assert passed(first, second) == [True, False]


async def test_the_wait_grows_to_two_seconds() -> None:
    scene, waits_s = Scene(), list[float]()
    scene.is_out()
    prober = scene.visitor(left=9, ends_at=1000)
    for _ in range(5):
        scene.waits(prober)
        waits_s.append(scene.gate.comes_back_after_s() or 0)
        await scene.after(waits_s[-1])
        scene.ends(turn_of(prober), "down")

    assert waits_s == [0.5, 1, 2, 2, 2]


def test_waits_are_jittered_downwards_only() -> None:
    waits = Waits(2)

    drawn = [waits.next_s() for _ in range(200)]

    assert 1.5 <= min(drawn) < max(drawn) <= 2


async def test_a_new_outage_begins_at_the_first_wait() -> None:
    scene, prober = Scene(), None
    scene.is_out()
    prober = scene.visitor()
    scene.waits(prober)
    await scene.after(0.5)
    await scene.fails(prober)
    await scene.after(1)
    scene.ends(turn_of(prober), "up")

    scene.is_out()

    assert scene.gate.comes_back_after_s() == 0.5


async def test_a_gate_that_stood_idle_begins_at_the_first_wait() -> None:
    scene = Scene()
    scene.is_out()
    prober = scene.visitor(left=2)
    scene.waits(prober)
    await scene.after(0.5)
    scene.ends(turn_of(prober), "down")
    await scene.after(60)

    scene.ends(scene.passes(), "down")

    assert scene.gate.comes_back_after_s() == 0.5


async def test_who_probes_goes_on_until_one_attempt_is_left_and_then_who_has_most() -> None:
    scene, order = Scene(), list[str]()
    scene.is_out()
    two, three, late = scene.visitor("two", left=2), scene.visitor("three"), scene.visitor("late")
    scene.waits(two, three, late)
    for _ in range(5):
        await scene.after(2)
        (prober,) = [each for each in (two, three, late) if not each.waits]
        order.append(prober.business_id)
        await scene.fails(prober)

    assert order == ["three", "three", "late", "late", "two"]
    assert [each.attempts_left for each in (two, three, late)] == [1, 1, 1]


async def test_a_last_attempt_is_spent_by_a_sole_waiter_alone_or_when_waiting_gains_nothing() -> None:
    scene = Scene()
    scene.is_out()
    one, other = scene.visitor(left=1, last_chance_at=25), scene.visitor(left=1, last_chance_at=26)
    scene.waits(one, other)

    await scene.after(24)
    assert passed(one, other) == [False, False]
    await scene.after(1)
    assert passed(one, other) == [True, False]
    scene.ends(turn_of(one), "down")
    await scene.after(0.99)
    assert passed(other) == [False]
    await scene.after(0.01)
    assert passed(other) == [True]


async def test_probes_go_round_by_business() -> None:
    scene, order = Scene(), list[str]()
    scene.is_out()
    waiting = [scene.visitor(business, left=2) for business in ("a", "a", "a", "b", "c")]
    scene.waits(*waiting)
    for _ in waiting:
        await scene.after(2)
        prober = next(each for each in waiting if not each.waits)
        order.append(prober.business_id)
        await scene.fails(prober)

    assert order == ["a", "b", "c", "a", "a"]


async def test_the_first_success_lets_a_few_pass_at_a_time() -> None:
    scene = Scene()
    scene.is_out()
    waiting = [scene.visitor() for _ in range(12)]
    scene.waits(*waiting)
    await scene.after(0.5)
    counts = [sum(passed(*waiting))]
    ended = 0
    while ended < 6:
        under_way = [each for each in waiting if not each.waits][ended:]
        scene.ends(turn_of(under_way[0]), "up")
        ended += 1
        counts.append(sum(passed(*waiting)))

    assert counts == [1, 4, 6, 8, 10, 12, 12]


async def test_requests_that_still_hang_from_before_keep_nobody_waiting() -> None:
    scene = Scene()
    hanging = [scene.passes() for _ in range(20)]
    for turn in hanging[:3]:
        scene.ends(turn, "down")
    waiting = [scene.visitor() for _ in range(4)]
    scene.waits(*waiting)
    await scene.after(0.5)

    scene.ends(turn_of(waiting[0]), "up")
    assert passed(*waiting) == [True] * 4
    for turn in hanging[3:]:
        scene.ends(turn, "down")
    assert not scene.gate.is_closed


@pytest.mark.parametrize("verdict", ["nothing", "up"])
async def test_after_a_probe_that_sends_nothing_the_next_one_passes_at_once(verdict: Verdict) -> None:
    scene = Scene()
    scene.is_out()
    first, second = scene.visitor(), scene.visitor()
    scene.waits(first, second)
    await scene.after(0.5)

    scene.ends(turn_of(first), verdict)

    assert passed(second) == [True]
    assert scene.gate.is_closed == (verdict == "nothing")


async def test_a_429_holds_all_for_as_long_as_it_says_and_a_minute_at_most() -> None:
    held_s = dict[float | None, float | None]()
    for asked_s in (None, 0.1, 7, 60, 3600):
        scene = Scene()
        others = [scene.passes(), scene.passes()]
        scene.ends(scene.passes(), "limited", asked_s)
        scene.ends(others[0], "up")  # sent before it
        scene.ends(others[1], "limited", None)
        assert scene.gate.is_closed
        held_s[asked_s] = scene.gate.comes_back_after_s()

    assert held_s == {None: 0.5, 0.1: 0.5, 7: 7, 60: 60, 3600: 60}


async def test_after_a_hold_requests_pass_as_far_apart_as_the_limit_let_them() -> None:
    scene = Scene()
    turns = [scene.passes() for _ in range(6)]
    for turn in turns[:5]:
        scene.ends(turn, "up")
    scene.ends(turns[5], "limited", 1)
    waiting = [scene.visitor() for _ in range(4)]
    scene.waits(*waiting)
    await scene.after(1)
    scene.ends(turn_of(waiting[0]), "up")

    counts = list[int]()
    for _ in range(3):
        counts.append(sum(passed(*waiting)))
        await scene.after(0.2)

    assert counts == [2, 3, 4]


async def test_who_cannot_see_the_next_probe_is_turned_away_at_once() -> None:
    scene = Scene()
    early, late = scene.visitor(ends_at=5), scene.visitor(ends_at=8)
    turn = scene.passes()
    scene.ends(scene.passes(), "limited", 1)
    scene.waits(early, late)

    scene.ends(turn, "limited", 7)

    assert early.granted is not None
    assert isinstance(early.granted.exception(), GateClosed)
    assert late.waits


async def test_one_that_went_away_with_its_turn_leaves_the_gate_as_it_was() -> None:
    scene = Scene()
    scene.is_out()
    first, second = scene.visitor(), scene.visitor()
    scene.waits(first, second)
    assert first.granted is not None
    first.granted.cancel()
    scene.gate.leave(first)

    await scene.after(0.5)

    assert passed(second) == [True]
    assert scene.gate.turn_now(scene.visitor(), has_other=False) is None


async def test_where_another_model_serves_no_last_attempt_probes() -> None:
    scene = Scene()
    scene.is_out()
    await scene.after(10)

    assert scene.gate.turn_now(scene.visitor(left=1), has_other=True) is None
    assert scene.gate.turn_now(scene.visitor(left=2), has_other=True) is not None
