"""The settings, their sources, and the errors of inconsistent ones."""

from pathlib import Path
from typing import Any

import pytest

from ai_service import AIGenerationError, AIService, ConfigurationError, Feature, Settings
from tests import serving
from tests.clocks import StoppedClock
from tests.provider.reactions import Hang, HttpError, Sampled
from tests.serving import KEY, Shop

server, stored, no_environment = serving.server, serving.stored, serving.no_environment
shop = serving.shop

pytestmark = pytest.mark.usefixtures("no_environment")


def test_neither_model_nor_key_is_an_error_that_names_the_sandbox() -> None:
    with pytest.raises(ConfigurationError, match=r"set OPENAI_API_KEY, or AI_SERVICE_MODEL .* or to 'sandbox'"):
        AIService.from_env()


def test_a_key_alone_is_openai(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)

    settings = AIService.from_env().settings

    assert settings.chain(Feature.CONTENT) == ["openai:gpt-5.2"]
    assert settings.chain(Feature.IMAGE) == ["openai:gpt-image-2"]


def test_a_lost_key_is_noticed_for_pictures_when_one_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AI_SERVICE_MODEL", "anthropic:claude-sonnet-4-5")

    settings = AIService.from_env().settings

    assert settings.chain(Feature.VIDEO) == ["anthropic:claude-sonnet-4-5"]
    with pytest.raises(ConfigurationError, match="AI_SERVICE_IMAGE_MODEL for images"):
        settings.chain(Feature.IMAGE)


def test_the_sandbox_serves_pictures_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AI_SERVICE_MODEL", "sandbox")

    assert AIService.from_env().settings.chain(Feature.IMAGE) == ["sandbox"]


def test_what_is_passed_wins_over_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AI_SERVICE_MODEL", "openai:gpt-5-mini")
    monkeypatch.setenv("AI_SERVICE_DATABASE_URL", "sqlite:///one.db")

    settings = AIService.from_env(model="sandbox", image_model="openai:gpt-image-1").settings

    assert settings.chain(Feature.STRATEGY) == ["sandbox"]
    assert settings.chain(Feature.IMAGE) == ["openai:gpt-image-1"]
    assert settings.database_url == "sqlite:///one.db"


