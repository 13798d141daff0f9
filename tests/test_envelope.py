"""What stands around an answer: forms of envelopes, ends, errors, redirects and bodies without bounds."""

import gzip
import json
import time
import zlib
from dataclasses import dataclass

import pytest
from pydantic import JsonValue

from agents.envelope.completions import completion
from agents.envelope.token_counts import usage_of_answer
from ai_service import AIGenerationError, ConfigurationError, Feature
from tests import serving
from tests.loop_watch import watched_loop
from tests.provider.reactions import Answer, Endless, HttpError, RawBody, Reaction, Sampled
from tests.provider.received import JsonObject, ReceivedRequest
from tests.serving import KEY, MODELS, POST, Shop

server, stored, no_environment = serving.server, serving.stored, serving.no_environment
shop = serving.shop

HALF_A_POST = POST[:50]


def chat(
    content: JsonValue = POST, *, finish: JsonValue = "stop", usage: JsonValue = None, **changed: JsonValue
) -> str:
    """Return a completion with what no server can leave out, and the changes."""
    message: JsonObject = {"role": "assistant", "content": content}
    counted = usage or {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120}
    document: JsonObject = {
        "id": "1",
        "object": "chat.completion",
        "created": 1,
        "model": "gpt-5.2",
        "choices": [{"index": 0, "message": message, "finish_reason": finish}],
        "usage": counted,
    }
    return json.dumps({**document, **changed})


def responses(**changed: JsonValue) -> str:
    part: JsonObject = {"type": "output_text", "text": POST, "annotations": []}
    document: JsonObject = {
        "id": "1",
        "object": "response",
        "created_at": 1,
        "model": "gpt-5.2",
        "status": "completed",
        "output": [{"type": "message", "id": "m", "role": "assistant", "status": "completed", "content": [part]}],
        "usage": {"input_tokens": 100, "output_tokens": 20, "total_tokens": 120},
    }
    return json.dumps({**document, **changed})


THINKING: JsonObject = {"type": "thinking", "thinking": [{"type": "text", "text": "hm {"}]}
CALL: JsonObject = {"id": "c", "type": "function", "function": {"name": "post", "arguments": POST}}
HUGE = 2**63
ACCEPTED = {
    "no id, object, created or index": json.dumps({"choices": [{"message": {"content": POST}}], "model": "gpt-5.2"}),
    "a null model": chat(model=None),
    "a list of parts": chat([THINKING, {"type": "text", "text": POST}]),
    "parts without a type": chat([{"text": POST[:20]}, {"text": POST[20:]}]),
    "an object instead of its text": chat(json.loads(POST)),
    "the arguments of a tool call": chat(
        choices=[{"message": {"content": None, "tool_calls": [CALL]}, "finish_reason": "tool_calls"}]
    ),
    "an unknown reason": chat(finish="eos_token"),
    "a reason that is no text": chat(finish={"type": "stop"}),
    "no reason": chat(finish=None),
    "a partial usage": chat(usage={"prompt_tokens": 900}),
    "a usage of floats": chat(usage={"prompt_tokens": 900.0, "completion_tokens": 3.0}),
    "a huge usage": chat(usage={"prompt_tokens": HUGE, "completion_tokens": 10}),
    "a negative usage": chat(usage={"prompt_tokens": -1, "completion_tokens": 10}),
    "a usage of texts": chat(usage={"prompt_tokens": "many", "completion_tokens": []}),
    "more cached than input tokens": chat(
        usage={"prompt_tokens": 10, "completion_tokens": 30, "prompt_tokens_details": {"cached_tokens": 3900}}
    ),
    "a time after the end of time": chat(created=HUGE),
    "reasoning of another type": chat(choices=[{"message": {"content": POST, "reasoning": [1]}}]),
    "an empty error": chat(error={}),
    "a text beside no message": json.dumps({"choices": [{"text": POST, "finish_reason": "stop"}]}),
}
"""Answers whose text is good, whatever stands around it."""
ACCEPTED_RESPONSES = {
    "a null model": responses(model=None, id=None, created_at=None),
    "a partial usage": responses(usage={"input_tokens": 900}),
    "a huge usage": responses(usage={"input_tokens": HUGE, "output_tokens": 1}),
    "a message without a type": responses(output=[{"content": [{"type": "output_text", "text": POST}]}]),
    "a content that is a text": responses(output=[{"type": "message", "content": POST}]),
    "items of other types": responses(output=[7, {"type": "new"}, *json.loads(responses())["output"]]),
    "a call of a tool": responses(output=[{"type": "function_call", "name": "post", "arguments": POST}]),
}


