"""`ready()`: what works of a service, for a health check."""

from contextlib import AbstractAsyncContextManager
from decimal import Decimal

from sqlalchemy import text

from ai_service import AIService, Feature, ReadinessCheck
from deps.clock import Clock
from storage.engine import create_engine, writing
from storage.migrate import HEAD
from tests import serving
from tests.serving import Shop
from tests.storage_homes import Home, PostgresHome
from tests.storage_proxy import Proxy

pytest_plugins = ["tests.storage_fixtures"]
server, stored, no_environment = serving.server, serving.stored, serving.no_environment
shop = serving.shop


async def checks(ai: AIService) -> dict[str, ReadinessCheck]:
    return {check.name: check for check in (await ai.ready()).checks}


async def test_all_that_works_is_named(shop: Shop) -> None:
    async with shop.open(models={"video": ["openai:gpt-5.2", "openai:gpt-5-mini"]}) as ai:
        found = await checks(ai)

        assert (await ai.ready()).ok
    assert [name for name, check in found.items() if not check.ok] == []
    assert set(found) == {"database", "migrations", "prices", *(f"model of {feature}" for feature in Feature)}
    assert found["model of video"].detail == "openai:gpt-5.2, openai:gpt-5-mini"
    assert shop.server.requests == []


async def test_an_unknown_price_is_said_and_stops_nothing(shop: Shop) -> None:
    for ceiling, ok, said in ((None, False, "calls are refused where a budget holds"), (Decimal(9), True, "charged 9")):
        async with shop.open(model="openai-chat:ours", unknown_price_usd_per_mtok=ceiling) as ai:
            prices = (await checks(ai))["prices"]

            assert (prices.ok, prices.required, (await ai.ready()).ok) == (ok, False, True)
            assert prices.detail.startswith("openai:ours: unknown")
            assert said in prices.detail


async def test_tables_of_another_version_are_not_ready(shop: Shop, home: Home) -> None:
    async with AIService(shop.settings(model="sandbox", database_url=home.url)) as ai:
        engine = create_engine(home.url)
        async with writing(engine) as session:
            await session.execute(text("UPDATE ai_service_version SET version_num = '9999'"))
        found, ready = await checks(ai), await ai.ready()
        async with writing(engine) as session:
            await session.execute(text(f"UPDATE ai_service_version SET version_num = '{HEAD}'"))
        await engine.dispose()

    assert (ready.ok, found["database"].ok, found["migrations"].ok) == (False, True, False)
    assert "at revision '9999'" in found["migrations"].detail


class Impatient(Clock):
    """A clock on which a limit is over at once, where a test says so."""

    over = False

    def timeout(self, seconds: float) -> AbstractAsyncContextManager[object]:
        return super().timeout(0.05 if self.over else seconds)


async def test_a_database_that_is_silent_is_not_ready_in_time(shop: Shop, postgres_home: PostgresHome) -> None:
    clock = Impatient()
    async with Proxy(postgres_home.url) as proxy:
        async with AIService(shop.settings(model="sandbox", database_url=proxy.url), clock=clock) as ai:
            proxy.hush()
            clock.over = True
            found = await checks(ai)
            clock.over = False
            proxy.speak()

    assert not found["database"].ok
    assert "the database gives no answer" in found["database"].detail


async def test_a_database_that_is_away_is_not_ready(shop: Shop, postgres_home: PostgresHome) -> None:
    async with Proxy(postgres_home.url) as proxy:
        async with AIService(shop.settings(model="sandbox", database_url=proxy.url)) as ai:
            proxy.away()
            found, ready = await checks(ai), await ai.ready()
            await proxy.back()

    assert (ready.ok, found["database"].ok, found["migrations"].ok) == (False, False, False)
    assert "try again when it is back" in found["database"].detail
