"""The module-level functions: a service with the environment's settings, one for each event loop."""

import asyncio
import gc
import logging
import shutil
import sqlite3
from collections.abc import Callable, Coroutine, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydantic_ai.models import override_allow_model_requests

import ai_service
from ai_service import AIService, ConfigurationError, NotFound
from tests import serving
from tests.provider.reactions import Hang
from tests.provider.received import value_at
from tests.provider_server import ProviderServer
from tests.serving import KEY, THEMES, Shop

server, stored, no_environment = serving.server, serving.stored, serving.no_environment

UNKNOWN = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def environment(stored: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, no_environment: None) -> Iterator[Shop]:
    """Point the environment at a copy of the stored calendar; each loop sets the provider's address."""
    database = Path(shutil.copy(stored.database, tmp_path / "books.db"))
    monkeypatch.setenv("AI_SERVICE_DATABASE_URL", f"sqlite:///{database}")
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    with override_allow_model_requests(True):
        yield replace(stored, database=database)


@pytest.fixture(autouse=True)
def quiet(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Fail on exceptions that were never retrieved, which asyncio only logs."""
    yield
    gc.collect()
    logged = [*caplog.get_records("call"), *caplog.records]
    assert [record.getMessage() for record in logged if record.levelno >= logging.WARNING] == []


def run(
    monkeypatch: pytest.MonkeyPatch, body: Callable[[ProviderServer], Coroutine[Any, Any, Any]]
) -> tuple[Any, ProviderServer]:
    """Run `body` in its own event loop, with its own provider."""

    async def main() -> tuple[Any, ProviderServer]:
        async with ProviderServer() as server:
            monkeypatch.setenv("OPENAI_BASE_URL", server.base_url)
            return await body(server), server

    return asyncio.run(main())


async def test_each_function_returns_its_output_as_json(
    environment: Shop, server: ProviderServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", server.base_url)
    ids = environment.business_id, environment.campaign_id

    post = await ai_service.generate_content(*ids, 3, "reel", user_id="u_42")
    script = await ai_service.generate_video_script(*ids, 3, 15)
    reply = await ai_service.suggest_reply(environment.business_id, "Bonjour", channel="email")
    image = await ai_service.generate_image(*ids, 3, aspect_ratio="1:1")
    server.script(serving.planned)
    strategy = await ai_service.generate_strategy(*ids)

    assert [post[name] for name in ("caption", "hashtags", "script")] == ["xxx", ["#tag"], "xxx"]
    assert value_at(post, "quality", 0, "name") == "q.opener"
    assert [script[name] for name in ("hook", "cta")] == ["xxx", "xxx"]
    assert reply["intent"] == "question"
    assert (image["mime_type"], image["width"]) == ("image/jpeg", 1024)
    assert value_at(strategy, "calendar", 29, "theme") == THEMES[30]


def test_two_successive_loops_have_a_service_each(
    environment: Shop, monkeypatch: pytest.MonkeyPatch, recwarn: pytest.WarningsRecorder
) -> None:
    async def write(server: ProviderServer) -> dict[str, Any]:
        return await ai_service.generate_content(environment.business_id, environment.campaign_id, 3)

    first, one = run(monkeypatch, write)
    second, other = run(monkeypatch, write)

    assert first == second
    assert (len(one.requests), len(other.requests)) == (1, 1)
    assert list(recwarn) == []


async def test_calls_side_by_side_share_one_service(
    environment: Shop, server: ProviderServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", server.base_url)
    opened: list[AIService] = []
    open_once = AIService.__aenter__

    async def opening(self: AIService) -> AIService:
        opened.append(self)
        return await open_once(self)

    monkeypatch.setattr(AIService, "__aenter__", opening)
    ids = environment.business_id, environment.campaign_id

    posts = await asyncio.gather(*(ai_service.generate_content(*ids, day) for day in (1, 2, 3)))

    assert len(posts) == 3
    assert len(opened) == 1
    assert len(server.requests) == 3


def test_errors_are_those_of_the_service(environment: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    async def write(server: ProviderServer) -> None:
        with pytest.raises(NotFound, match="no business"):
            await ai_service.suggest_reply(UNKNOWN, "Bonjour")

    run(monkeypatch, write)


def test_a_start_that_failed_is_tried_again(environment: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    async def write(server: ProviderServer) -> dict[str, Any]:
        monkeypatch.delenv("OPENAI_API_KEY")
        both = (ai_service.suggest_reply(environment.business_id, "Bonjour") for _ in range(2))
        errors = await asyncio.gather(*both, return_exceptions=True)
        assert [type(error) for error in errors] == [ConfigurationError] * 2
        monkeypatch.setenv("OPENAI_API_KEY", KEY)
        return await ai_service.suggest_reply(environment.business_id, "Bonjour")

    reply, _ = run(monkeypatch, write)

    assert reply["reply"] == "xxx"


def test_a_loop_may_end_while_its_service_starts(environment: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    started = asyncio.Event()

    async def never(self: AIService) -> AIService:
        started.set()
        await asyncio.Event().wait()
        return self

    async def leave(server: ProviderServer) -> asyncio.Task[Any]:
        task = asyncio.create_task(ai_service.suggest_reply(environment.business_id, "Bonjour"))
        await started.wait()
        return task

    monkeypatch.setattr(AIService, "__aenter__", never)
    task, server = run(monkeypatch, leave)

    assert task.cancelled()
    assert server.requests == []


def test_a_cancelled_call_leaves_the_service_to_the_others(environment: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    async def write(server: ProviderServer) -> dict[str, Any]:
        impatient = asyncio.create_task(ai_service.suggest_reply(environment.business_id, "Bonjour"))
        patient = asyncio.create_task(ai_service.suggest_reply(environment.business_id, "Bonjour"))
        await asyncio.sleep(0)
        impatient.cancel()
        return await patient

    reply, server = run(monkeypatch, write)

    assert reply["reply"] == "xxx"
    assert len(server.requests) == 1


def test_a_call_whose_loop_ends_is_settled(environment: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    async def leave(server: ProviderServer) -> None:
        server.script(Hang())
        task = asyncio.create_task(ai_service.suggest_reply(environment.business_id, "Bonjour"))
        await server.wait_for_requests(1)
        assert not task.done()

    run(monkeypatch, leave)

    with closing(sqlite3.connect(environment.database)) as books:
        [row] = books.execute("SELECT status, cost_estimated, finished_at FROM ai_logs WHERE feature = 'messaging'")
        assert row[0] in ("cancelled", "lost")
        assert row[1]
        assert row[2] is not None
        # nobody is taken to be writing there: a process with many loops would leave one for each
        assert books.execute("SELECT * FROM ai_owners").fetchall() == []