@pytest.mark.parametrize(("api", "bodies"), [("chat", ACCEPTED), ("responses", ACCEPTED_RESPONSES)])
async def test_a_good_answer_is_used_whatever_stands_around_it(shop: Shop, api: str, bodies: dict[str, str]) -> None:
    failed: dict[str, object] = {}
    async with shop.open(model={"chat": MODELS["chat"]}.get(api, MODELS["responses"])) as ai:
        for name, body in bodies.items():
            before = len(shop.server.requests)
            shop.server.script(RawBody(body))
            try:
                await shop.ask(ai)
            except AIGenerationError as error:
                failed[name] = error
            if len(shop.server.requests) != before + 1:
                failed.setdefault(name, "asked again")

    assert failed == {}


async def test_a_usage_that_says_less_is_kept_and_one_that_cannot_be_is_the_bound(shop: Shop) -> None:
    async with shop.open(model=MODELS["chat"], max_output_tokens=500) as ai:
        booked: list[tuple[int, int, bool]] = []
        for name in ("a partial usage", "a huge usage", "a negative usage", "more cached than input tokens"):
            shop.server.script(RawBody(ACCEPTED[name]))
            (row,) = (await shop.ask(ai)).attempts
            booked.append((row.input_tokens, row.output_tokens, row.cost_estimated))

    assert booked[0] == (900, 500, True)
    assert all(tokens_in > 1000 and tokens_out == 500 and estimated for tokens_in, tokens_out, estimated in booked[1:])


async def test_an_answer_that_a_tool_call_holds_is_noted(shop: Shop) -> None:
    shop.server.script(RawBody(ACCEPTED["the arguments of a tool call"]))

    async with shop.open(model=MODELS["chat"]) as ai:
        result = await shop.ask(ai)

    assert result.attempts[0].repairs[0] == "arguments of a tool call read as the answer"


ENDINGS = {
    "truncated": ("length", "max_tokens", "MAX_TOKENS", "model_length", "max_output_tokens", "token_limit"),
    "content_filter": (
        *("content_filter", "SAFETY", "sensitive", "RECITATION", "PROHIBITED_CONTENT", "BLOCKLIST", "SPII"),
        *("guardrail_intervened", "refusal", "content-filter", "contentFilter"),
    ),
    "server_error": ("error", "network_error", "insufficient_system_resource", "abort"),
    "invalid_output": ("stop", "eos", "end_turn", "other", "", "tool_calls"),
}
"""How an answer of half a post counts that ends for these reasons."""


async def test_an_end_counts_by_what_it_means(shop: Shop) -> None:
    wrong: dict[str, str] = {}
    async with shop.open(model=MODELS["chat"], max_attempts=1) as ai:
        for status, reasons in ENDINGS.items():
            for reason in reasons:
                shop.server.script(RawBody(chat(HALF_A_POST, finish=reason)))
                with pytest.raises(AIGenerationError) as caught:
                    await shop.ask(ai)
                if caught.value.reason != status:
                    wrong[reason] = caught.value.reason

    assert wrong == {}


ERRORS: dict[str, JsonValue] = {
    "server_error": {"error": {"code": 502, "message": "m"}},
    "server_error ": {"error": {"code": "overloaded_error"}},
    "server_error  ": {"error": "the backend is gone"},
    "server_error   ": {"choices": [{"message": {"content": HALF_A_POST}, "error": {"code": 502}}]},
    "server_error    ": {"type": "error", "error": {"type": "api_error"}},
    "rate_limited": {"error": {"code": "429"}},
    "rate_limited ": {"error": {"status": "RESOURCE_EXHAUSTED"}},
    "rejected": {"error": {"code": "invalid_api_key"}},
    "rejected ": {"object": "error", "code": 404, "message": "m"},
    "quota": {"error": {"type": "insufficient_quota"}},
    "content_filter": {"error": {"code": "content_policy_violation"}},
    "content_filter ": {"error": {"code": "data_inspection_failed"}},
}
"""How an error in a success counts."""