def test_models_per_feature_are_json(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AI_SERVICE_MODEL", "sandbox")
    monkeypatch.setenv("AI_SERVICE_MODELS", '{"strategy": ["openai:gpt-5.2", "openai:gpt-5-mini"], "video": "x:y"}')

    settings = Settings.from_env()

    assert settings.chain(Feature.STRATEGY) == ["openai:gpt-5.2", "openai:gpt-5-mini"]
    assert settings.chain(Feature.VIDEO) == ["x:y"]
    assert settings.chain(Feature.CONTENT) == ["sandbox"]


def test_models_for_some_features_are_not_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AI_SERVICE_MODELS", '{"strategy": "openai:gpt-5.2"}')

    with pytest.raises(ConfigurationError, match="no model is configured"):
        AIService.from_env()


def test_a_file_called_env_is_read_and_the_environment_wins_over_it(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("AI_SERVICE_MODEL=openai:gpt-5-mini\nAI_SERVICE_MAX_ATTEMPTS=2\nOTHER=1\n")
    monkeypatch.setenv("AI_SERVICE_MAX_ATTEMPTS", "4")

    settings = Settings.from_env()

    assert (settings.model, settings.max_attempts) == ("openai:gpt-5-mini", 4)


async def test_a_key_in_a_file_called_env_is_the_one_that_is_sent(shop: Shop) -> None:
    Path(".env").write_text(f"OPENAI_API_KEY={KEY}\nOPENAI_BASE_URL={shop.server.base_url}\n")

    async with AIService.from_env(database_url=f"sqlite:///{shop.database}") as ai:
        await shop.ask(ai)

    assert shop.server.requests[0].headers["authorization"] == f"Bearer {KEY}"


async def test_a_compatible_server_needs_no_key(shop: Shop) -> None:
    async with shop.open(openai_api_key=None, model="openai-chat:our-own-model") as ai:
        result = await shop.ask(ai)

    assert result.model == "openai:our-own-model"


# Any: settings of every type
@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({}, "model of strategy: Missing credentials. Please pass an `api_key`"),
        ({"model": "sandbox"}, "model of image: Missing credentials. Please pass an `api_key`"),
        ({"model": "gpt-5.2"}, "model of strategy: 'gpt-5.2' names no provider: did you mean openai:gpt-5.2?"),
        ({"model": "claude-sonnet-4-5"}, "names no provider: did you mean anthropic:claude-sonnet-4-5?"),
        ({"model": "ours"}, "'ours' names no provider: write provider:model, e.g. openai:gpt-5.2"),
        ({"model": "openai:"}, "'openai:' names no model: write provider:model"),
        ({"model": "opneai:gpt-5.2"}, "Unknown model: opneai:gpt-5.2. Did you mean 'openai:gpt-5.2'?"),
        ({"model": "groq:x"}, "Please install the `groq` package"),
        ({"model": "anthropic:claude-sonnet-4-5"}, "Set the `ANTHROPIC_API_KEY` environment variable"),
        ({"model": "sandbox", "models": {"video": ["sandbox", "x:y"]}}, "model of video: Unknown model: x:y"),
        ({"model": "sandbox", "image_model": "gpt-image-2"}, "'gpt-image-2' names no provider"),
        ({"model": "sandbox", "image_model": "x:y"}, "model of image: Unknown provider: x"),
        ({"model": None}, "no model is configured"),
    ],
)
async def test_a_model_that_can_not_be_used_is_an_error_on_opening(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, settings: dict[str, Any], message: str
) -> None:
    monkeypatch.delenv("ANTHROPIC_API_KEY", raising=False)

    with pytest.raises(ConfigurationError) as caught:
        async with shop.open(openai_api_key=None, openai_base_url=None, **settings):
            pass

    assert message in str(caught.value)


