"""The README and the pages of `docs/` are tested: their examples run, and their tables and names match the code."""

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
from fastapi.responses import JSONResponse

from agents.sandbox.reserved import RESERVED_WORDS
from ai_service import AIGenerationError, AIService, AIServiceError, Brief, NotFound, errors
from ai_service.settings import Settings
from ai_service.sync import AIService as SyncService
from tests.pages import ALL, PAGES, PYTHON, README, ROOT, run_block


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


async def test_the_first_example_plans_and_writes(capsys: pytest.CaptureFixture[str]) -> None:
    plan_and_write = cast(Callable[[], Awaitable[None]], run_block("plan_and_write")["plan_and_write"])

    await plan_and_write()

    printed = capsys.readouterr().out
    assert "Levain" in printed
    assert "Usage(requests=" in printed


async def test_the_fastapi_route_answers_over_http(tmp_path: Path) -> None:
    app = cast(FastAPI, run_block("FastAPI(lifespan=lifespan)")["app"])
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
        health = await client.get("/health")

    assert made.status_code == 200
    assert made.json()["sandbox"] is True
    assert made.json()["post"]["caption"]
    assert (outside.status_code, outside.json()["code"]) == (422, "INVALID_REQUEST")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "NOT_FOUND")
    assert (health.status_code, health.json()) == (200, {"ok": True})


async def test_the_fastapi_handler_says_when_to_come_back() -> None:
    explain = cast(Callable[..., Awaitable[JSONResponse]], run_block("STATUS = {")["explain"])
    error = AIGenerationError(
        reason="gate_closed", detail="openai:gpt-5.2 is out", request_id="r", attempts=[], retry_after_s=1.2
    )

    answer = await explain(None, error)

    assert (answer.status_code, answer.headers["Retry-After"]) == (502, "2")


async def test_a_host_brings_its_own_tables_in_ten_lines(tmp_path: Path) -> None:
    business = SimpleNamespace(name="Levain", trade="bakery", voice="warm", language="fr")
    campaign = SimpleNamespace(title="Automne", business_id="0b0e7a33-5a43-4a4c-93f2-4b9d6a1f6a10")

    class Database:
        async def business(self, business_id: str) -> object:
            return business if business_id == campaign.business_id else None

        async def campaign(self, campaign_id: str) -> object:
            return campaign

    service = cast(AIService, run_block("class OurContexts", our_database=Database())["service"])
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

    service = cast(AIService, run_block("class OurCredentials", our_vault=Vault())["service_with_keys"])
    async with service as ai:
        ids = await ai.add_brief(
            {"business": {"name": "Levain", "industry": "bakery", "tone": "warm", "languages": ["fr"]}}
        )
        result = await ai.generate_strategy(ids.business_id, ids.campaign_id)

    assert result.sandbox


def test_every_setting_is_in_the_table() -> None:
    own = {f"AI_SERVICE_{name.upper()}" for name in Settings.model_fields if not name.startswith("openai_")}

    assert {name for name in own if f"`{name}`" not in PAGES["docs/settings.md"]} == set()


def test_every_reserved_word_of_the_sandbox_is_in_the_table() -> None:
    rows = {f"| `{word}` | {effect} |" for word, effect in RESERVED_WORDS.items()}

    assert {row for row in rows if row not in PAGES["docs/sandbox.md"]} == set()


def test_every_error_code_is_in_the_tables_and_has_a_status() -> None:
    public = [item for name, item in vars(errors).items() if not name.startswith("_")]
    codes = {item.code for item in public if isinstance(item, type) and issubclass(item, AIServiceError)}
    codes.remove(AIServiceError.code)  # of the base class
    status = cast(dict[str, int], run_block("STATUS = {")["STATUS"])

    assert {code for code in codes if f"| `{code}` |" not in PAGES["docs/errors.md"]} == set()
    assert status.keys() == codes
    assert {row for row in status.items() if "| `{}` | {} |".format(*row) not in PAGES["docs/production.md"]} == set()


def test_the_readme_begins_with_two_commands_and_fits_two_screens() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    first = re.search(r"```shell\n(.*?)```", README, re.DOTALL)

    assert first is not None
    assert re.findall(r"^make (\w+)", first[1], re.MULTILINE) == ["demo", "test"]
    assert {target for target in re.findall(r"`make ([a-z-]+)`", ALL) if f"\n{target}:" not in makefile} == set()
    assert len(README.splitlines()) < 100


def test_every_link_between_the_pages_leads_somewhere() -> None:
    broken: list[str] = []
    for name, page in PAGES.items():
        for goal, anchor in re.findall(r"\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)", page):
            path = (ROOT / name).parent / goal if goal else ROOT / name
            text = path.read_text(encoding="utf-8") if path.is_file() else ""
            headings = {line.strip().lower().replace(" ", "-") for line in re.findall(r"^#+ (.*)", text, re.MULTILINE)}
            if not text or (anchor and anchor not in headings):
                broken.append(f"{name}: {goal}#{anchor}")

    assert broken == []


def test_every_python_block_is_run() -> None:
    users = (Path(__file__), ROOT / "tests" / "test_a_hosts_week.py")
    said = "".join(path.read_text(encoding="utf-8") for path in users)
    texts = re.findall(r'run_block\(\s*"([^"]+)"', said)

    assert [block for block in PYTHON if not any(text in block for text in texts)] == []


async def test_the_networks_example_prints_each_variant(capsys: pytest.CaptureFixture[str]) -> None:
    example = cast(
        Callable[..., Awaitable[None]], run_block("for_three_networks", AIService=AIService)["for_three_networks"]
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
    run_block("for violation in check")

    assert capsys.readouterr().out.startswith("ig.link ")


def test_a_synchronous_host_writes_from_several_threads() -> None:
    names = run_block("from ai_service.sync import AIService")
    ai, write_post = cast(SyncService, names["ai"]), cast(Callable[..., dict[str, object]], names["write_post"])

    with ai, ThreadPoolExecutor(3) as threads:
        ids = ai.add_brief({"business": {"name": "Levain", "industry": "bakery", "tone": "warm", "languages": ["fr"]}})
        ai.generate_strategy(ids.business_id, ids.campaign_id)
        written = [*threads.map(partial(write_post, ids.business_id, ids.campaign_id), (1, 2, 3))]

    assert len({post["content_id"] for post in written}) == 3
    assert all(post["sandbox"] and post["text"] for post in written)


def test_traces_are_turned_on_in_two_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    turned_on: list[bool] = []
    monkeypatch.setattr("ai_service.instrument", lambda: turned_on.append(True))

    run_block("instrument()")

    assert turned_on == [True]
