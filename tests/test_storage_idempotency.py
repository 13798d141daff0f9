"""Idempotency keys: one call at a time has a key, its answer stays, and its failure does not."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import datetime, timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from storage.content import save_content
from storage.engine import writing
from storage.idempotency import Claim, Conflict, InFlight, KeyedCall, Mine, Stored, claim, give_up, renew
from storage.owners import close_lost
from tests.storage_children import children, race_for_a_key
from tests.storage_homes import Home, engine_on
from tests.storage_parts import BUSINESS_ID, NOON, draft

pytest_plugins = ["tests.storage_fixtures"]

LATER = NOON + timedelta(seconds=60)
"""When a lease taken at noon has just run out."""


class Desk:
    """Calls with the key `k` on one database, each in a transaction of its own."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine

    async def claim(
        self,
        request_id: str,
        *,
        fingerprint: str = "f",
        now: datetime = NOON,
        business_id: str = BUSINESS_ID,
        key: str = "k",
        owner: str = "me",
    ) -> Claim:
        call = KeyedCall(business_id=business_id, key=key, fingerprint=fingerprint, request_id=request_id, owner=owner)
        return await claim(self.engine, call, lease_s=60, now=now)

    async def renew(self, request_id: str, *, now: datetime) -> bool:
        return await renew(self.engine, self._call(request_id), lease_s=60, now=now)

    async def answer(self, request_id: str) -> None:
        await save_content(self.engine, draft(f"of {request_id}", request_id=request_id), idempotency_key="k")

    async def give_up(self, request_id: str) -> None:
        await give_up(self.engine, self._call(request_id))

    def _call(self, request_id: str) -> KeyedCall:
        return KeyedCall(business_id=BUSINESS_ID, key="k", fingerprint="f", request_id=request_id, owner="me")


@pytest.fixture
async def desk(home: Home) -> AsyncGenerator[Desk]:
    async with engine_on(home) as engine:
        yield Desk(engine)


async def test_the_first_who_claims_a_key_has_it_and_the_others_learn_who(desk: Desk) -> None:
    assert await desk.claim("first") == Mine()

    assert await desk.claim("second") == InFlight("first", LATER)


async def test_a_key_belongs_to_a_business(desk: Desk) -> None:
    assert await desk.claim("first") == Mine()

    assert await desk.claim("second", business_id="another") == Mine()
    assert await desk.claim("third", key="another") == Mine()


async def test_an_answer_is_given_to_every_later_call(desk: Desk) -> None:
    await desk.claim("first")

    await desk.answer("first")

    assert await desk.claim("second") == Stored("first", "of first")
    assert await desk.claim("third", now=NOON + timedelta(days=400)) == Stored("first", "of first")


async def test_a_failure_frees_the_key(desk: Desk) -> None:
    await desk.claim("first")

    await desk.give_up("first")

    assert await desk.claim("second", fingerprint="other arguments") == Mine()


@pytest.mark.parametrize("answered", [False, True])
async def test_a_key_given_with_other_arguments_is_a_conflict(desk: Desk, answered: bool) -> None:
    await desk.claim("first")
    if answered:
        await desk.answer("first")

    assert await desk.claim("second", fingerprint="other arguments") == Conflict()


async def test_a_lease_that_ran_out_is_taken_over_by_one(desk: Desk) -> None:
    await desk.claim("first")

    assert await desk.claim("second", now=LATER - timedelta(microseconds=1)) == InFlight("first", LATER)
    answers = await asyncio.gather(*(desk.claim(number, now=LATER) for number in "abc"))

    assert answers.count(Mine()) == 1


async def test_who_was_taken_over_can_neither_renew_nor_answer_nor_free_the_key(desk: Desk) -> None:
    await desk.claim("first")
    await desk.claim("second", now=LATER)

    assert not await desk.renew("first", now=LATER)
    await desk.answer("first")
    await desk.give_up("first")

    assert await desk.claim("third", now=LATER) == InFlight("second", LATER + timedelta(seconds=60))


async def test_a_lease_is_renewed_as_long_as_nobody_took_over(desk: Desk) -> None:
    await desk.claim("first")

    assert await desk.renew("first", now=LATER)

    assert await desk.claim("second", now=LATER) == InFlight("first", LATER + timedelta(seconds=60))


async def test_each_step_can_be_tried_again(desk: Desk) -> None:
    assert [await desk.claim("first"), await desk.claim("first")] == [Mine(), Mine()]
    for _ in range(2):
        await desk.answer("first")
    await desk.give_up("first")

    assert await desk.claim("second") == Stored("first", "of first")


async def test_the_keys_of_a_dead_owner_are_free_but_for_its_answers(desk: Desk) -> None:
    await desk.claim("first")
    await desk.answer("first")
    await desk.claim("second", key="under way")
    await desk.claim("third", key="of the living", owner="another")

    async with writing(desk.engine) as session:
        connection = await session.connection()
        await connection.run_sync(close_lost, ["me"])

    assert await desk.claim("new") == Stored("first", "of first")
    assert await desk.claim("new", key="under way") == Mine()
    assert await desk.claim("new", key="of the living") == InFlight("third", LATER)


async def test_of_many_calls_in_three_processes_one_gets_the_key(home: Home) -> None:
    with children(3, race_for_a_key, home.url) as racers:
        assert [racer.said() for racer in racers] == ["ready"] * 3
        for racer in racers:
            racer.tell(10)

        assert sum(racer.said() for racer in racers) == 1
