"""Traces: spans of calls and attempts, ids in the ledger, no content unless asked, any OTLP endpoint."""

import asyncio
import json
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2
import pytest
from aiohttp import web
from logfire.testing import CaptureLogfire
from pydantic_ai import Agent, ImageGenerator

from ai_service import AIService, Brief, instrument

BRIEF = Brief.model_validate(
    {"business": {"name": "Levain", "industry": "SECRETbakery", "tone": "warm", "languages": ["en"]}}
)


@pytest.fixture
def instrumented(capfire: CaptureLogfire) -> Iterator[CaptureLogfire]:
    instrument(configure=False)
    yield capfire
    Agent.instrument_all(False)
    ImageGenerator.instrument_all(False)


async def _made(database: Path) -> list[tuple[str | None, str | None]]:
    """Generate a calendar, a failing post and a picture; return trace and span of each row of the last two."""
    async with AIService.from_env(model="sandbox", database_url=f"sqlite+aiosqlite:///{database}") as ai:
        ids = await ai.add_brief(BRIEF)
        await ai.generate_strategy(ids.business_id, ids.campaign_id)
        post = await ai.generate_content(ids.business_id, ids.campaign_id, 1)
        image = await ai.generate_image(ids.business_id, ids.campaign_id, 1)
        rows = [*await ai.attempts(post.request_id), *await ai.attempts(image.request_id)]
        return [(row.trace_id, row.span_id) for row in rows]


async def test_each_row_carries_the_ids_of_a_span_of_its_call(tmp_path: Path, instrumented: CaptureLogfire) -> None:
    rows = await _made(tmp_path / "books.db")

    spans = {
        (f"{span.context.trace_id:032x}", f"{span.context.span_id:016x}"): span.name
        for span in instrumented.exporter.exported_spans
        if span.context is not None
    }
    assert [spans[trace or "", span or ""] for trace, span in rows] == ["chat sandbox", "image_generation sandbox"]
    assert {"ai_service strategy", "ai_service content", "invoke_agent content"} <= set(spans.values())


async def test_spans_hold_no_content_unless_asked(tmp_path: Path, instrumented: CaptureLogfire) -> None:
    await _made(tmp_path / "books.db")

    exported = json.dumps(instrumented.exporter.exported_spans_as_dict(), default=str)
    assert "invoke_agent content" in exported
    assert "SECRETbakery" not in exported


async def test_spans_hold_content_when_asked(tmp_path: Path, capfire: CaptureLogfire) -> None:
    instrument(configure=False, include_content=True)
    try:
        await _made(tmp_path / "books.db")
    finally:
        Agent.instrument_all(False)
        ImageGenerator.instrument_all(False)

    assert "SECRETbakery" in json.dumps(capfire.exporter.exported_spans_as_dict(), default=str)


PROGRAM = """
import asyncio
from ai_service import AIService, Brief, instrument

async def main():
    instrument()
    async with AIService.from_env(model="sandbox", database_url="sqlite+aiosqlite:///books.db") as ai:
        ids = await ai.add_brief(Brief(business=dict(name="A", industry="b", tone="c", languages=["en"])))
        await ai.suggest_reply(ids.business_id, "hello")

asyncio.run(main())
"""


@asynccontextmanager
async def collector() -> AsyncGenerator[tuple[str, list[bytes]]]:
    """Yield the endpoint of an OTLP collector on loopback, and the traces that it receives."""
    received: list[bytes] = []

    async def take(request: web.Request) -> web.Response:
        if request.path == "/v1/traces":
            received.append(await request.read())
        return web.Response()

    app = web.Application()
    app.router.add_post("/v1/{signal}", take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}", received
    finally:
        await runner.cleanup()


def environment(endpoint: str, home: Path) -> dict[str, str]:
    """Return the environment of a process of its own, which sends no span before it has to."""
    return {
        "OTEL_EXPORTER_OTLP_ENDPOINT": endpoint,
        "OTEL_BSP_SCHEDULE_DELAY": "600000",
        "PYTHONPATH": str(Path(__file__).parent.parent),
        "PATH": "/usr/bin:/bin",
        "HOME": str(home),
    }


async def test_traces_go_to_any_otlp_endpoint_without_an_account(tmp_path: Path) -> None:
    async with collector() as (endpoint, received):
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", PROGRAM), cwd=tmp_path, env=environment(endpoint, tmp_path), stderr=subprocess.PIPE
        )
        _, errors = await process.communicate()

    assert process.returncode == 0, errors.decode()
    assert any(b"ai_service messaging" in body for body in received)


APP = """
from contextlib import asynccontextmanager
from fastapi import FastAPI
from ai_service import AIService, Brief, instrument

instrument()

@asynccontextmanager
async def lifespan(app):
    async with AIService.from_env(model="sandbox", database_url="sqlite+aiosqlite:///books.db") as app.state.ai:
        yield

app = FastAPI(lifespan=lifespan)

@app.post("/reply")
async def reply():
    ids = await app.state.ai.add_brief({"business": dict(name="A", industry="b", tone="c", languages=["en"])})
    return (await app.state.ai.suggest_reply(ids.business_id, "hello")).request_id
"""


async def test_the_spans_of_the_last_call_survive_a_server_that_is_told_to_stop(tmp_path: Path) -> None:
    """Uvicorn ends its process by the signal that stopped it, so that no hook of Python's own runs."""
    (tmp_path / "app.py").write_text(APP)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address, fd = f"http://127.0.0.1:{listener.getsockname()[1]}", listener.fileno()
        async with collector() as (endpoint, received):
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "uvicorn", "app:app", "--fd", str(fd)),
                cwd=tmp_path,
                env=environment(endpoint, tmp_path),
                pass_fds=[fd],
                stderr=subprocess.PIPE,
            )
            async with httpx2.AsyncClient(timeout=60) as client:
                answer = await client.post(f"{address}/reply")
            process.terminate()
            _, errors = await process.communicate()

    assert (answer.status_code, process.returncode) == (200, -signal.SIGTERM), errors.decode()
    assert any(b"ai_service messaging" in body for body in received)
