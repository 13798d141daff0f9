"""The gates of a service: the gate comes first, then a place, and whoever goes away leaves both as they were."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from pydantic_ai import ModelResponse
from pydantic_ai.exceptions import ConcurrencyLimitExceeded, ModelServerError
from pydantic_ai.models import Model
from pydantic_ai.models.test import TestModel

from agents.chain import Chain
from agents.evidence import Verdict
from agents.gates import Gates
from agents.places import Places
from agents.price_sources import Prices
from agents.sending import Attempts, Inspection
from agents.visitors import GateClosed, Visitor
from deps.call import Deadline
from deps.clock import Clock
from models.attempt import Attempt
from tests.clocks import LoopClock, StoppedClock, in_no_time
from tests.test_call import NoLedger, new_call


def new_gates(clock: Clock, *, at_once: int = 100, most_waiting: int = 1_000) -> Gates:
    return Gates(places=Places(at_once, most_waiting=most_waiting), first_wait_s=0.5, clock=clock)


class Host:
    """Sends requests through gates; each is under way until the test ends it."""

    def __init__(self, *, at_once: int = 100, most_waiting: int = 1_000) -> None:
        self.clock = StoppedClock()
        self.gates = new_gates(self.clock, at_once=at_once, most_waiting=most_waiting)
        self.under_way: dict[asyncio.Task[str], asyncio.Future[Verdict]] = {}
        self.visitors: dict[asyncio.Task[str], Visitor] = {}

    async def begins(
        self, business_id: str = "a", *, keys: Sequence[str] = ("m",), left: int = 3, ends_at: float = 45
    ) -> asyncio.Task[str]:
        """Return the task of a request that is under way, or waits."""
        visitor = Visitor(business_id=business_id, attempts_left=left, ends_at=ends_at, last_chance_at=ends_at / 2)
        task = asyncio.create_task(self._send(visitor, keys))
        self.visitors[task] = visitor
        await settled()
        return task

    async def _send(self, visitor: Visitor, keys: Sequence[str]) -> str:
        async with self.gates.turn(visitor, keys, refusable=True) as turn:
            turn.gate.begin(turn)
            task = asyncio.current_task()
            assert task is not None
            ending = self.under_way[task] = asyncio.get_running_loop().create_future()
            try:
                turn.verdict = await ending
            finally:
                del self.under_way[task]
            return turn.gate.key

    async def ends(self, task: asyncio.Task[str], verdict: Verdict) -> str:
        self.under_way[task].set_result(verdict)
        await settled()
        return task.result()

    async def is_out(self, key: str = "m") -> None:
        for _ in range(2):
            await self.ends(await self.begins(keys=[key]), "down")

    async def after(self, seconds: float) -> None:
        self.clock.pass_s(seconds)
        await settled()


async def settled() -> None:
    """Let all tasks go on until they wait."""
    for _ in range(10):
        await asyncio.sleep(0)


@asynccontextmanager
async def unharmed(host: Host) -> AsyncGenerator[None]:
    """Check after the body, in which tasks go away, that as many can send as before."""
    yield
    assert host.under_way == {}
    tasks = [await host.begins(f"{number}") for number in range(10)]
    await host.after(2)
    while host.under_way:
        await host.ends(next(iter(host.under_way)), "up")
    assert [task.result() for task in tasks] == ["m"] * 10


@pytest.mark.parametrize("at", ["at the gate", "with the probe", "at the place", "under way"])
async def test_one_that_is_cancelled_leaves_gate_and_places_as_they_were(at: str) -> None:
    host = Host(at_once=1)
    async with unharmed(host):
        if at in ("at the gate", "with the probe"):
            await host.is_out()
        tasks = [await host.begins() for _ in range(2)]
        if at == "with the probe":
            await host.after(0.5)
        assert len(host.under_way) == (at != "at the gate")
        chosen = next(task for task in tasks if (task in host.under_way) == (at in ("with the probe", "under way")))

        chosen.cancel()
        await settled()
        other = next(task for task in tasks if task is not chosen)
        if at == "at the gate":
            await host.after(0.5)
        await host.ends(other, "up")

        assert chosen.cancelled()


@pytest.mark.parametrize("waits_for", ["gate", "place"])
async def test_one_that_is_cancelled_in_the_moment_it_may_go_on_lets_the_next_one_go_on(waits_for: str) -> None:
    host = Host(at_once=1)
    async with unharmed(host):
        if waits_for == "gate":
            await host.is_out()
            first, second = await host.begins(), await host.begins()
            granted = host.visitors[first].granted
            assert granted is not None
            host.clock.pass_s(0.5)
            while not granted.done():
                await asyncio.sleep(0)
        else:
            holds, first, second = [await host.begins() for _ in range(3)]
            host.under_way[holds].set_result("up")
            while not holds.done():
                await asyncio.sleep(0)
        assert first not in host.under_way
        first.cancel()  # its turn or its place was given to it in this very step
        await settled()

        assert first.cancelled()
        await host.ends(second, "up")


async def test_a_deadline_that_passes_while_waiting_turns_away_and_leaves_no_trace() -> None:
    host = Host()
    async with unharmed(host):
        await host.is_out()
        first = await host.begins(ends_at=100)
        second = await host.begins(ends_at=5)
        await host.after(0.5)
        assert list(host.under_way) == [first]

        await host.after(4.5)

        assert isinstance(second.exception(), GateClosed)
        await host.ends(first, "down")


async def test_one_that_waits_holds_no_place() -> None:
    host = Host(at_once=2)
    await host.is_out()
    waiting = [await host.begins() for _ in range(20)]

    others = [await host.begins(keys=["other"]) for _ in range(2)]

    assert list(host.under_way) == others
    for task in waiting:
        task.cancel()


async def test_one_whose_gate_closes_while_it_waits_for_a_place_waits_at_the_gate_again() -> None:
    host = Host(at_once=1)
    await host.ends(await host.begins(), "down")
    failing, waiting, other = [await host.begins(keys=[key]) for key in ("m", "m", "other")]

    await host.ends(failing, "down")

    assert list(host.under_way) == [other]
    await host.after(0.5)
    await host.ends(other, "up")
    assert await host.ends(waiting, "up") == "m"


async def test_places_go_round_by_business() -> None:
    host, order = Host(at_once=1), list[str]()
    first = await host.begins("a")
    names = {await host.begins(business): business for business in ("a", "a", "a", "b", "c")}
    await host.ends(first, "up")
    while host.under_way:
        (task,) = host.under_way
        order.append(names[task])
        await host.ends(task, "up")

    assert order == ["a", "b", "c", "a", "a"]


async def test_a_model_that_hangs_leaves_another_a_fourth_of_the_places() -> None:
    host = Host(at_once=8)
    hanging = [await host.begins() for _ in range(20)]
    others = [await host.begins(keys=["other"]) for _ in range(5)]

    assert list(host.under_way) == [*hanging[:8], *others[:2]]


@pytest.mark.parametrize("hangs", [True, False])
async def test_two_hundred_calls_of_a_dead_model_keep_nobody_waiting_and_nobody_is_refused(hangs: bool) -> None:
    host = Host(most_waiting=100)
    dead = [await host.begins(f"{number % 7}") for number in range(200)]
    while not hangs and (failing := next((task for task in dead if task in host.under_way), None)):
        await host.ends(failing, "down")

    others = [await host.begins(keys=["other"]) for _ in range(25)]

    assert [task in host.under_way for task in others] == [True] * 25
    refused = [task for task in dead if task.done() and task.exception() is not None]
    assert refused == []


async def test_one_more_than_may_wait_for_a_place_is_refused() -> None:
    host = Host(at_once=1, most_waiting=1)
    _, _, refused = [await host.begins() for _ in range(3)]

    assert isinstance(refused.exception(), ConcurrencyLimitExceeded)


async def test_a_closed_gate_is_passed_over_while_another_is_open() -> None:
    host = Host()
    await host.is_out()

    assert await host.ends(await host.begins(keys=["m", "fallback"]), "up") == "fallback"

    await host.is_out("fallback")
    waits = await host.begins(keys=["m", "fallback"])
    await host.after(0.5)
    assert await host.ends(waits, "up") in ("m", "fallback")


async def test_a_fallback_serves_while_one_call_probes() -> None:
    host = Host()
    await host.is_out()
    await host.after(0.5)

    probe, other = [await host.begins(keys=["m", "fallback"]) for _ in range(2)]

    assert [await host.ends(probe, "up"), await host.ends(other, "up")] == ["m", "fallback"]
    assert await host.ends(await host.begins(keys=["m", "fallback"]), "up") == "m"


class NoRoom(NoLedger):
    async def open(self, attempt: Attempt) -> None:
        raise BlockingIOError("no room in a budget")


async def sent_after_s(*ledgers: NoLedger) -> list[float]:
    """Return when requests are sent to a model that fails twice and comes back, by calls that wait side by side."""
    clock, sent = LoopClock(), list[float]()
    chain = Chain((TestModel(),), new_gates(clock), Prices(None))

    async def answer(model: Model) -> ModelResponse:
        sent.append(clock.monotonic())
        if len(sent) <= 2:
            raise ModelServerError(model.model_name, "")
        return ModelResponse([])

    def asked(ledger: NoLedger, attempts: int) -> Awaitable[object]:
        call = replace(new_call(), ledger=ledger, deadline=Deadline.after(45, clock), max_attempts=attempts)
        sending = Attempts(call, chain, prompt_version="p")
        return sending.send(answer, request_bytes=1, inspect=lambda answer: Inspection(""))

    await asyncio.gather(asked(NoLedger(), 2), return_exceptions=True)
    await asyncio.gather(*(asked(ledger, 3) for ledger in ledgers), return_exceptions=True)
    return sent


def test_a_call_that_its_ledger_refuses_passes_the_probe_on_at_once() -> None:
    _, failed_at, probed_at = in_no_time(sent_after_s(NoRoom(), NoRoom(), NoLedger()))

    assert probed_at - failed_at <= 0.5
