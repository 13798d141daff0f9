"""What a dead process left open is closed by the others, and what a live one has open is left alone."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import col

from models.records import BudgetState
from storage import ledger as ledger_module
from storage.budgets import budgets, set_budget
from storage.engine import reading, writing
from storage.idempotency import Claim, InFlight, KeyedCall, Mine, claim
from storage.ledger import SqlLedger
from storage.log_rows import INSERT, opening
from storage.owners import beat
from storage.processes import Process, this_process
from storage.reservations import BudgetKey
from storage.tables import OwnerRow, utc_now
from tests.storage_children import children, in_a_call
from tests.storage_homes import Home, engine_on
from tests.storage_parts import BUSINESS_ID, NOON, answered, rows_of, sent

pytest_plugins = ["tests.storage_fixtures"]

ELSEWHERE = Process("another host", 1, "1")


async def owners(engine: AsyncEngine) -> list[str]:
    async with reading(engine) as session:
        return [*await session.scalars(select(col(OwnerRow.id)).order_by(col(OwnerRow.id)))]


async def budget(engine: AsyncEngine) -> BudgetState:
    [state] = await budgets(engine, BUSINESS_ID, at=NOON)
    return state


async def claimed(engine: AsyncEngine, request_id: str) -> Claim:
    call = KeyedCall(business_id=BUSINESS_ID, key="k", fingerprint="f", request_id=request_id, owner="o")
    return await claim(engine, call, lease_s=60, now=NOON)


async def limited(engine: AsyncEngine) -> None:
    await set_budget(engine, BudgetKey(BUSINESS_ID, "business", BUSINESS_ID, "total"), Decimal(2))


async def test_what_a_killed_process_left_open_is_closed_when_the_next_ledger_starts(home: Home) -> None:
    async with engine_on(home) as engine:
        await limited(engine)
        with children(1, in_a_call, home.url) as [child]:
            child.said()
            child.kill()

        async with SqlLedger(engine):
            first, second = await rows_of(engine, sent(request_id="r"))
            assert first.status == "ok"
            assert (second.status, second.cost_usd, second.input_tokens, second.cost_estimated) == (
                "lost",
                Decimal("0.5"),
                900,
                True,
            )
            assert second.finished_at is not None
            assert second.error == "never settled: its process died or closed the ledger first"
            state = await budget(engine)
            assert (state.spent_usd, state.reserved_usd) == (Decimal("0.504200000001"), 0)
            assert await claimed(engine, "another") == Mine()


async def test_several_who_find_it_dead_at_once_close_it_once(home: Home) -> None:
    async with engine_on(home) as engine:
        await limited(engine)
        with children(1, in_a_call, home.url) as [child]:
            child.said()
            child.kill()

        ledgers = [SqlLedger(engine) for _ in range(3)]
        await asyncio.gather(*(ledger.__aenter__() for ledger in ledgers))

        state = await budget(engine)
        assert (state.spent_usd, state.reserved_usd) == (Decimal("0.504200000001"), 0)
        for ledger in ledgers:
            await ledger.__aexit__(None, None, None)


async def test_what_a_live_process_has_open_is_left_alone(home: Home) -> None:
    async with engine_on(home) as engine:
        await limited(engine)
        with children(1, in_a_call, home.url) as [child]:
            alive = child.said()

            async with SqlLedger(engine) as ledger:
                assert await owners(engine) == sorted([alive, ledger.owner])
                assert [row.status for row in await rows_of(engine, sent(request_id="r"))] == ["ok", "sent"]
                assert (await budget(engine)).reserved_usd == Decimal("0.5")
                assert isinstance(await claimed(engine, "another"), InFlight)


async def test_a_ledger_that_is_closed_leaves_nothing_open(home: Home) -> None:
    async with engine_on(home) as engine:
        async with SqlLedger(engine) as ledger:
            await ledger.open(sent(request_id="r"))

        assert [row.status for row in await rows_of(engine, sent(request_id="r"))] == ["lost"]
        assert await owners(engine) == []


async def test_an_outcome_that_comes_after_all_takes_the_place_of_lost(home: Home) -> None:
    attempt = sent()

    async with engine_on(home) as engine, SqlLedger(engine) as ledger:
        await ledger.open(attempt)
        async with writing(engine) as session:
            await session.execute(text("UPDATE ai_logs SET status = 'lost'"))
        ledger.settle(answered(attempt))
        await ledger.flush()

        assert await rows_of(engine, attempt) == [answered(attempt)]


async def add_owner(engine: AsyncEngine, owner: str, process: Process, *, silent_s: float = 0) -> None:
    seen_at = utc_now() - timedelta(seconds=silent_s)
    async with writing(engine) as session:
        session.add(OwnerRow(id=owner, host=process.host, pid=process.pid, began=process.began, seen_at=seen_at))


async def beat_of(engine: AsyncEngine, owner: str) -> None:
    async with writing(engine) as session:
        connection = await session.connection()
        await connection.run_sync(beat, owner, this_process())


async def add_open_row(engine: AsyncEngine, owner: str) -> None:
    async with writing(engine) as session:
        await session.execute(INSERT, opening(sent(request_id="r"), owner=owner))


async def status(engine: AsyncEngine) -> list[str]:
    return [row.status for row in await rows_of(engine, sent(request_id="r"))]


@pytest.mark.parametrize(
    ("process", "silent_s", "found", "remembered"),
    [
        pytest.param(this_process(), 3600, "sent", True, id="alive, if silent"),
        pytest.param(replace(this_process(), began="1"), 0, "lost", True, id="its number is another's"),
        pytest.param(replace(this_process(), pid=2**22 + 1), 20, "lost", True, id="its number is nobody's"),
        pytest.param(replace(this_process(), began="1"), 40, "lost", False, id="dead for long"),
        pytest.param(ELSEWHERE, 20, "sent", True, id="elsewhere, just seen"),
        pytest.param(ELSEWHERE, 40, "lost", False, id="elsewhere, silent"),
    ],
)
async def test_an_owner_is_dead_when_its_process_is_gone_or_silent_where_that_cannot_be_seen(
    home: Home, process: Process, silent_s: float, found: str, remembered: bool
) -> None:
    async with engine_on(home) as engine:
        await add_owner(engine, "me", this_process())
        await add_owner(engine, "other", process, silent_s=silent_s)
        await add_open_row(engine, "other")

        await beat_of(engine, "me")

        assert await status(engine) == [found]
        assert ("other" in await owners(engine)) is remembered


async def test_what_a_dead_process_had_sent_and_a_server_commits_late_is_closed_too(home: Home) -> None:
    async with engine_on(home) as engine:
        await add_owner(engine, "other", replace(this_process(), began="1"))
        await beat_of(engine, "me")
        await add_open_row(engine, "other")

        await beat_of(engine, "me")

        assert await status(engine) == ["lost"]


async def test_nobody_elsewhere_is_thought_dead_because_the_database_was_away(home: Home) -> None:
    async with engine_on(home) as engine:
        await add_owner(engine, "me", this_process(), silent_s=3600)
        await add_owner(engine, "other", ELSEWHERE, silent_s=3610)

        await beat_of(engine, "me")
        assert await owners(engine) == ["me", "other"]
        await beat_of(engine, "me")
        assert await owners(engine) == ["me"]


async def test_who_begins_does_not_judge_the_silence_of_others_yet(home: Home) -> None:
    async with engine_on(home) as engine:
        await add_owner(engine, "other", ELSEWHERE, silent_s=3600)

        await beat_of(engine, "me")
        assert await owners(engine) == ["me", "other"]
        await beat_of(engine, "me")
        assert await owners(engine) == ["me"]


async def test_an_idle_ledger_says_now_and_then_that_it_lives(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger_module, "BEAT_S", 0.01)

    async with engine_on(home) as engine, SqlLedger(engine):
        async with writing(engine) as session:
            await session.execute(text("UPDATE ai_owners SET seen_at = '2020-01-01 00:00:00'"))

        async with asyncio.timeout(10):
            seen = NOON.replace(year=2020)
            while seen.year == 2020:
                async with reading(engine) as session:
                    seen = (await session.execute(select(col(OwnerRow.seen_at)))).scalar_one()


async def test_rows_are_written_even_where_the_table_of_owners_fails(
    home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    attempt = sent()

    async with engine_on(home) as engine:
        async with writing(engine) as session:
            await session.execute(text("ALTER TABLE ai_owners RENAME TO gone"))
        try:
            async with SqlLedger(engine) as ledger:
                await ledger.open(attempt)
                assert await rows_of(engine, attempt) == [attempt]
        finally:
            async with writing(engine) as session:
                await session.execute(text("ALTER TABLE gone RENAME TO ai_owners"))
    assert "a write was refused and is not retried: the database refuses: " in caplog.text
