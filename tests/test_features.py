"""Each feature is whole: what one of them lacks is named, piece by piece."""

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

import pytest
import yaml

import ai_service
from agents import load_agents
from agents.sandbox import writers
from ai_service import AIService, Feature
from ai_service.cli import app as cli_app, features as cli_features
from ai_service.cli.schemas import schemas
from ai_service.recipe import recipe_of
from deps import tasks
from deps.tasks import Task
from evals import cases
from evals.cases import dataset_path
from models import vocabulary
from tests.serving import method_of

TESTS = Path(__file__).parent
FOLDERS = {
    "models": vocabulary.__package__,
    "deps": tasks.__package__,
    "agents": load_agents.__module__,
    "agents/sandbox/writers": writers.__name__,
    "ai_service/features": f"{ai_service.__name__}.features",
    "ai_service/cli/features": cli_features.__name__,
    "evals": cases.__package__,
}
"""Where each feature has a module of its stem, and the package that the folder is."""
OF_EVALS = {"EVALUATORS", "THRESHOLDS", "load_dataset", "evaluate"}


@dataclass(frozen=True, kw_only=True)
class Pieces:
    """What there is of one feature."""

    feature: Feature
    folders: frozenset[str]
    """The folders that have a module of its stem."""
    methods: frozenset[str]
    """Public names of `AIService`."""
    exports: frozenset[str]
    """What a host can import."""
    schemas: frozenset[str]
    commands: frozenset[object]
    """The functions behind the commands."""
    shown: frozenset[object]
    """The types that the views of its command take."""
    asked: frozenset[str]
    """Its tasks."""
    answered: frozenset[str]
    """The tasks that the sandbox's writers answer."""
    of_evals: frozenset[str]
    cases: int
    """How many its dataset has."""
    docs: str
    typed: str
    """What type checkers read as a host's code."""
    tests: str


Removal = Callable[[Pieces], Pieces]


def pieces_of(feature: Feature) -> Pieces:
    folders = frozenset(folder for folder in FOLDERS if find_spec(f"{FOLDERS[folder]}.{feature}"))
    dataset, both = dataset_path(feature), schemas()
    return Pieces(
        feature=feature,
        folders=folders,
        methods=frozenset(name for name in dir(AIService) if not name.startswith("_")),
        exports=frozenset(ai_service.__all__),
        schemas=frozenset(both["inputs"]) | frozenset(both["outputs"]),
        commands=frozenset(command.callback for command in cli_app.app.registered_commands),
        shown=frozenset(_parameter_types(_module("ai_service/cli/features", feature))),
        asked=frozenset(kind.__name__ for kind in vars(_module("deps", feature)).values() if _is_asked(kind)),
        answered=frozenset(
            kind.__name__ for kind in getattr(_module("agents/sandbox/writers", feature), "WRITERS", ())
        ),
        of_evals=frozenset(vars(_module("evals", feature))) & OF_EVALS,
        cases=len(yaml.safe_load(dataset.read_bytes())["cases"]) if dataset.exists() else 0,
        docs=_text(TESTS.parent / "docs" / f"{feature}.md"),
        typed=_text(TESTS / f"typed_{feature}.py"),
        tests="\n".join(map(_text, TESTS.glob("test_*.py"))),
    )


def omissions(pieces: Pieces) -> Iterator[str]:
    """Yield what a feature lacks, in words that say where it belongs."""
    feature, recipe = pieces.feature, recipe_of(pieces.feature)
    output, method, command = recipe.output.__name__, method_of(feature), command_of(feature)
    yield from (f"{folder}/{feature}.py is missing" for folder in FOLDERS if folder not in pieces.folders)
    is_there = {
        f"AIService lacks {method}: name its class in ai_service/service.py": method in pieces.methods,
        f"{method} is not exported: name it in `__all__` of ai_service/features/{feature}.py, and that module in "
        "ai_service/features/__init__.py": method in pieces.exports,
        f"{output} is not exported: name it in `__all__` of ai_service/features/{feature}.py": output in pieces.exports,
        f"the schema of {recipe.request.__name__} is missing": recipe.request.__name__ in pieces.schemas,
        f"the schema of {output} is missing": output in pieces.schemas,
        f"the command {command.__name__} is missing": command in pieces.commands,
        f"ai_service/cli/features/{feature}.py has no view of {output}": recipe.output in pieces.shown,
        f"deps/{feature}.py has no task with a `kind`": bool(pieces.asked),
        f"evals/datasets/{feature}.yaml has no case": pieces.cases > 0,
        f"docs/{feature}.md lacks {method}": f"{method}(" in pieces.docs,
        f"docs/{feature}.md lacks the command {command.__name__}": f"ai-service {command.__name__} " in pieces.docs,
        f"tests/typed_{feature}.py lacks AIResult[{output}]": f"AIResult[{output}]" in pieces.typed,
        f"tests/typed_{feature}.py lacks the module-level {method}": f"await {method}(" in pieces.typed,
        f"no test calls {method}": f"ai.{method}(" in pieces.tests,
    }
    yield from (message for message, found in is_there.items() if not found)
    yield from (f"agents/sandbox/writers/{feature}.py answers no {task}" for task in pieces.asked - pieces.answered)
    yield from (f"evals/{feature}.py lacks {name}" for name in OF_EVALS - pieces.of_evals)


