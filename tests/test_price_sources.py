"""Newer and additional prices: from a file or a URL, checked before anything is spent, and named in each row."""

import json
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from aiohttp import web
from genai_prices.data_snapshot import DataSnapshot, set_custom_snapshot
from pydantic import JsonValue

from agents.price_sources import PriceListError, Prices, fetch_prices, read_prices
from agents.prices import PriceList, bundled_prices
from ai_service import AIService, ConfigurationError, Feature
from tests import serving
from tests.clocks import StoppedClock
from tests.serving import Shop

server, stored, shop, no_environment = serving.server, serving.stored, serving.shop, serving.no_environment


def priced(model: str, dollars: int) -> list[JsonValue]:
    """Return a list with one model of OpenAI: so many USD for a million tokens in, ten times as many out."""
    prices: JsonValue = {"input_mtok": dollars, "output_mtok": 10 * dollars}
    models: JsonValue = [{"id": model, "match": {"equals": model}, "prices": prices}]
    return [{"id": "openai", "name": "OpenAI", "api_pattern": r"https://api\.openai\.com", "models": models}]


NEW_PRICES: JsonValue = [
    *priced("gpt-5.2", 1),
    {
        "id": "ours",
        "name": "Our own server",
        "api_pattern": r"http://models\.example",
        "models": [{"id": "own", "match": {"starts_with": "own"}, "prices": {"input_mtok": 0.1, "output_mtok": 0}}],
    },
]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "prices.json"
    file.write_text(json.dumps(NEW_PRICES))
    return file


def price(prices: PriceList, provider: str, model: str) -> Decimal | None:
    return prices.cost_of_tokens(
        provider=provider,
        provider_url="",
        model=model,
        input_tokens=1_000_000,
        output_tokens=0,
        at=datetime(2026, 12, 1, tzinfo=UTC),
    )


def test_a_file_changes_and_adds_prices_and_leaves_those_of_the_library(file: Path) -> None:
    prices, library = read_prices(file), bundled_prices()

    assert (price(prices, "openai", "gpt-5.2"), price(prices, "ours", "own-7b")) == (1, Decimal("0.1"))
    assert price(prices, "openai", "gpt-5-mini") == Decimal("0.25")  # the others stay
    assert (price(library, "openai", "gpt-5.2"), price(library, "ours", "own-7b")) == (Decimal("1.75"), None)


def test_the_version_names_the_file_and_its_content(file: Path) -> None:
    first = read_prices(file).version
    file.write_text(json.dumps(NEW_PRICES, indent=1))

    assert first.startswith(f"{bundled_prices().version} + prices.json ")
    assert read_prices(file).version != first


def test_what_the_host_sets_for_its_process_is_none_of_ours() -> None:
    nothing = DataSnapshot(providers=[], from_auto_update=True, timestamp=datetime(2026, 12, 1, 9, 30, tzinfo=UTC))
    set_custom_snapshot(nothing)
    try:
        assert price(bundled_prices(), "openai", "gpt-5.2") == Decimal("1.75")
    finally:
        set_custom_snapshot(None)


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


async def test_prices_are_read_from_an_address_at_once_and_every_hour() -> None:
    clock, documents = StoppedClock(), [NEW_PRICES, changed(prices={"input_mtok": -1}), changed()]

    async with served(documents) as url, Prices(url, clock=clock) as prices:
        library = prices.current
        await clock.wait_for_sleepers(1)
        first = prices.current
        clock.pass_s(3600)  # the second answer is of no use
        await clock.wait_for_sleepers(1)
        second = prices.current
        clock.pass_s(3600)
        await clock.wait_for_sleepers(1)
        third = prices.current

    assert [price(each, "ours", "own-7b") for each in (library, first, third)] == [None, Decimal("0.1"), None]
    assert second is first
    assert price(third, "ours", "m") == 1
    assert f"{library.version} + update 20" in first.version


async def test_bad_prices_from_an_address_are_logged(caplog: pytest.LogCaptureFixture) -> None:
    clock = StoppedClock()

    async with served([changed(prices={"input_mtok": -1})]) as url, Prices(url, clock=clock) as prices:
        await clock.wait_for_sleepers(1)

    assert prices.current is bundled_prices()
    assert "the prices stay as they are: " in caplog.text
    assert "ours, m: Invalid price value" in caplog.text


async def test_an_address_that_gives_no_answer_is_named() -> None:
    with pytest.raises(PriceListError, match=r"http://127\.0\.0\.1:9/p: .*: correct the address, or leave it out"):
        await fetch_prices("http://127.0.0.1:9/p")


@pytest.mark.parametrize("first", ["ours", "theirs"])
async def test_two_services_of_a_process_have_each_their_own_prices(shop: Shop, tmp_path: Path, first: str) -> None:
    services: dict[str, AIService] = {}
    for name, dollars in (("ours", 1), ("theirs", 2)):
        file = tmp_path / f"{name}.json"
        file.write_text(json.dumps(priced("gpt-5.2", dollars)))
        services[name] = AIService(shop.settings(prices=str(file)))
    # the provider of the tests reports 100 tokens of input and 20 of output
    costs = {"ours": Decimal("0.0003"), "theirs": Decimal("0.0006"), "library's": Decimal("0.000392")}

    async with shop.open() as library, AsyncExitStack() as stack:
        second = await stack.enter_async_context(services[next(name for name in services if name != first)])
        async with services[first]:
            both = {name: (await shop.ask(ai, Feature.MESSAGING)).cost_usd for name, ai in services.items()}
        left = (await shop.ask(second, Feature.MESSAGING)).cost_usd
        unset = (await shop.ask(library, Feature.MESSAGING)).cost_usd
    async with shop.open() as after:
        later = (await shop.ask(after, Feature.MESSAGING)).cost_usd

    assert both == {"ours": costs["ours"], "theirs": costs["theirs"]}
    assert left == costs["theirs" if first == "ours" else "ours"]
    assert (unset, later) == (costs["library's"], costs["library's"])


@asynccontextmanager
async def served(documents: list[JsonValue]) -> AsyncGenerator[str]:
    """Yield the URL of documents that are served one after the other."""

    async def answer(_: web.Request) -> web.Response:
        return web.json_response(documents.pop(0))

    application = web.Application()
    application.add_routes([web.get("/prices.json", answer)])
    runner = web.AppRunner(application, shutdown_timeout=0.01)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/prices.json"
    finally:
        await runner.cleanup()
