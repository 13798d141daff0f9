"""The sandbox as a model: it answers like a provider, and fails like one on a reserved word."""

import asyncio
import json
from datetime import date

import pytest
from pydantic_ai import Agent, ModelRetry, NativeOutput
from pydantic_ai.direct import model_request
from pydantic_ai.exceptions import (
    ContentFilterError,
    ModelAuthenticationError,
    ModelConnectionError,
    ModelHTTPError,
    ModelQuotaExceededError,
    ModelRateLimitError,
    ModelRequestRejectedError,
    ModelServerError,
    UnexpectedModelBehavior,
    UserError,
)
from pydantic_ai.messages import ModelMessage, ModelRequest, ModelResponse, TextPart, UserPromptPart

from agents.repair import Unclear, read
from agents.sandbox.document import read_document
from agents.sandbox.model import SandboxModel
from agents.sandbox.reserved import RESERVED_WORDS, Failures
from deps.content import PostTask
from deps.image import ImageTask
from deps.messaging import ReplyTask
from deps.strategy import PillarTask
from deps.untrusted import as_document
from models.brief import Brief, CampaignContext, Weekday
from models.content import PostCopy
from tests.sandbox_parts import BAKERY, DENTIST, ask, changed, day_task, document

TASK = PostTask(language="en", day=day_task("Which brush is right for you?", brief=DENTIST))
ERRORS: dict[str, tuple[type[Exception], int]] = {
    "sandbox:server_error": (ModelServerError, 500),
    "sandbox:rate_limited": (ModelRateLimitError, 429),
    "sandbox:rejected": (ModelRequestRejectedError, 400),
    "sandbox:unauthorized": (ModelAuthenticationError, 401),
    "sandbox:quota": (ModelQuotaExceededError, 429),
}


def with_note(word: str) -> Brief:
    return Brief(business=DENTIST.business, campaign=CampaignContext(notes=f"please {word}, thanks"))


def question(brief: Brief = DENTIST) -> list[ModelMessage]:
    return [ModelRequest.user_text_prompt(document(brief, TASK), instructions="Write the post.")]


async def answer_to(word: str) -> ModelResponse:
    return await model_request(SandboxModel(), question(with_note(word)))


def test_names_itself_as_model_and_provider():
    model = SandboxModel()

    assert (model.model_name, model.system) == ("sandbox", "sandbox")


async def test_an_answer_says_that_it_is_the_sandbox_and_in_which_language():
    task = PillarTask(language="uk-UA")

    response = await model_request(SandboxModel(), [ModelRequest.user_text_prompt(document(DENTIST, task))])

    assert response.provider_details == {
        "sandbox": True,
        "language": "uk-UA",
        "written_in": "en",
        "phrase_file": False,
    }
    assert (response.model_name, response.provider_name) == ("sandbox", "sandbox")


