"""A week of a host: an existing product on PostgreSQL, with tables of its own, works with the service."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import datetime, time, timedelta
from typing import Any, cast

import httpx2
import pytest
from fastapi import FastAPI, Request
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlmodel import Field, SQLModel, select
from sqlmodel.ext.asyncio.session import AsyncSession

from ai_service import AIGenerationError, AIService, NotFound, Settings
from deps.clock import Clock
from tests import cli_parts
from tests.pages import run_block
from tests.serving import BRIEF
from tests.storage_homes import PostgresHome
from tests.tenant_calls import OPERATORS, TAKING_IDS, arguments_with

pytest_plugins = ["tests.storage_fixtures"]

elsewhere = cli_parts.elsewhere

BUSINESS = BRIEF.business.model_dump(mode="json")
AUTUMN = {"name": "Automne", "start_date": "2026-12-01", "call_to_action": "Passez nous voir"}
WINTER = {"name": "Hiver", "start_date": "2027-01-01"}


class Account(SQLModel, table=True):
    """A customer of the host: which business of ours is theirs."""

    __tablename__ = "accounts"  # pyright: ignore[reportAssignmentType] - SQLModel declares it as a method
    name: str = Field(primary_key=True)
    business_id: str


class Publication(SQLModel, table=True):
    """What the host has sent to a network."""

    __tablename__ = "publications"  # pyright: ignore[reportAssignmentType]
    content_id: str = Field(primary_key=True)
    account: str = Field(foreign_key="accounts.name")
    text: str


TABLES = [SQLModel.metadata.tables[name] for name in ("accounts", "publications")]


class Yesterday(Clock):
    """The time of this machine, a day ago."""

    def now(self) -> datetime:
        return super().now() - timedelta(days=1)


@pytest.fixture
async def product(postgres_home: PostgresHome, monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[AsyncEngine]:
    """The host's own database with its own tables, to which the service's were added at deploy."""
    async with postgres_home.empty() as url:
        engine = create_async_engine(url.replace("postgresql", "postgresql+asyncpg", 1))
        async with engine.begin() as connection:
            await connection.run_sync(SQLModel.metadata.create_all, tables=TABLES)
        monkeypatch.setenv("AI_SERVICE_MODEL", "sandbox")
        monkeypatch.setenv("AI_SERVICE_DATABASE_URL", url)
        await command("migrate")
        yield engine
        await engine.dispose()


@asynccontextmanager
async def opened() -> AsyncGenerator[tuple[AIService, httpx2.AsyncClient]]:
    """Start the app of the pages, with the routes of its review screen; yield its service and a client of it."""
    app = cast(FastAPI, run_block("FastAPI(lifespan=lifespan)")["app"])
    run_block("async def edit_post", app=app, signed_in=signed_in)
    async with app.router.lifespan_context(app):
        transport = httpx2.ASGITransport(app=app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://host") as client:
            yield app.state.ai, client


def signed_in(request: Request, business_id: str) -> str:
    return request.headers.get("user", "u_1")


# Any: JSON of any shape
async def command(*arguments: str) -> Any:
    """Run a command of `ai-service`, which has an event loop of its own."""
    return await asyncio.to_thread(cli_parts.document, *arguments)


async def answer(client: httpx2.AsyncClient, method: str, path: str, **given: Any) -> Any:
    response = await client.request(method, path, **given)
    assert response.status_code == 200, response.text
    return response.json()


async def test_a_host_plans_reviews_publishes_and_deletes_across_a_restart(product: AsyncEngine) -> None:
    async with opened() as (ai, client):
        business = (await ai.add_business(BUSINESS)).business_id
        autumn, winter = [(await ai.add_campaign(business, name)).campaign_id for name in (AUTUMN, WINTER)]
        async with AsyncSession(product) as session:
            session.add(Account(name="levain", business_id=business))
            await session.commit()
        for campaign in (autumn, winter):
            await ai.generate_strategy(business, campaign, user_id="u_1")
        posts = [
            (await answer(client, "POST", f"/campaigns/{business}/{campaign}/days/{day}"))["content_id"]
            for campaign, day in ((autumn, 1), (autumn, 2), (winter, 1))
        ]
        screen = f"/content/{business}"
        first_page = await answer(client, "GET", screen, params={"limit": 2})
        last_page = await answer(client, "GET", screen, params={"limit": 2, "after": first_page["after"]})
        edit = await answer(
            client, "PATCH", f"{screen}/{posts[0]}", params={"revision": 1}, json={"caption": "Le four est chaud."}
        )
        approved = await answer(client, "POST", f"{screen}/{posts[0]}/approved", params={"revision": 2})
        wish = await ai.generate_content(business, autumn, 1, instruction="shorter, no emoji", user_id="u_1")
        reply = await ai.suggest_reply(business, "Vous ouvrez quand ?", customer_id="c_7")

    assert [item["content_id"] for page in (first_page, last_page) for item in page["items"]] == posts[::-1]
    assert last_page["after"] is None
    assert edit["content"]["generated"]["caption"] != edit["content"]["output"]["caption"] == "Le four est chaud."
    assert approved["state"] == "approved"
    assert any("wish" in note or "instruction" in note for note in wish.notes), wish.notes

    async with opened() as (ai, client):  # a restart
        assert (await ai.newest_content(business, autumn, 1)).content_id == wish.content_id
        (kept,) = (await answer(client, "GET", screen, params={"state": "approved"}))["items"]
        assert kept["content_id"] == posts[0]
        stale = await client.post(f"{screen}/{posts[0]}/published", params={"revision": 1})
        await answer(client, "POST", f"{screen}/{posts[0]}/published", params={"revision": 3})
        forbidden = await client.post(f"{screen}/{posts[1]}/published", params={"revision": 1})
        async with AsyncSession(product) as session:
            session.add(Publication(content_id=posts[0], account="levain", text=kept["output"]["caption"]))
            await session.commit()

        await ai.delete_customer(business, "c_7")
        await ai.delete_campaign(business, winter)

        with pytest.raises(NotFound):
            await ai.get_content(business, reply.content_id)
        gone = await client.post(f"/campaigns/{business}/{winter}/days/1")
        assert [saved.campaign_id for saved in (await ai.list_campaigns(business)).items] == [autumn]
        history = await ai.content_history(business, posts[0])
        spent = await ai.costs("campaign", business_id=business)

    assert (stale.status_code, stale.json()["code"]) == (409, "STALE_REVISION")
    assert (forbidden.status_code, forbidden.json()["code"]) == (422, "INVALID_REQUEST")
    assert (gone.status_code, gone.json()["code"]) == (404, "NOT_FOUND")
    assert [(change.state, change.edited) for change in history] == [
        ("draft", True),
        ("approved", False),
        ("published", False),
    ]
    assert {autumn, winter} <= {line.key for line in spent}
    async with AsyncSession(product) as session:
        assert [row.text for row in await session.exec(select(Publication))] == ["Le four est chaud."]
        assert [row.business_id for row in await session.exec(select(Account))] == [business]


async def test_a_call_that_failed_is_found_the_next_day(product: AsyncEngine) -> None:
    async with AIService(Settings.from_env(), clock=Yesterday()) as ai:
        business = (await ai.add_business(BUSINESS)).business_id
        await ai.suggest_reply(business, "Vous ouvrez quand ?")
        with pytest.raises(AIGenerationError) as caught:
            await ai.suggest_reply(business, "Vous ouvrez quand ? sandbox:quota", customer_id="c_7")

    midnight = datetime.combine(Yesterday().now(), time(), Yesterday().now().tzinfo)
    async with opened() as (ai, _):
        found = await ai.attempts(since=midnight, status="failed", business_id=business)
        later = await ai.attempts(since=midnight + timedelta(days=1), status="failed", business_id=business)
    shown = await command("logs", "--failed", "--since", "yesterday", "--business", business)

    assert [(row.request_id, row.status) for row in found] == [(caught.value.request_id, "quota")]
    assert later == []
    assert [row["request_id"] for row in shown] == [caught.value.request_id]


async def test_a_tenant_who_tries_anothers_ids_gets_nothing_at_any_function(product: AsyncEngine) -> None:
    async with opened() as (ai, client):
        business, stranger = [(await ai.add_business(BUSINESS)).business_id for _ in range(2)]
        campaign = (await ai.add_campaign(business, AUTUMN)).campaign_id
        reply = await ai.suggest_reply(business, "Vous ouvrez quand ?", customer_id="c_7")
        theirs = {
            "business_id": stranger,
            "campaign_id": campaign,
            "content_id": reply.content_id,
            "request_id": reply.request_id,
            "customer_id": "c_7",
        }
        given: dict[str, object] = {}
        for name in TAKING_IDS:
            try:
                given[name] = await getattr(ai, name)(**arguments_with(name, theirs))
            except NotFound:
                continue
        refused = await client.post(f"/content/{stranger}/{reply.content_id}/approved", params={"revision": 1})
        untouched = await ai.get_content(business, reply.content_id)

    assert given == {name: [] for name in OPERATORS - {"set_budget"} if name in TAKING_IDS}
    assert (refused.status_code, refused.json()["code"]) == (404, "NOT_FOUND")
    assert untouched.revision == 1
