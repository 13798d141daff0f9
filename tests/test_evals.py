"""When a run of the evals passes: thresholds, exit codes, and what is shown."""

import asyncio
import json
import re
import sys
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from importlib import import_module
from io import StringIO
from pathlib import Path
from runpy import run_module
from types import ModuleType

import pytest
from pydantic_ai.models import override_allow_model_requests
from pydantic_evals import Case, Dataset
from pydantic_evals.evaluators import Evaluator, EvaluatorContext
from rich.cells import cell_len
from rich.console import Console
from typer.testing import CliRunner, Result

from ai_service import AIService
from evals import command, messaging
from evals.cases import brief_of
from evals.command import app
from evals.messaging import Expected, ReplyCase, message_of
from evals.results import ALL, CaseResult, FeatureResult, Verdict, evaluated, in_words
from evals.thresholds import THRESHOLDS, below
from evals.view import feature_view
from models.vocabulary import Feature
from tests.provider.reactions import UNAUTHORIZED, Answer
from tests.provider.received import JsonObject, ReceivedRequest, value_at
from tests.provider_server import ProviderServer

MODEL = "openai-chat:gpt-5.2"
SORRY = {
    "en": "We are sorry, and the right person is going to look into it for you.",
    "fr": "Nous sommes désolés, et une personne de la maison vous répond.",
    "de": "Das tut uns leid, und wir sehen uns das für Sie an.",
}
ANSWER = {
    "en": "What you are looking for is this: {}",
    "fr": "Pour vous, la réponse est la suivante : {}",
    "de": "Die Antwort für Sie ist: {}",
}
INTENTS = {"price": "question", "booking": "booking", "off_topic": "other", "injection": "question"}
MODULES = {feature: import_module(f"{command.__package__}.{feature}") for feature in Feature}
CASES = {message_of(case.inputs).message: case for case in messaging.load_dataset().cases}


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Configure nothing but a key, without a `.env`."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OPENAI_API_KEY", "test")
    monkeypatch.setenv("COLUMNS", "80")


@pytest.fixture
async def server(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[ProviderServer]:
    async with ProviderServer() as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.base_url)
        with override_allow_model_requests(True):
            yield server


async def run_evals(*arguments: str) -> Result:
    return await asyncio.to_thread(CliRunner().invoke, app, list(arguments))


def good_reply(request: ReceivedRequest) -> JsonObject:
    """Return a good writer's answer to a message of the fixtures."""
    case = CASES[str(value_at(request.document, "task", "customer_message"))]
    assert case.metadata is not None
    language = brief_of(case.inputs.business).business.language
    human = message_of(case.inputs).needs_human
    return {
        "reply": SORRY[language] if human else ANSWER[language].format(next(iter(case.metadata.mentions), "-")),
        "intent": INTENTS.get(case.inputs.kind, "complaint"),
        "needs_human": human,
        "needs_human_reason": "A person must decide." if human else None,
        "language": language,
        "facts_used": [] if human else ["business.facts.0"],
    }


def good(request: ReceivedRequest) -> Answer:
    return Answer(json.dumps(good_reply(request)))


def overconfident(request: ReceivedRequest) -> Answer:
    """Answer like a good writer who never hands over."""
    return Answer(json.dumps({**good_reply(request), "needs_human": False, "needs_human_reason": None}))


async def test_a_run_of_good_replies_passes_exits_0_and_leaves_its_books_in_the_database_named(
    server: ProviderServer, tmp_path: Path
) -> None:
    server.script(good)
    url = f"sqlite+aiosqlite:///{tmp_path / 'kept.db'}"

    result = await run_evals("messaging", "--model", MODEL, "--database", url)

    assert result.exit_code == 0, result.output
    assert result.output.splitlines()[-1].startswith("passed")
    assert "✗" not in result.output
    async with AIService.from_env(model="sandbox", database_url=url) as ai:
        assert [(line.key, line.requests) for line in await ai.costs()] == [("messaging", 30)]


async def test_one_unseen_message_that_needs_a_person_is_enough_to_exit_1(server: ProviderServer) -> None:
    unseen = message_of(ReplyCase(business="levain-fils", kind="angry_pii")).message
    server.script(lambda request: (overconfident if unseen in request.user_texts[0] else good)(request))

    result = await run_evals("messaging", "--model", MODEL)

    assert result.exit_code == 1
    assert "levain-fils angry_pii, hands over: needs_human is False" in result.output
    assert "messaging: hands over 90.0%, at least 100% is asked" in result.output


async def test_cases_that_fail_exit_with_1_and_say_why(server: ProviderServer) -> None:
    server.script(UNAUTHORIZED)

    result = await run_evals("messaging", "--model", MODEL)

    said = " ".join(result.output.split())
    assert result.exit_code == 1
    assert "messaging: 30 of 30 cases failed" in said
    assert said.count("AIGenerationError: no usable answer: rejected") == 1


def test_settings_that_do_not_add_up_exit_with_1_and_one_line() -> None:
    result = CliRunner().invoke(app, ["messaging", "--database", "mysql://nowhere"])

    assert result.exit_code == 1
    assert "AI_SERVICE_DATABASE_URL" in result.stderr


@dataclass
class Breaks(Evaluator[ReplyCase, str, Expected]):
    def evaluate(self, ctx: EvaluatorContext[ReplyCase, str, Expected]) -> bool:
        raise LookupError("a mistake in the evaluator")


@dataclass
class Passes(Evaluator[ReplyCase, str, Expected]):
    def evaluate(self, ctx: EvaluatorContext[ReplyCase, str, Expected]) -> bool:
        return True