@pytest.mark.parametrize("feature", Feature)
def test_a_feature_lacks_nothing(feature: Feature) -> None:
    assert list(omissions(pieces_of(feature))) == []


@pytest.fixture(scope="module")
def video() -> Pieces:
    return pieces_of(Feature.VIDEO)


def without(piece: str, *names: object) -> Removal:
    """Return what takes some names out of a piece."""
    return lambda pieces: replace(pieces, **{piece: getattr(pieces, piece) - set(names)})


def unsaid(piece: str, words: str) -> Removal:
    """Return what takes some words out of a piece that is a text."""
    return lambda pieces: replace(pieces, **{piece: getattr(pieces, piece).replace(words, "")})


REMOVALS: dict[str, Removal] = {
    **{f"{folder}/video.py is missing": without("folders", folder) for folder in FOLDERS},
    **{f"evals/video.py lacks {name}": without("of_evals", name) for name in sorted(OF_EVALS)},
    "AIService lacks generate_video_script": without("methods", "generate_video_script"),
    "generate_video_script is not exported": without("exports", "generate_video_script"),
    "VideoScript is not exported": without("exports", "VideoScript"),
    "the schema of VideoRequest is missing": without("schemas", "VideoRequest"),
    "the schema of VideoScript is missing": without("schemas", "VideoScript"),
    "the command video is missing": lambda pieces: replace(
        pieces, commands=pieces.commands - {command_of(Feature.VIDEO)}
    ),
    "ai_service/cli/features/video.py has no view of VideoScript": without("shown", ai_service.VideoScript),
    "deps/video.py has no task with a `kind`": without("asked", "VideoTask"),
    "agents/sandbox/writers/video.py answers no VideoTask": without("answered", "VideoTask"),
    "evals/datasets/video.yaml has no case": lambda pieces: replace(pieces, cases=0),
    "docs/video.md lacks generate_video_script": unsaid("docs", "generate_video_script("),
    "docs/video.md lacks the command video": unsaid("docs", "ai-service video "),
    "tests/typed_video.py lacks AIResult[VideoScript]": unsaid("typed", "AIResult[VideoScript]"),
    "tests/typed_video.py lacks the module-level generate_video_script": unsaid(
        "typed", "await generate_video_script("
    ),
    "no test calls generate_video_script": unsaid("tests", "ai.generate_video_script("),
}
"""What is said of a feature without one piece, and what removes that piece."""


@pytest.mark.parametrize("message", REMOVALS)
def test_a_piece_that_is_removed_is_named(message: str, video: Pieces) -> None:
    (found,) = omissions(REMOVALS[message](video))

    assert found.startswith(message)


def command_of(feature: Feature) -> Callable[..., object]:
    return _module("ai_service/cli/features", feature).command


def _parameter_types(module: ModuleType) -> Iterator[object]:
    for function in vars(module).values():
        if inspect.isfunction(function) and function.__module__ == module.__name__:
            yield from (parameter.annotation for parameter in inspect.signature(function).parameters.values())


def _is_asked(kind: object) -> bool:
    return inspect.isclass(kind) and issubclass(kind, Task) and "kind" in kind.model_fields


def _module(folder: str, feature: Feature) -> ModuleType:
    name = f"{FOLDERS[folder]}.{feature}"
    return import_module(name) if find_spec(name) else ModuleType(name)


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""
