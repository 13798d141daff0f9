"""Nothing secret leaves with an error: neither in its causes, nor in spans, log lines and rows, nor in a setting."""

import json
import logging
import traceback
from collections.abc import Callable, Iterator

import pytest
from logfire.testing import CaptureLogfire
from pydantic import SecretStr
from pydantic_ai import Agent, ImageGenerator

from ai_service import AIGenerationError, Settings, instrument
from tests import serving
from tests.provider.reactions import Answer, RawBody
from tests.provider.received import JsonObject, ReceivedRequest
from tests.serving import KEY, MODELS, TEXT_APIS, Shop

server, stored, no_environment = serving.server, serving.stored, serving.no_environment
shop = serving.shop

WORDS = "Anatole a une allergie rare"
"""What a customer said."""
NAME = "Anatole"


@pytest.fixture
def instrumented(capfire: CaptureLogfire) -> Iterator[CaptureLogfire]:
    instrument(configure=False)
    yield capfire
    Agent.instrument_all(False)
    ImageGenerator.instrument_all(False)


def _quoting(status: int, **error: str) -> Callable[[ReceivedRequest], RawBody]:
    """Return a server that quotes headers and body of what it refuses."""

    def react(request: ReceivedRequest) -> RawBody:
        said = f"{request.headers} {json.dumps(request.body, ensure_ascii=False)}"
        document: JsonObject = {"error": {"message": said, **error}}
        return RawBody(json.dumps(document), status=status)

    return react


REACTIONS: dict[str, Callable[[ReceivedRequest], RawBody | Answer]] = {
    "refused": _quoting(400),
    "failed": _quoting(500),
    "in a success": _quoting(200, code="internal"),
    "in the code": _quoting(400, code=KEY, type=NAME),
    "in the parameter": _quoting(422, param=NAME),
    "as a page": lambda request: RawBody(f"<p>{WORDS} {KEY}</p>", status=502, content_type="text/html"),
    "as a page in a success": lambda request: RawBody(f"<p>{WORDS} {KEY}</p>", content_type="text/html"),
    "in broken JSON": lambda request: RawBody(f'{{"choices": "{WORDS} {KEY}'),
    "in an answer of another form": lambda request: Answer(json.dumps({"other": WORDS})),
    "in prose": lambda request: Answer(f"{WORDS}, {KEY}"),
}


@pytest.mark.parametrize("api", TEXT_APIS)
async def test_a_provider_that_quotes_the_request_tells_nobody(
    shop: Shop, instrumented: CaptureLogfire, caplog: pytest.LogCaptureFixture, api: str
) -> None:
    caplog.set_level(logging.DEBUG, logger="ai_service")
    leaks: list[str] = []
    async with shop.open(model=MODELS["chat" if api == "chat" else "responses"]) as ai:
        for name, react in REACTIONS.items():
            shop.server.script(react)
            instrumented.exporter.clear()
            caplog.clear()
            with pytest.raises(AIGenerationError) as caught:
                await ai.suggest_reply(shop.business_id, WORDS)
            told = {
                "traceback": "".join(traceback.format_exception(caught.value)),
                "spans": json.dumps(instrumented.exporter.exported_spans_as_dict(), default=str),
                "log": "\n".join(
                    f"{record.getMessage()} {record.exc_text}"
                    for record in caplog.records
                    if record.name.startswith("ai_service")
                ),
                "json": json.dumps(caught.value.to_dict()),
                "row": " ".join(row.error or "" for row in caught.value.attempts),
            }
            leaks += [f"{name}: {where}" for where, text in told.items() if KEY in text or NAME in text]
            # with the variables of each frame, as some error trackers take them: a host's own hold its customer's words
            frames = "".join(traceback.TracebackException.from_exception(caught.value, capture_locals=True).format())
            leaks += [f"{name}: variables"] * (KEY in frames)

    assert leaks == []


async def test_a_span_records_the_class_and_the_reason_of_an_error(shop: Shop, instrumented: CaptureLogfire) -> None:
    shop.server.script(_quoting(500))

    async with shop.open(max_attempts=1) as ai:
        with pytest.raises(AIGenerationError) as caught:
            await ai.suggest_reply(shop.business_id, WORDS)

    *_, span = [span for span in instrumented.exporter.exported_spans if span.name == "ai_service messaging"]
    (event,) = span.events
    kind = f"{type(caught.value).__module__}.AIGenerationError"
    assert dict(event.attributes or {}) == {"exception.type": kind, "ai_service.reason": "server_error"}
    assert span.status.description == "AIGenerationError server_error"


def test_the_repr_of_settings_shows_no_password() -> None:
    settings = Settings(
        database_url="postgresql://me:hunter2@db.example/books?password=hunter2&ssl=require",
        openai_api_key=SecretStr("hunter2"),
        openai_base_url="https://me:hunter2@gateway.example/v1",
        prices="https://prices.example/list?key=hunter2",
    )

    assert "hunter2" not in f"{settings!r} {settings}"