async def test_a_broken_evaluator_and_a_failed_task_differ_from_bad_output() -> None:
    cases = [Case[ReplyCase, str, Expected](name=n, inputs=ReplyCase(business="levain-fils", kind=n)) for n in "ab"]
    dataset = Dataset(name="small", cases=cases, evaluators=[Breaks(), Passes()])

    async def write(case: ReplyCase) -> str:
        if case.kind == "a":
            raise TimeoutError("too slow")
        return "text"

    result = await evaluated(Feature.MESSAGING, dataset, write)

    failed, broken = result.cases
    assert (failed.name, failed.error, failed.verdicts) == ("a", "TimeoutError: too slow", [])
    assert [(verdict.name, verdict.passed) for verdict in broken.verdicts] == [("passes", True), ("breaks", None)]
    assert {"1 of 2 cases failed", "1 evaluators broke"} <= set(below(result))


def _result(feature: Feature, *failing: str, times: int = 40) -> FeatureResult:
    """Return a feature's results: all pass, except those in `failing` for the first case."""
    names = [name for name in THRESHOLDS[feature] if name != ALL]
    cases = [
        CaseResult(
            name=str(number),
            business="levain-fils",
            verdicts=[Verdict(name, number > 0 or name not in failing, "") for name in names],
            error=None,
        )
        for number in range(times)
    ]
    return FeatureResult(feature, names, cases)


@pytest.mark.parametrize("module", MODULES.values(), ids=MODULES)
def test_the_table_of_a_feature_fits_80_columns_and_says_what_failed(module: ModuleType) -> None:
    dataset = module.load_dataset()
    names = [in_words(type(evaluator).__name__) for evaluator in dataset.evaluators]
    verdicts = [Verdict(name, False, "a long reason with many words " * 5) for name in names]
    cases = [CaseResult(str(case.name), case.inputs.business, verdicts, None) for case in dataset.cases[1:]]
    failed = CaseResult("the first", dataset.cases[0].inputs.business, [], "TimeoutError: too slow")
    console = Console(width=80, file=StringIO(), highlight=False, markup=False)

    with console.capture() as capture:
        console.print(feature_view(FeatureResult(Feature(dataset.name), names, [failed, *cases])))

    lines = [line.rstrip() for line in capture.get().splitlines()]
    assert [line for line in lines if cell_len(line) > 80 or "…" in line] == []
    assert "! the first: TimeoutError: too slow" in lines
    assert f"✗ {cases[0].name}, {names[0]}: a long reason" in " ".join(lines)


@pytest.mark.parametrize("feature", Feature)
def test_nothing_is_below_where_all_passes(feature: Feature) -> None:
    assert list(below(_result(feature))) == []


@pytest.mark.parametrize("feature", Feature)
def test_invented_promises_and_missed_handovers_are_never_outweighed(feature: Feature) -> None:
    never = [name for name, least in THRESHOLDS[feature].items() if least == 1]

    assert [list(below(_result(feature, name))) for name in never] == [
        [f"{name} 97.5%, at least 100% is asked"] for name in never
    ]


def test_an_evaluator_with_a_threshold_that_never_ran_is_below_it() -> None:
    nothing = FeatureResult(Feature.IMAGE, [], [])

    assert list(below(nothing)) == [
        "all 0.0%, at least 95% is asked",
        "decodes was never checked",
        "size was never checked",
    ]


@pytest.mark.parametrize(("failing", "exit_code"), [((), 0), (("hands over",), 1)], ids=["all pass", "one fails"])
def test_a_run_as_json_is_one_document_with_each_verdict(
    monkeypatch: pytest.MonkeyPatch, failing: tuple[str, ...], exit_code: int
) -> None:
    async def run(
        features: list[Feature], *, finished: Callable[[FeatureResult], None], **_: object
    ) -> list[FeatureResult]:
        results = [_result(feature, *failing) for feature in features]
        for result in results:
            finished(result)
        return results

    monkeypatch.setattr(command, "run", run)

    result = CliRunner().invoke(app, ["messaging", "image", "--json"])

    document = json.loads(result.stdout)
    messages = document["features"]["messaging"]
    assert (result.exit_code, document["passed"], document["model"]) == (exit_code, exit_code == 0, "sandbox")
    assert list(document["features"]) == ["messaging", "image"]
    assert messages["cases"][0]["verdicts"]["hands over"] == {"passed": exit_code == 0, "reason": ""}
    assert messages["shares"]["hands over"] == (0.975 if failing else 1)


def test_each_threshold_names_an_evaluator() -> None:
    names = {
        feature: {in_words(type(one).__name__) for one in module.EVALUATORS} for feature, module in MODULES.items()
    }

    assert {feature: set(least) - names[feature] for feature, least in THRESHOLDS.items()} == {
        feature: {ALL} for feature in Feature
    }


def test_the_sandbox_makes_all_whatever_models_the_environment_has(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AI_SERVICE_MODELS", '{"content": "nobody:knows", "image": "nobody:knows"}')
    for module in MODULES.values():
        dataset = module.load_dataset()
        del dataset.cases[1:]
        monkeypatch.setattr(module, "load_dataset", lambda dataset=dataset: dataset)

    result = CliRunner().invoke(app, [])

    headings = [f"{feature}: 1 cases" for feature in Feature]
    assert [line.rstrip() for line in result.output.splitlines() if line.rstrip() in headings] == headings
    assert "Error" not in result.output
    assert " ! " not in result.output
    assert re.search(rf"{len(Feature)} cases · [\d ]+ of [\d ]+ checks passed", " ".join(result.output.split()))


def test_python_m_evals_shows_its_options(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["evals", "--help"])

    with pytest.raises(SystemExit) as exited:
        run_module("evals", run_name="__main__")

    said = capsys.readouterr().out
    assert exited.value.code == 0
    assert [option for option in ("--model", "--database", "--json") if option not in said] == []
