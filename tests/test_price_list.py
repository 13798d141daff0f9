"""Newer and additional prices: from a file or a URL, checked before anything is spent, and named in each row."""

import json
import logging
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from aiohttp import web
from genai_prices import wait_prices_updated_async
from genai_prices.data_snapshot import DataSnapshot, set_custom_snapshot
from pydantic import JsonValue

from agents.price_list import PriceListError, price_version, prices_from, read_prices, wait_for_prices
from agents.prices import cost_of_tokens
from ai_service import ConfigurationError, Feature
from tests import serving
from tests.serving import Shop

server, stored, shop, no_environment = serving.server, serving.stored, serving.shop, serving.no_environment

NEW_PRICES: JsonValue = [
    {
        "id": "openai",
        "name": "OpenAI",
        "api_pattern": r"https://api\.openai\.com",
        "models": [
            {"id": "gpt-5.2", "match": {"equals": "gpt-5.2"}, "prices": {"input_mtok": 1, "output_mtok": 10}},
        ],
    },
    {
        "id": "ours",
        "name": "Our own server",
        "api_pattern": r"http://models\.example",
        "models": [{"id": "own", "match": {"starts_with": "own"}, "prices": {"input_mtok": 0.1, "output_mtok": 0}}],
    },
]


@pytest.fixture(autouse=True)
def prices_of_the_library() -> Iterator[None]:
    yield
    set_custom_snapshot(None)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "prices.json"
    file.write_text(json.dumps(NEW_PRICES))
    return file


def price(provider: str, model: str) -> Decimal | None:
    return cost_of_tokens(
        provider=provider,
        provider_url="",
        model=model,
        input_tokens=1_000_000,
        output_tokens=0,
        at=datetime(2026, 12, 1, tzinfo=UTC),
    )


def test_a_file_changes_and_adds_prices_while_it_is_used(file: Path) -> None:
    with prices_from(str(file)):
        assert (price("openai", "gpt-5.2"), price("ours", "own-7b")) == (1, Decimal("0.1"))
        assert price("openai", "gpt-5-mini") == Decimal("0.25")  # the others stay

    assert (price("openai", "gpt-5.2"), price("ours", "own-7b")) == (Decimal("1.75"), None)


def test_the_version_names_the_file_and_its_content(file: Path) -> None:
    library = price_version()
    with prices_from(str(file)):
        first = price_version()
    file.write_text(json.dumps(NEW_PRICES, indent=1))
    with prices_from(str(file)):
        second = price_version()

    assert first.startswith(f"{library} + prices.json ")
    assert second != first
    assert price_version() == library


def test_prices_updated_by_the_host_are_named_by_their_time() -> None:
    at = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)
    set_custom_snapshot(DataSnapshot(providers=[], from_auto_update=True, timestamp=at))

    assert price_version().endswith(", updated 2026-12-01T09:30Z")
    assert price("openai", "gpt-5.2") is None


def changed(**model: JsonValue) -> JsonValue:
    whole: dict[str, JsonValue] = {"id": "m", "match": {"equals": "m"}, "prices": {"input_mtok": 1}, **model}
    return [{"id": "ours", "name": "Ours", "api_pattern": "x", "models": [whole]}]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("not json", "is no JSON: Expecting value: line 1"),
        ("{}", "holds no JSON array"),
        ("[1]", "provider 1, 0: Input should be a dictionary or an instance of Provider"),
        ('[{"id": "ours"}]', "provider 1, 0.name: Field required"),
        (json.dumps(changed(prices={"input_mtok": -1})), "ours, m: Invalid price value for input_mtok"),
        (json.dumps(changed(prices={"input_mtok": "cheap"})), "provider 1, input_mtok"),
        (json.dumps(changed(prices={"input_mtoks": 1})), "ours, m: .*input_mtoks.*correct it, or update genai-prices"),
        (json.dumps(changed(prices={"cache_read_mtok": 1})), "ours, m: Missing ancestor price"),
        (json.dumps(changed(match={"like": "m"})), "provider 1, 0.models.0.match"),
    ],
)
def test_an_invalid_price_list_is_refused_with_the_place_of_the_error(
    tmp_path: Path, content: str, problem: str
) -> None:
    file = tmp_path / "prices.json"
    file.write_text(content)

    with pytest.raises(PriceListError, match=problem) as raised:
        read_prices(file)

    assert str(file) in str(raised.value)


async def test_a_bad_file_is_a_configuration_error_before_anything_is_sent(shop: Shop, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"AI_SERVICE_PRICES: .*nowhere\.json can't be read: No such file"):
        async with shop.open(prices=str(tmp_path / "nowhere.json")):
            pass

    assert shop.server.requests == []


async def test_a_call_is_charged_at_the_prices_of_the_file_and_its_row_says_so(shop: Shop, file: Path) -> None:
    async with shop.open(prices=str(file)) as ai:
        result = await shop.ask(ai, Feature.MESSAGING)
        [row] = await ai.attempts(result.request_id)

    # the provider of the tests reports 100 tokens of input and 20 of output: 100 * 1 + 20 * 10
    assert row.cost_usd == Decimal("0.0003")
    assert row.price_version is not None
    assert "prices.json" in row.price_version


async def test_prices_are_read_from_an_address_in_the_background() -> None:
    async with served(NEW_PRICES) as url:
        with prices_from(url):
            assert await wait_prices_updated_async(5)
            assert price("ours", "own-7b") == Decimal("0.1")
            assert " + update 20" in price_version()

    assert price("ours", "own-7b") is None


def test_an_address_that_gives_no_answer_is_named() -> None:
    with pytest.raises(PriceListError, match=r"http://models\.example/p: no answer within 0 s: correct the address"):
        wait_for_prices("http://models.example/p", timeout_s=0)  # nobody asks it here


async def test_bad_prices_from_an_address_change_nothing(caplog: pytest.LogCaptureFixture) -> None:
    async with served(changed(prices={"input_mtok": -1})) as url:
        with prices_from(url), caplog.at_level(logging.ERROR, "genai-prices"):
            with pytest.raises(PriceListError, match="ours, m: Invalid price value"):
                await wait_prices_updated_async(5)
            assert price("openai", "gpt-5.2") == Decimal("1.75")


@asynccontextmanager
async def served(document: JsonValue) -> AsyncGenerator[str]:
    """Yield the URL of a served document."""

    async def answer(_: web.Request) -> web.Response:
        return web.json_response(document)

    application = web.Application()
    application.add_routes([web.get("/prices.json", answer)])
    runner = web.AppRunner(application, shutdown_timeout=0.01)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/prices.json"
    finally:
        await runner.cleanup()
