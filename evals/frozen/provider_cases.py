"""Plays what a provider, a server or a network may send: each case of `round_3_provider` through `suggest_reply`."""

import asyncio
import json
import socket
import traceback
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from aiohttp import web

from ai_service import AIService, AIServiceError, instrument
from evals.frozen.loopback import Asked, Loopback
from evals.frozen.opened import WORDS, Came, Ticking, came_of, opened
from evals.frozen.provider_bodies import body_of, send_case, send_good
from evals.frozen.provider_rules import Played, complaints
from evals.frozen.situations import Situation, Situations, brief_of
from evals.frozen.tally import Found, found_of
from evals.frozen.watched import logged, watched

OTHER_WORDS = "Thanks, see you soon!"
"""What another customer wrote."""


async def judged_provider(found: Situations) -> list[Found]:
    """Return what becomes of each case, in a service of its own."""
    async with Loopback() as other:
        return [await _judged(found, case, other) for case in found.cases]


async def _judged(found: Situations, case: Situation, other: Loopback) -> Found:
    other.asked.clear()
    clock = Ticking()
    played = Played(case)
    async with Loopback() as server:
        server.set(_answering(case, played, clock, other.port))
        with logged() as lines, _traced(".secret." in case.id) as spans:
            async with opened(server, {"b": brief_of(found, case)}, clock=clock, **_settings(case, server)) as ai:
                await _play(ai, case, server, played, clock)
                rows = await ai.attempts(limit=1000)
        played.rows = sorted(rows, key=lambda row: (row.started_at, row.attempt))
        played.said = [*lines, *spans(), *_error_texts(played.came)]
        paths = [asked.http.path for asked in server.asked]
        played.elsewhere = len(other.asked) + sum(not path.endswith(("/completions", "/responses")) for path in paths)
        played.bodies = [asked.body for asked in server.asked]
    return found_of(case, played.came, complaints(played))


async def _play(ai: AIService, case: Situation, server: Loopback, played: Played, clock: Ticking) -> None:
    """Make the calls of a case."""
    body_of(case)  # what takes long to build is there before anything is measured
    async with watched() as played.watch:
        first = asyncio.create_task(came_of(ai.suggest_reply("b", WORDS, campaign_id="b"), server))
        if "other_call" in case.exact:
            while not server.asked and not first.done():
                await asyncio.sleep(0.001)  # until the first request is there
            began = clock.monotonic()
            played.other = await came_of(ai.suggest_reply("b", OTHER_WORDS, campaign_id="b"), server)
            played.other_waited_s = clock.monotonic() - began
        played.came = await first
    if played.other:  # both were counted together
        of_other = sum(asked.document["task"]["customer_message"] == OTHER_WORDS for asked in server.asked)
        played.other = replace(played.other, requests=of_other)
        played.came = replace(played.came, requests=len(server.asked) - of_other)
    played.took_s = clock.monotonic()
    if "second_call_requests" in case.exact:
        played.second = await came_of(ai.suggest_reply("b", WORDS, campaign_id="b"), server)


def _answering(case: Situation, played: Played, clock: Ticking, other_port: int) -> Callable[[Asked], Any]:
    times: str = case.input["times"]

    async def answer(asked: Asked) -> web.StreamResponse:
        played.arrivals.append(clock.monotonic())
        if times.startswith("to each request"):
            bad = _REFUSED[case.id.removeprefix("r3.prov.param.")](asked.body)
        elif times == "once, then good":
            bad = len(played.arrivals) == 1
        else:
            others = "messages" in asked.body and asked.document["task"]["customer_message"] == OTHER_WORDS
            bad = not others
        return await (send_case(case, asked, clock=clock, other_port=other_port) if bad else send_good(asked))

    return answer


def _format(body: dict[str, Any]) -> dict[str, Any]:
    return body.get("response_format") or {}


# Any: the body of a request
_REFUSED: dict[str, Callable[[dict[str, Any]], bool]] = {
    "vllm_old": lambda body: "max_completion_tokens" in body,
    "mistral_nested": lambda body: "max_completion_tokens" in body,
    "mistral_string": lambda body: "max_completion_tokens" in body,
    "azure_max": lambda body: "max_tokens" in body,
    "temperature": lambda body: "temperature" in body,
    "schema_groq": lambda body: _format(body).get("type") == "json_schema",
    "format_unavailable": lambda body: "response_format" in body,
    "lmstudio": lambda body: _format(body).get("type") == "json_object",
    "strict": lambda body: "strict" in _format(body).get("json_schema", {}),
    "two_at_once": lambda body: bool({"store", "max_completion_tokens", "response_format"} & set(body)),
}
"""Which requests a compatible server refuses. Where a case sets a parameter, the default is tried instead: what has no
such parameter is answered at once."""


# Any: fields of the settings
def _settings(case: Situation, server: Loopback) -> dict[str, Any]:
    model = "openai:gpt-5.2" if case.input["api"].startswith("responses") else "openai-chat:writer-1"
    match case.id:
        case "r3.prov.conn.slow":
            return {"model": model, "request_timeout_s": 2}
        case "r3.prov.conn.refused":
            with socket.socket() as taken:
                taken.bind(("127.0.0.1", 0))
                port = taken.getsockname()[1]  # nothing listens on it
            return {"model": model, "deadline_s": 3, "openai_base_url": f"http://127.0.0.1:{port}/v1"}
        case _:
            return {"model": model}


@contextmanager
def _traced(on: bool) -> Generator[Callable[[], list[str]]]:
    """Collect spans while the block runs, with content left out as by default."""
    if not on:
        yield lambda: []
        return
    import logfire
    from logfire.testing import TestExporter
    from opentelemetry.sdk.trace.export import SimpleSpanProcessor
    from pydantic_ai import Agent, ImageGenerator

    exporter = TestExporter()
    logfire.configure(send_to_logfire=False, console=False, additional_span_processors=[SimpleSpanProcessor(exporter)])
    instrument(configure=False)
    try:
        yield lambda: [json.dumps(exporter.exported_spans_as_dict(), default=str, ensure_ascii=False)]
    finally:
        Agent.instrument_all(False)
        ImageGenerator.instrument_all(False)


def _error_texts(came: Came) -> list[str]:
    if came.error is None:
        return []
    told = json.dumps(came.error.to_dict(), ensure_ascii=False) if isinstance(came.error, AIServiceError) else ""
    return [str(came.error), told, "".join(traceback.format_exception(came.error))]