async def test_usage_is_a_token_for_four_characters():
    messages = question()

    response = await model_request(SandboxModel(), messages)

    sent = document(DENTIST, TASK) + "Write the post."
    assert response.usage.output_tokens == -(-len(response.text or "") // 4)
    assert response.usage.input_tokens == pytest.approx(len(sent) / 4, abs=2)


async def test_a_retry_is_told_from_the_first_attempt():
    seen: list[str] = []
    agent = Agent(SandboxModel(), output_type=NativeOutput(PostCopy), retries=2)

    @agent.output_validator
    def refuse_the_first(post: PostCopy) -> PostCopy:
        seen.append(post.caption)
        if len(seen) == 1:
            raise ModelRetry("caption: write it another way")
        return post

    await agent.run(document(BAKERY, TASK))

    assert len(set(seen)) == 2


async def test_the_same_question_gives_the_same_answer():
    first, second = [await model_request(SandboxModel(), question()) for _ in range(2)]

    assert first.text == second.text


async def test_streaming_is_refused():
    agent = Agent(SandboxModel(), output_type=NativeOutput(PostCopy))

    with pytest.raises(UserError, match="does not stream"):
        async with agent.run_stream(document(DENTIST, TASK)):
            pass


@pytest.mark.parametrize(
    "prompt", ["Write me a post", "[]", "{}", '{"task": 3}', '{"task": {"kind": "post"}}', '{"task": {"kind": "x"}}']
)
async def test_a_prompt_that_is_no_document_is_rejected(prompt: str):
    with pytest.raises(ModelRequestRejectedError, match="is not its JSON document"):
        await model_request(SandboxModel(), [ModelRequest.user_text_prompt(prompt)])


async def test_a_conversation_without_a_text_prompt_is_rejected():
    with pytest.raises(ModelRequestRejectedError):
        await model_request(SandboxModel(), [ModelRequest(parts=[UserPromptPart(content=[])])])


async def test_a_picture_is_asked_of_the_image_model():
    task = ImageTask(language="en", day=TASK.day, aspect_ratio="1:1")

    with pytest.raises(ModelRequestRejectedError, match="image model"):
        await model_request(SandboxModel(), [ModelRequest.user_text_prompt(document(DENTIST, task))])


@pytest.mark.parametrize("word", ERRORS)
async def test_errors_are_those_of_a_provider(word: str):
    category, status = ERRORS[word]

    with pytest.raises(category) as caught:
        await answer_to(word)

    assert isinstance(caught.value, ModelHTTPError)
    assert caught.value.status_code == status
    assert caught.value.provider_error_code


async def test_a_rate_limit_says_how_long_to_wait():
    with pytest.raises(ModelRateLimitError) as caught:
        await answer_to("sandbox:rate_limited")

    assert caught.value.retry_after == pytest.approx(0.05)


async def test_a_lost_connection_was_reading_the_answer():
    with pytest.raises(ModelConnectionError) as caught:
        await answer_to("sandbox:connection")

    assert caught.value.phase == "read"


async def test_a_timeout_hangs_until_it_is_cancelled():
    waiting = asyncio.create_task(answer_to("sandbox:timeout"))
    for _ in range(100):  # turns of the event loop, more than an answer takes
        await asyncio.sleep(0)
    assert not waiting.done()

    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting


@pytest.mark.parametrize("word", ["sandbox:content_filter", "sandbox:refusal"])
async def test_a_blocked_answer_is_a_content_filter_error_of_the_run(word: str):
    with pytest.raises(ContentFilterError):
        await ask(with_note(word), TASK, PostCopy)


async def test_an_empty_answer_has_no_text():
    response = await answer_to("sandbox:empty")

    assert response.text is None
    assert (response.provider_details or {})["sandbox"]


@pytest.mark.parametrize("brief", [BAKERY, changed(BAKERY, name="L'Épi d'Or \"le vrai\"")], ids=["plain", "quotes"])
async def test_malformed_json_can_be_repaired_without_loss(brief: Brief):
    noted = Brief(business=brief.business, campaign=CampaignContext(notes="sandbox:malformed"))
    whole = Brief(business=brief.business, campaign=CampaignContext(notes="sandbox:malformed:once"))
    model = SandboxModel()

    broken = (await model_request(model, question(noted))).text or ""
    await model_request(model, question(whole))
    sound = (await model_request(model, question(whole))).text or ""

    with pytest.raises(json.JSONDecodeError):
        json.loads(broken)
    assert json.loads(read(broken, PostCopy.model_json_schema()).text).keys() == json.loads(sound).keys()
    assert brief.business.name.replace('"', '\\"') in broken


async def test_garbage_is_no_json_even_after_repair():
    response = await answer_to("sandbox:garbage")

    with pytest.raises(Unclear):
        read(response.text or "", PostCopy.model_json_schema())


async def test_a_truncated_answer_says_so():
    response = await answer_to("sandbox:truncated")

    assert response.finish_reason == "length"
    with pytest.raises(json.JSONDecodeError):
        json.loads(response.text or "")


@pytest.mark.parametrize("word", ["sandbox:invalid_output", "sandbox:garbage", "sandbox:empty"])
async def test_an_answer_of_the_wrong_form_fails_the_run(word: str):
    with pytest.raises(UnexpectedModelBehavior):
        await ask(with_note(word), TASK, PostCopy)


@pytest.mark.parametrize("word", sorted(RESERVED_WORDS.keys() - {"sandbox:timeout"}))
async def test_once_fails_the_first_request_and_answers_the_next(word: str):
    model, messages = SandboxModel(), question(with_note(f"{word}:once"))
    try:
        first = (await model_request(model, messages)).parts
    except Exception as error:
        first = error

    second = await model_request(model, messages)
    third = model_request(model, question(with_note("nothing")))

    post = PostCopy.model_validate_json(second.text or "")
    assert not isinstance(first, list) or first != [TextPart(second.text or "")]
    assert post.caption
    assert (await third).text


async def test_once_heals_a_run_within_its_retries():
    post = await ask(with_note("sandbox:garbage:once"), TASK, PostCopy)

    assert post.caption


@pytest.mark.parametrize("field", ["name", "industry", "tone", "audience", "facts", "competitors"])
async def test_a_reserved_word_counts_in_every_field(field: str):
    value = "x sandbox:server_error"
    brief = changed(DENTIST, **{field: [value] if field in ("facts", "competitors") else value})

    with pytest.raises(ModelServerError):
        await model_request(SandboxModel(), question(brief))


@pytest.mark.parametrize("text", ["sandbox", "sandbox:", "sandbox:server_errors", "Sandbox: timeout", "sandbox:once"])
async def test_what_only_resembles_a_reserved_word_is_text(text: str):
    response = await answer_to(text)

    assert PostCopy.model_validate_json(response.text or "").caption


def test_what_failed_once_is_forgotten_after_a_thousand_others():
    failures = Failures()
    for number in range(1001):
        assert failures.asked_for(f"{number} sandbox:empty:once") == "empty"

    assert failures.asked_for("0 sandbox:empty:once") == "empty"
    assert failures.asked_for("1000 sandbox:empty:once") is None


def test_each_reserved_word_is_described_in_a_line():
    assert len(RESERVED_WORDS) == 14
    assert all(word.startswith("sandbox:") and "\n" not in said for word, said in RESERVED_WORDS.items())


def test_a_field_that_is_empty_in_a_task_is_empty_in_what_the_sandbox_reads():
    task = ReplyTask(
        language="fr",
        customer_message="",
        channel=None,
        thread=[],
        today=date(2026, 11, 28),
        weekday=Weekday.SATURDAY,
        time=None,
    )

    asked = read_document(as_document(task, BAKERY), attempt=0)

    assert asked.task == task
