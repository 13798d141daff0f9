"""The ledger: what is durable when, in how few transactions, and what a row holds."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import fields, replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from sqlalchemy import text

from deps.protocols import Ledger
from models.attempt import Attempt
from models.vocabulary import Feature
from storage.engine import reading
from storage.ledger import SqlLedger
from storage.log_rows import MAX_CHARS
from storage.tables import AttemptRow
from tests.storage_children import children, in_a_call
from tests.storage_homes import Home, connection_to, engine_on
from tests.storage_parts import BUSINESS_ID, CAMPAIGN_ID, NOON, a_few_turns, answered, on_engine, rows_of, sent

pytest_plugins = ["tests.storage_fixtures"]

ROOT = Path(__file__).parent.parent


def test_the_table_has_the_fields_of_an_attempt() -> None:
    columns = {column.name for column in AttemptRow.metadata.tables["ai_logs"].columns}

    assert columns == {field.name for field in fields(Attempt)} | {"id", "owner"}


async def test_every_field_of_an_attempt_comes_back(home: Home) -> None:
    attempt = Attempt(
        request_id="r",
        question=1,
        attempt=2,
        feature=Feature.IMAGE,
        provider="openai",
        model="gpt-image-2",
        started_at=NOON,
        business_id=BUSINESS_ID,
        campaign_id=CAMPAIGN_ID,
        content_id="c",
        user_id="ü_42",
        customer_id="k",
        idempotency_key="i",
        status="invalid_output",
        http_status=200,
        input_tokens=1,
        cached_input_tokens=2,
        cache_write_tokens=3,
        output_tokens=4,
        reasoning_tokens=5,
        image_tokens=6,
        cost_usd=Decimal("1.5"),
        cost_estimated=True,
        latency_ms=12.5,
        error="caption: too long",
        raw_output='{"caption": "…"}',
        repairs=["closed a bracket"],
        input_warnings=["look-alike letters"],
        prompt_version="p1",
        price_version="g1",
        rule_pack_version="r1",
        trace_id="0" * 32,
        span_id="1" * 16,
        finished_at=NOON + timedelta(microseconds=1),
    )

    async with engine_on(home) as engine, SqlLedger(engine) as ledger:
        await ledger.open(attempt)

        assert await rows_of(engine, attempt) == [attempt]


async def test_a_row_stands_open_until_its_outcome_is_flushed(home: Home) -> None:
    attempt = sent()

    async with engine_on(home) as engine, SqlLedger(engine) as ledger:
        books: Ledger = ledger
        await books.open(attempt)
        assert await rows_of(engine, attempt) == [attempt]

        books.settle(answered(attempt))
        await books.flush()
        assert await rows_of(engine, attempt) == [answered(attempt)]


async def test_each_row_names_the_ledger_that_is_to_settle_it(home: Home) -> None:
    async with engine_on(home) as engine, SqlLedger(engine) as ledger:
        await ledger.open(sent())

        async with reading(engine) as session:
            assert await session.scalar(text("SELECT owner FROM ai_logs")) == ledger.owner


async def test_200_calls_at_once_share_a_transaction(home: Home) -> None:
    commits: list[object] = []
    attempts = [sent() for _ in range(200)]

    async with engine_on(home) as engine, SqlLedger(engine) as ledger:
        with on_engine("commit", commits.append):
            await asyncio.gather(*map(ledger.open, attempts))
            for attempt in attempts:
                ledger.settle(answered(attempt))
            await asyncio.gather(*(ledger.flush() for _ in attempts))

        async with reading(engine) as session:
            settled = await session.scalar(text("SELECT count(*) FROM ai_logs WHERE status = 'ok'"))
    assert settled == 200
    assert len(commits) <= 4


async def test_an_outcome_handed_over_with_its_row_comes_second(home: Home) -> None:
    attempt = sent()

    async with engine_on(home) as engine, SqlLedger(engine) as ledger:
        opening = asyncio.create_task(ledger.open(attempt))
        await asyncio.sleep(0)
        ledger.settle(replace(attempt, status="timeout"))
        ledger.settle(answered(attempt))
        await opening
        await ledger.flush()

        assert await rows_of(engine, attempt) == [answered(attempt)]


async def test_an_outcome_is_kept_as_it_was_when_handed_over(home: Home) -> None:
    attempt = sent()

    async with engine_on(home) as engine, SqlLedger(engine) as ledger:
        await ledger.open(attempt)
        attempt.repairs.append("removed a trailing comma")
        ledger.settle(attempt)
        attempt.repairs.append("later")
        attempt.error = "later"
        await ledger.flush()

        row = (await rows_of(engine, attempt))[0]
    assert (row.repairs, row.error) == (["removed a trailing comma"], None)


async def test_cuts_long_texts(home: Home) -> None:
    attempt = replace(sent(), raw_output="x" * 30_000, error="e" * 600)

    async with engine_on(home) as engine, SqlLedger(engine) as ledger:
        await ledger.open(attempt)

        row = (await rows_of(engine, attempt))[0]
    assert (len(row.raw_output or ""), len(row.error or "")) == (MAX_CHARS["raw_output"], MAX_CHARS["error"])


async def test_stores_an_answer_with_characters_that_no_database_takes(home: Home) -> None:
    attempt = replace(sent(), raw_output="é \ud83d \0", error="\0")

    async with engine_on(home) as engine, SqlLedger(engine) as ledger:
        await ledger.open(attempt)

        row = (await rows_of(engine, attempt))[0]
    assert (row.raw_output, row.error) == ("é ? \ufffd", "\ufffd")


async def test_an_opened_row_survives_kill_9(home: Home) -> None:
    with children(1, in_a_call, home.url) as [child]:
        child.said()
        child.kill()

    async with engine_on(home) as engine:
        assert [row.status for row in await rows_of(engine, sent(request_id="r"))] == ["ok", "sent"]


@asynccontextmanager
async def row_locked(home: Home, attempt: Attempt) -> AsyncGenerator[None]:
    """Keep everybody else from changing the attempt's row."""
    async with connection_to(home.url) as connection, connection.transaction():
        await connection.execute("SELECT 1 FROM ai_logs WHERE request_id = $1 FOR UPDATE", attempt.request_id)
        yield


async def test_a_row_does_not_wait_for_a_transaction_of_others_on_a_server(postgres_home: Home) -> None:
    held, other = sent(), sent()

    async with engine_on(postgres_home) as engine, SqlLedger(engine) as ledger:
        await ledger.open(held)
        async with row_locked(postgres_home, held):
            ledger.settle(answered(held))
            await a_few_turns()
            await ledger.open(other)
            flushing = asyncio.create_task(ledger.flush())
            await a_few_turns()

            assert not flushing.done()
        await flushing
        assert await rows_of(engine, held) == [answered(held)]
        assert await rows_of(engine, other) == [other]


async def test_outcomes_of_one_row_are_written_in_their_order_on_a_server(postgres_home: Home) -> None:
    attempt, other = sent(), sent()

    async with engine_on(postgres_home) as engine, SqlLedger(engine) as ledger:
        await ledger.open(attempt)
        async with row_locked(postgres_home, attempt):
            ledger.settle(replace(answered(attempt), status="timeout"))
            await a_few_turns()
            ledger.settle(answered(attempt))
            await ledger.open(other)
        await ledger.flush()

        assert await rows_of(engine, attempt) == [answered(attempt)]