async def test_a_default_that_can_not_work_is_an_error_when_its_feature_is_called(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OLLAMA_BASE_URL", shop.server.base_url)

    async with shop.open(openai_api_key=None, openai_base_url=None, model="ollama:qwen3", image_model=None) as ai:
        ready = await ai.ready()
        with pytest.raises(ConfigurationError, match="AI_SERVICE_IMAGE_MODEL for images"):
            await shop.ask(ai, Feature.IMAGE)

    (image,) = [check for check in ready.checks if check.name == "model of image"]
    assert ready.ok
    assert (image.ok, image.required) == (False, False)
    assert "AI_SERVICE_IMAGE_MODEL for images" in image.detail


async def test_another_vendor_is_asked_for_by_name(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OLLAMA_BASE_URL", shop.server.base_url)

    async with shop.open(model="ollama:qwen3") as ai:
        result = await shop.ask(ai)

    assert (result.model, shop.server.requests[0].model) == ("ollama:qwen3", "qwen3")
    assert result.cost_usd is None


async def test_another_vendors_client_adds_no_retry_of_its_own(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OLLAMA_BASE_URL", shop.server.base_url)
    shop.server.script(HttpError(500), Sampled())

    async with shop.open(model="ollama:qwen3") as ai:
        result = await shop.ask(ai)

    assert len(shop.server.requests) == len(result.attempts) == 2


def test_each_feature_may_have_limits_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    own = {"request_timeout_s": 7, "deadline_s": 60, "max_attempts": 2, "max_output_tokens": 900}
    monkeypatch.setenv("AI_SERVICE_FEATURES", f'{{"video": {own}, "image": {own}}}'.replace("'", '"'))

    settings = Settings.from_env()

    assert settings.limits(Feature.VIDEO).model_dump() == own
    assert settings.limits(Feature.IMAGE).model_dump() == own
    assert settings.limits(Feature.CONTENT).model_dump() == {
        "request_timeout_s": 20,
        "deadline_s": 45,
        "max_attempts": 3,
        "max_output_tokens": 4000,
    }


def test_pictures_may_take_longer_unless_told(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings.from_env()
    assert settings.limits(Feature.IMAGE).model_dump() == {
        "request_timeout_s": 60,
        "deadline_s": 120,
        "max_attempts": 3,
        "max_output_tokens": 8000,
    }

    monkeypatch.setenv("AI_SERVICE_DEADLINE_S", "30")
    monkeypatch.setenv("AI_SERVICE_IMAGE_TIMEOUT_S", "9")
    told = Settings.from_env().limits(Feature.IMAGE)

    assert (told.deadline_s, told.request_timeout_s) == (30, 9)


async def test_the_limits_of_a_feature_hold_for_its_calls_alone(shop: Shop) -> None:
    shop.server.script(HttpError(500))
    features = {"video": {"max_attempts": 1, "max_output_tokens": 123}}

    async with shop.open(features=features) as ai:
        for feature, requests in ((Feature.VIDEO, 1), (Feature.CONTENT, 3)):
            with pytest.raises(AIGenerationError, match=f"after {requests} attempt"):
                await shop.ask(ai, feature)

    limits = [request.at("max_output_tokens") for request in shop.server.requests]
    assert limits == [123, 4000, 4000, 4000]


async def test_the_deadline_of_a_feature_holds_for_its_calls_alone(shop: Shop) -> None:
    shop.server.script(Hang())
    clock = StoppedClock()
    shop.server.when_hanging = lambda: clock.pass_s(10)

    async with shop.open(
        clock=clock, features={"video": {"deadline_s": 10}}, request_timeout_s=10, max_attempts=1
    ) as ai:
        with pytest.raises(AIGenerationError) as content:
            await shop.ask(ai)
    async with shop.open(clock=clock, features={"video": {"deadline_s": 10}}, request_timeout_s=20) as ai:
        with pytest.raises(AIGenerationError) as video:
            await shop.ask(ai, Feature.VIDEO)

    assert (content.value.reason, video.value.reason) == ("timeout", "deadline")


@pytest.mark.parametrize(
    ("variable", "value", "message"),
    [
        ("AI_SERVICE_MAX_ATTEMPTS", "many", "AI_SERVICE_MAX_ATTEMPTS: Input should be a valid integer"),
        ("AI_SERVICE_DEADLINE_S", "-1", "AI_SERVICE_DEADLINE_S: Input should be greater than 0, got '-1'"),
        ("AI_SERVICE_MODELS", "{", "a variable that holds JSON can't be read: .*models"),
        ("AI_SERVICE_MODELS", '{"poem": "x"}', r"AI_SERVICE_MODELS: poem\.\[key\]: Input should be 'strategy'"),
        ("AI_SERVICE_MODELS", '{"video": []}', "AI_SERVICE_MODELS: video: Value should have at least 1 item"),
        ("AI_SERVICE_FEATURES", '{"video": {"speed": 1}}', r"AI_SERVICE_FEATURES: video\.speed: .*\(remove it"),
    ],
)
def test_a_wrong_variable_is_named(monkeypatch: pytest.MonkeyPatch, variable: str, value: str, message: str) -> None:
    monkeypatch.setenv(variable, value)

    with pytest.raises(ConfigurationError, match=message):
        Settings.from_env()


def test_several_wrong_variables_are_named_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AI_SERVICE_MAX_ATTEMPTS", "0")
    monkeypatch.setenv("AI_SERVICE_BACKOFF_S", "-1")

    with pytest.raises(ConfigurationError, match=r"AI_SERVICE_MAX_ATTEMPTS: .*; AI_SERVICE_BACKOFF_S: "):
        Settings.from_env()


def test_settings_do_not_show_the_key() -> None:
    assert KEY not in repr(Settings.model_validate({"openai_api_key": KEY}))


@pytest.mark.parametrize("blank", ["", "  "])
def test_a_blank_variable_counts_as_unset(monkeypatch: pytest.MonkeyPatch, blank: str) -> None:
    for name in Settings.model_fields:
        monkeypatch.setenv(f"AI_SERVICE_{name.upper()}", blank)
    monkeypatch.setenv("OPENAI_API_KEY", blank)
    Path(".env").write_text("AI_SERVICE_MODEL=sandbox\nAI_SERVICE_DEADLINE_S=\n")

    monkeypatch.setenv("AI_SERVICE_MODELS", '{"video": ""}')

    settings = Settings.from_env(image_model=blank)

    assert (settings.model, settings.openai_api_key, settings.models) == ("sandbox", None, {})
    assert settings.limits(Feature.IMAGE).deadline_s == 120
    assert Settings(deadline_s=blank).limits(Feature.IMAGE).deadline_s == 120


@pytest.mark.parametrize(
    ("variable", "said"),
    [
        ("AI_SERVICE_MAX_ATEMPTS", ": did you mean AI_SERVICE_MAX_ATTEMPTS?"),
        ("AI_SERVICE_OPENAI_API_KEY", ": did you mean OPENAI_API_KEY?"),
        ("AI_SERVICE_FEATURE__VIDEO__DEADLINE_S", ": did you mean AI_SERVICE_FEATURES?"),
        ("AI_SERVICE_ZZZ", ""),
    ],
)
def test_a_misspelt_variable_is_warned_of(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, variable: str, said: str
) -> None:
    monkeypatch.setenv(variable, "1")
    Path(".env").write_text(f"{variable}X=1\nOTHER=1\n")

    Settings.from_env()

    assert caplog.messages[0] == f"{variable} is no setting and is ignored{said}"
    assert [message.partition(" ")[0] for message in caplog.messages] == [variable, f"{variable}X"]


@pytest.mark.parametrize(
    ("encoding", "said"),
    [
        ("utf-16", ".env is not UTF-8 but looks like UTF-16: save it as UTF-8"),
        ("utf-16-le", ".env looks like UTF-16: save it as UTF-8"),
        ("latin-1", ".env is not UTF-8 but looks like another encoding: save it as UTF-8"),
    ],
)
def test_a_file_in_another_encoding_is_named(encoding: str, said: str) -> None:
    content = "AI_SERVICE_MODEL=sandbox" if encoding != "latin-1" else "OTHER=café"
    Path(".env").write_text(content, encoding=encoding)

    with pytest.raises(ConfigurationError) as caught:
        Settings.from_env()

    assert str(caught.value) == said


def test_a_file_with_a_byte_order_mark_is_read() -> None:
    Path(".env").write_text("AI_SERVICE_MODEL=sandbox", encoding="utf-8-sig")

    assert Settings.from_env().model == "sandbox"


def test_a_wrong_setting_in_code_is_named_too() -> None:
    with pytest.raises(ConfigurationError, match="AI_SERVICE_MAX_ATTEMPTS: a truth value does not belong here"):
        Settings(max_attempts=True)
    with pytest.raises(ConfigurationError, match=r"AI_SERVICE_DEADLINE_S: .* finite number"):
        Settings(deadline_s=float("inf"))


def test_settings_show_no_address_that_may_hold_a_password() -> None:
    addresses = {name: f"https://u:secret@{name}" for name in ("database_url", "openai_base_url", "prices")}

    assert "secret" not in repr(Settings(**addresses))


@pytest.mark.parametrize("address", ["127.0.0.1:9000/v1", "localhost", "//server/v1", "http://", "ftp://server/v1"])
def test_an_address_that_nothing_can_be_sent_to_is_a_configuration_error(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", address)

    with pytest.raises(ConfigurationError, match="OPENAI_BASE_URL: is no address of a server"):
        Settings.from_env()
