"""The README is tested: its examples run, and its tables and names match the code."""

import asyncio
import re
import socket
from collections.abc import AsyncGenerator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import httpx2
import pytest
import uvicorn
from fastapi import FastAPI

from agents.sandbox.reserved import RESERVED_WORDS
from ai_service import AIService, AIServiceError, Brief, NotFound, errors
from ai_service.settings import Settings
from ai_service.sync import AIService as SyncService

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCS = [
    README,
    *((ROOT / "docs" / name).read_text(encoding="utf-8") for name in ("input.md", "own_keys.md", "sync.md")),
]
BLOCKS = [block for page in DOCS for block in re.findall(r"```python\n(.*?)```", page, re.DOTALL)]


@pytest.fixture(autouse=True)
def sandbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AI_SERVICE_MODEL", "sandbox")


@asynccontextmanager
async def served(server: uvicorn.Server) -> AsyncGenerator[str]:
    """Serve on an ephemeral loopback port while the block runs."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        serving = asyncio.create_task(server.serve([listener]))
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        await serving


def _run(containing: str, **names: object) -> dict[str, object]:
    """Execute the one block that contains a text; return the names it defines."""
    (block,) = [block for block in BLOCKS if containing in block]
    namespace: dict[str, object] = dict(names)
    exec(compile(block, "README.md", "exec"), namespace)
    return namespace


async def test_the_first_example_plans_and_writes(capsys: pytest.CaptureFixture[str]) -> None:
    plan_and_write = cast(Callable[[], Awaitable[None]], _run("plan_and_write")["plan_and_write"])

    await plan_and_write()

    printed = capsys.readouterr().out
    assert "Levain" in printed
    assert "Usage(requests=" in printed


async def test_the_fastapi_route_answers_over_http(tmp_path: Path) -> None:
    app = cast(FastAPI, _run("FastAPI(lifespan=lifespan)")["app"])
    async with AIService.from_env() as ai:
        brief = Brief.model_validate(
            {"business": {"name": "Levain", "industry": "bakery", "tone": "warm", "languages": ["fr"]}}
        )
        ids = await ai.add_brief(brief)
        await ai.generate_strategy(ids.business_id, ids.campaign_id)
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical"))

    async with served(server) as base_url, httpx2.AsyncClient(base_url=base_url) as client:
        made = await client.post(f"/campaigns/{ids.business_id}/{ids.campaign_id}/days/1")
        outside = await client.post(f"/campaigns/{ids.business_id}/{ids.campaign_id}/days/31")
        unknown = await client.post(f"/campaigns/{ids.campaign_id}/{ids.campaign_id}/days/1")

    assert made.status_code == 200
    assert made.json()["sandbox"] is True
    assert made.json()["post"]["caption"]
    assert (outside.status_code, outside.json()["code"]) == (422, "INVALID_REQUEST")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "NOT_FOUND")


async def test_a_host_brings_its_own_tables_in_ten_lines(tmp_path: Path) -> None:
    business = SimpleNamespace(name="Levain", trade="bakery", voice="warm", language="fr")
    campaign = SimpleNamespace(title="Automne", business_id="0b0e7a33-5a43-4a4c-93f2-4b9d6a1f6a10")

    class Database:
        async def business(self, business_id: str) -> object:
            return business if business_id == campaign.business_id else None

        async def campaign(self, campaign_id: str) -> object:
            return campaign

    service = cast(AIService, _run("class OurContexts", our_database=Database())["service"])
    other = "3f8e7a33-5a43-4a4c-93f2-4b9d6a1f6a11"
    async with service as ai:
        result = await ai.generate_strategy(campaign.business_id, other)
        saved = await ai.get_strategy(campaign.business_id, other)
        with pytest.raises(NotFound):
            await ai.generate_strategy(other, other)

    assert result.output == saved


async def test_a_business_brings_its_own_model() -> None:
    class Vault:
        async def key_of(self, business_id: str) -> object:
            own = SimpleNamespace(key="sk-of-a-business", model="sandbox", image_model="openai:gpt-image-2")
            return own if business_id == ids.business_id else None

    service = cast(AIService, _run("class OurCredentials", our_vault=Vault())["service_with_keys"])
    async with service as ai:
        ids = await ai.add_brief(
            {"business": {"name": "Levain", "industry": "bakery", "tone": "warm", "languages": ["fr"]}}
        )
        result = await ai.generate_strategy(ids.business_id, ids.campaign_id)

    assert result.sandbox


def test_every_setting_is_in_the_table() -> None:
    own = {f"AI_SERVICE_{name.upper()}" for name in Settings.model_fields if not name.startswith("openai_")}

    assert {name for name in own if f"`{name}`" not in README} == set()


def test_every_reserved_word_of_the_sandbox_is_in_the_table() -> None:
    rows = {f"| `{word}` | {effect} |" for word, effect in RESERVED_WORDS.items()}

    assert {row for row in rows if row not in README} == set()


def test_every_error_code_is_in_the_table() -> None:
    public = [item for name, item in vars(errors).items() if not name.startswith("_")]
    codes = {item.code for item in public if isinstance(item, type) and issubclass(item, AIServiceError)}
    codes.remove(AIServiceError.code)  # of the base class

    assert {code for code in codes if f"`{code}`" not in README} == set()


def test_the_two_commands_are_targets_of_the_makefile() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")

    assert all(re.search(rf"^{target}:.*##", makefile, re.MULTILINE) for target in ("demo", "test"))


async def test_the_networks_example_prints_each_variant(capsys: pytest.CaptureFixture[str]) -> None:
    example = cast(
        Callable[..., Awaitable[None]], _run("for_three_networks", AIService=AIService)["for_three_networks"]
    )
    brief = Brief.model_validate(
        {"business": {"name": "Levain", "industry": "bakery", "tone": "warm", "languages": ["fr"]}}
    )

    async with AIService.from_env() as ai:
        ids = await ai.add_brief(brief)
        await ai.generate_strategy(ids.business_id, ids.campaign_id)
        await example(ai, ids.business_id, ids.campaign_id)

    printed = capsys.readouterr().out
    assert [name for name in ("instagram", "x", "facebook") if f"{name} " in printed] == ["instagram", "x", "facebook"]
    assert "q.opener" in printed


def test_a_text_is_checked_in_two_lines(capsys: pytest.CaptureFixture[str]) -> None:
    _run("for violation in check")

    assert capsys.readouterr().out.startswith("ig.link ")


def test_a_synchronous_host_writes_from_several_threads() -> None:
    names = _run("from ai_service.sync import AIService")
    ai, write_post = cast(SyncService, names["ai"]), cast(Callable[..., dict[str, object]], names["write_post"])

    with ai, ThreadPoolExecutor(3) as threads:
        ids = ai.add_brief({"business": {"name": "Levain", "industry": "bakery", "tone": "warm", "languages": ["fr"]}})
        ai.generate_strategy(ids.business_id, ids.campaign_id)
        written = [*threads.map(partial(write_post, ids.business_id, ids.campaign_id), (1, 2, 3))]

    assert len({post["content_id"] for post in written}) == 3
    assert all(post["sandbox"] and post["text"] for post in written)