@pytest.mark.parametrize("api", ["chat", "responses"])
async def test_an_error_in_a_success_is_sorted_by_its_code_and_costs_nothing(shop: Shop, api: str) -> None:
    wrong: dict[str, object] = {}
    async with shop.open(model={"chat": MODELS["chat"]}.get(api, MODELS["responses"]), max_attempts=1) as ai:
        for status, body in ERRORS.items():
            shop.server.script(RawBody(json.dumps(body)))
            with pytest.raises(AIGenerationError) as caught:
                await shop.ask(ai)
            if (caught.value.reason, caught.value.cost_usd) != (status.strip(), 0):
                wrong[status] = caught.value

    assert wrong == {}


@pytest.mark.parametrize("said", ["Request too large for this model", "TPM: Limit 30,000, Requested 41,200."])
async def test_a_limit_that_the_request_alone_exceeds_is_not_waited_for(shop: Shop, said: str) -> None:
    shop.server.script(HttpError(429, message=said))

    async with shop.open() as ai:
        with pytest.raises(AIGenerationError, match="HTTP 429 request_too_large"):
            await shop.ask(ai)


async def test_a_wait_with_a_fraction_is_kept(shop: Shop) -> None:
    shop.server.script(HttpError(429, headers={"retry-after": "0.25"}), Sampled())
    began = time.monotonic()

    async with shop.open(backoff_s=0) as ai:
        await shop.ask(ai)

    assert time.monotonic() - began >= 0.25


@pytest.mark.parametrize("feature", [Feature.CONTENT, Feature.IMAGE])
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_not_followed_and_the_row_says_where_to(shop: Shop, feature: Feature, status: int) -> None:
    shop.server.script(RawBody("", status=status, headers={"location": f"{shop.server.base_url}/elsewhere?key={KEY}"}))

    async with shop.open() as ai:
        with pytest.raises(AIGenerationError) as caught:
            await shop.ask(ai, feature)

    (row,) = caught.value.attempts
    address = shop.server.base_url.removesuffix("/v1")
    assert len(shop.server.requests) == 1
    assert (row.status, row.http_status, row.cost_usd) == ("rejected", status, 0)
    assert row.error == f"HTTP {status}: redirected to {address}, not followed"


@dataclass(frozen=True)
class Flood:
    """A body that nobody asked for."""

    reaction: Reaction
    said: str
    feature: Feature = Feature.CONTENT
    status: str = "server_error"


def _blanks(megabytes: int) -> bytes:
    """Return packed blanks, made in pieces: the test measures memory."""
    packer = zlib.compressobj(1, wbits=16 + zlib.MAX_WBITS)
    return b"".join([*(packer.compress(MEGABYTE) for _ in range(megabytes)), packer.flush()])


MEGABYTE = b" " * 1_000_000
PACKED = {"content-encoding": "gzip"}
FLOODS = {
    "endless": Flood(Endless(MEGABYTE), "the body is larger than 2 MB"),
    "endless_error": Flood(Endless(MEGABYTE, status=500), "the body is larger than 2 MB"),
    "endless_picture": Flood(Endless(MEGABYTE), "the body is larger than 32 MB", Feature.IMAGE),
    "bomb": Flood(RawBody(_blanks(500), headers=PACKED), "the body is larger than 2 MB"),
    "bomb_for_a_picture": Flood(RawBody(_blanks(500), headers=PACKED), "the body is larger than 32 MB", Feature.IMAGE),
    "many_parts": Flood(
        RawBody('{"choices":[' + "[]," * 600_000 + "[]]}"),
        "the body is JSON that is cut off or can't be read",
        status="connection",
    ),
    "bomb_cut_off": Flood(RawBody(gzip.compress(chat().encode())[:-9], headers=PACKED), "the packed body is cut off"),
    "no_gzip": Flood(RawBody(chat(), headers=PACKED), "the packed body can't be unpacked"),
    "other_packing": Flood(
        RawBody(chat(), headers={"content-encoding": "br"}), "the body is packed in a way that was not asked for"
    ),
}


@pytest.mark.parametrize("name", FLOODS)
async def test_a_body_without_bounds_ends_in_our_error_with_little_memory_and_the_loop_running(
    shop: Shop, name: str
) -> None:
    shop.server.script(FLOODS[name].reaction)

    async with shop.open(model=MODELS["chat"], max_attempts=1) as ai:
        async with watched_loop() as watch:
            with pytest.raises(AIGenerationError) as caught:
                await shop.ask(ai, FLOODS[name].feature)

    (row,) = caught.value.attempts
    assert (row.status, row.error) == (FLOODS[name].status, f"HTTP {_http(name)}: {FLOODS[name].said}")
    assert watch.more_bytes < 150_000_000
    assert watch.longest_s < 0.5


def _http(name: str) -> int:
    return 500 if name == "endless_error" else 200


async def test_a_packed_answer_is_unpacked(shop: Shop) -> None:
    shop.server.script(RawBody(gzip.compress(chat().encode()), headers=PACKED))

    async with shop.open(model=MODELS["chat"]) as ai:
        result = await shop.ask(ai)

    assert [row.status for row in result.attempts] == ["ok"]
    assert shop.server.requests[0].headers["accept-encoding"] == "gzip"


async def test_an_answer_is_found_after_each_kind_of_failure(shop: Shop) -> None:
    """Whatever a provider sends, the attempts that are left are used."""
    bodies = ["null", "[]", "7", '"text"', "{}", "{", '{"choices": [null]}', '{"choices": [{"message": null}]}']
    bodies += [
        '{"choices": {}}',
        "[" * 100_000,
        f'{{"choices": {"[" * 900}{"]" * 900}}}',
        '{"a": ' * 900 + "1" + "}" * 900,
    ]
    strange: list[JsonValue] = [7, True, [[]], [7], [{"text": 7}]]
    bodies += map(chat, strange)
    bodies += [chat("[" * 100_000), chat('{"caption":' * 50_000), chat("\ud83d"), chat("\x00"), chat("9" * 100_000)]

    bodies.append(chat(POST.replace("Bonjour", "\\ud83d")))
    reactions: list[Reaction] = [RawBody(body) for body in bodies]
    reactions += [HttpError(498), HttpError(425), RawBody('{"error": {"type": 12, "code": [1]}}', status=500)]
    reactions += [RawBody('{"error": ' * 900 + "1" + "}" * 900, status=500), RawBody("[" * 100_000, status=503)]

    def react(request: ReceivedRequest) -> Reaction:
        return reactions[request.number // 2] if request.number % 2 == 0 else Answer(POST)

    shop.server.script(react)
    failed: dict[str, object] = {}
    async with shop.open(model=MODELS["chat"]) as ai:
        for reaction in reactions:
            try:
                result = await shop.ask(ai)
            except AIGenerationError as error:
                failed[repr(reaction)[:60]] = error
            else:
                assert len(result.attempts) == 2, repr(reaction)[:60]

    assert failed == {}


async def test_another_vendors_address_without_a_scheme_is_a_configuration_error_and_costs_nothing(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OLLAMA_BASE_URL", "127.0.0.1:9000/v1")

    async with shop.open(model="ollama:llama3") as ai:
        with pytest.raises(ConfigurationError, match="has no scheme or no host"):
            await shop.ask(ai)
        (row, *_) = await ai.attempts(limit=1)

    assert (row.status, row.cost_usd) == ("rejected", 0)


def test_what_a_router_says_of_the_cost_is_kept_as_it_says_it() -> None:
    said: JsonObject = {
        "prompt_tokens": 10,
        "completion_tokens": 3,
        "cost": 0.0012,
        "cost_details": {"upstream": 0.001},
    }
    usage = usage_of_answer(said, total_in="prompt_tokens", total_out="completion_tokens")

    assert usage is not None
    assert (usage["cost"], usage["cost_details"]) == (0.0012, {"upstream": 0.001})
    assert completion(json.loads(chat(provider="P")), model="gpt-5.2")["provider"] == "P"
