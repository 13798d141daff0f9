"""Each feature is whole: what one of them lacks is named, piece by piece."""

import inspect
import re
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
from agents.sandbox.writers import writers
from ai_service import AIService, Feature
from ai_service.cli import app as cli_app
from ai_service.cli.schemas import schemas
from ai_service.recipe import recipe_of
from deps import tasks as shared_tasks
from deps.tasks import Task
from evals import cases as evals_cases
from evals.cases import dataset_path
from models import vocabulary

HERE = Path(__file__).parent
WRITERS = "agents/sandbox/writers"
FOLDERS = {
    "models": f"{vocabulary.__package__}",
    "deps": f"{shared_tasks.__package__}",
    "agents": load_agents.__module__,
    WRITERS: writers.__module__,
    "ai_service/features": f"{ai_service.__name__}.features",
    "ai_service/cli/features": f"{cli_app.__package__}.features",
    "evals": f"{evals_cases.__package__}",
}
"""Where each feature has a module of its stem, and the package that the folder is."""


@dataclass(frozen=True)
class House:
    """What the tree holds, as far as a feature can lack it."""

    modules: frozenset[str]
    """Modules of a stem, e.g. `agents/video`."""
    methods: frozenset[str]
    """Public names of `AIService`."""
    exports: frozenset[str]
    """What a host can import."""
    commands: frozenset[object]
    """The functions behind the commands."""
    shown: frozenset[type]
    """What the command line has a view of."""
    schemas: frozenset[str]
    answered: frozenset[str]
    """The tasks that the sandbox answers."""
    cases: dict[str, int]
    """How many cases each feature's dataset has."""
    measured: frozenset[str]
    """The features with evaluators and thresholds."""
    readme: str
    typed: str
    """What type checkers read as a host's code."""
    tests: str


@pytest.fixture(scope="module")
def house() -> House:
    stems = [feature.value for feature in Feature]
    modules = [f"{folder}/{stem}" for folder, package in FOLDERS.items() for stem in stems if _is_there(package, stem)]
    both = schemas()
    return House(
        modules=frozenset(modules),
        methods=frozenset(name for name in dir(AIService) if not name.startswith("_")),
        exports=frozenset(ai_service.__all__),
        commands=frozenset(command.callback for command in cli_app.app.registered_commands),
        shown=frozenset(
            parameter.annotation
            for stem in stems
            for function in _functions(_module("ai_service/cli/features", stem))
            for parameter in inspect.signature(function).parameters.values()
            if isinstance(parameter.annotation, type)
        ),
        schemas=frozenset(both["inputs"]) | frozenset(both["outputs"]),
        answered=frozenset(
            task.__name__ for stem in stems if f"{WRITERS}/{stem}" in modules for task in _module(WRITERS, stem).WRITERS
        ),
        cases={feature.value: _cases(feature) for feature in Feature},
        measured=frozenset(
            stem
            for stem in stems
            if f"evals/{stem}" in modules
            and {"THRESHOLDS", "EVALUATORS", "load_dataset", "evaluate"} <= set(vars(_module("evals", stem)))
        ),
        readme=(HERE.parent / "README.md").read_text(encoding="utf-8"),
        typed=(HERE / "typed_results.py").read_text(encoding="utf-8"),
        tests="\n".join(path.read_text(encoding="utf-8") for path in HERE.glob("test_*.py")),
    )


def omissions(feature: Feature, house: House) -> Iterator[str]:
    """Yield what a feature lacks, in words that say where it belongs."""
    lacking = [folder for folder in FOLDERS if f"{folder}/{feature}" not in house.modules]
    yield from (f"{folder}/{feature}.py is missing" for folder in lacking)
    if {"ai_service/features", "ai_service/cli/features", "deps"} & set(lacking):
        return
    recipe, output = recipe_of(feature), recipe_of(feature).output.__name__
    method = method_of(feature)
    wanted = {
        f"RECIPE of ai_service/features/{feature}.py is of another feature": recipe.feature is feature,
        f"AIService lacks {method}: add the class to its bases": method in house.methods,
        f"the module-level {method} is not exported: name it in `__all__` of ai_service/features/{feature}.py, and "
        "that module in ai_service/features/__init__.py": method in house.exports,
        f"the result type {output} is not exported": output in house.exports,
        f"tests/typed_results.py lacks ai.{method}": f"await ai.{method}(" in house.typed,
        f"tests/typed_results.py lacks the result type {output}": f"AIResult[{output}]" in house.typed,
        f"tests/typed_results.py lacks the module-level {method}": f"await {method}(" in house.typed,
        f"the schema of {recipe.request.__name__} is missing": recipe.request.__name__ in house.schemas,
        f"the schema of {output} is missing": output in house.schemas,
        f"app lacks `command` of ai_service/cli/features/{feature}.py": command_of(feature) in house.commands,
        f"ai_service/cli/features/{feature}.py has no view of {output}": recipe.output in house.shown,
        f"deps/{feature}.py has no task with a `kind`": bool(tasks_of(feature)),
        f"evals/datasets/{feature}.yaml has no case": house.cases[feature] > 0,
        f"evals/{feature}.py lacks EVALUATORS, THRESHOLDS, load_dataset or evaluate": feature.value in house.measured,
        f"the README's table of functions lacks {method}": f"| `{method}(" in house.readme,
        f"the README's commands lack {command_name(feature)}": _is_command_of(house.readme, command_name(feature)),
        f"no test calls {method}": f"ai.{method}(" in house.tests,
    }
    yield from (message for message, is_there in wanted.items() if not is_there)
    unanswered = [task.__name__ for task in tasks_of(feature) if task.__name__ not in house.answered]
    yield from (f"{WRITERS}/{feature}.py answers no {name}: add it to WRITERS" for name in unanswered)


@pytest.mark.parametrize("feature", Feature)
def test_a_feature_lacks_nothing(feature: Feature, house: House) -> None:
    assert list(omissions(feature, house)) == []


REMOVALS: dict[str, Callable[[House], House]] = {
    **{
        f"{folder}/video.py is missing": lambda house, folder=folder: replace(
            house, modules=house.modules - {f"{folder}/video"}
        )
        for folder in FOLDERS
    },
    "AIService lacks generate_video_script": lambda house: replace(
        house, methods=house.methods - {"generate_video_script"}
    ),
    "the module-level generate_video_script is not exported": lambda house: replace(
        house, exports=house.exports - {"generate_video_script"}
    ),
    "the result type VideoScript is not exported": lambda house: replace(
        house, exports=house.exports - {"VideoScript"}
    ),
    "tests/typed_results.py lacks ai.generate_video_script": lambda house: replace(
        house, typed=house.typed.replace("ai.generate_video_script", "")
    ),
    "tests/typed_results.py lacks the result type VideoScript": lambda house: replace(
        house, typed=house.typed.replace("AIResult[VideoScript]", "")
    ),
    "tests/typed_results.py lacks the module-level generate_video_script": lambda house: replace(
        house, typed=house.typed.replace("await generate_video_script(", "")
    ),
    "the schema of VideoRequest is missing": lambda house: replace(house, schemas=house.schemas - {"VideoRequest"}),
    "the schema of VideoScript is missing": lambda house: replace(house, schemas=house.schemas - {"VideoScript"}),
    "app lacks `command` of ai_service/cli/features/video.py": lambda house: replace(
        house, commands=house.commands - {command_of(Feature.VIDEO)}
    ),
    "ai_service/cli/features/video.py has no view of VideoScript": lambda house: replace(
        house, shown=house.shown - {recipe_of(Feature.VIDEO).output}
    ),
    "agents/sandbox/writers/video.py answers no VideoTask": lambda house: replace(
        house, answered=house.answered - {"VideoTask"}
    ),
    "evals/datasets/video.yaml has no case": lambda house: replace(house, cases={**house.cases, "video": 0}),
    "evals/video.py lacks EVALUATORS": lambda house: replace(house, measured=house.measured - {"video"}),
    "the README's table of functions lacks generate_video_script": lambda house: replace(
        house, readme=house.readme.replace("| `generate_video_script(", "")
    ),
    "the README's commands lack video": lambda house: replace(house, readme=house.readme.replace("video, ", "")),
    "no test calls generate_video_script": lambda house: replace(
        house, tests=house.tests.replace("ai.generate_video_script(", "")
    ),
}
"""What is named, and the tree without it."""


@pytest.mark.parametrize("name", REMOVALS)
def test_what_is_removed_is_named(name: str, house: House) -> None:
    found = list(omissions(Feature.VIDEO, REMOVALS[name](house)))

    assert [message for message in found if message.startswith(name)], found
    assert len(found) == 1


def method_of(feature: Feature) -> str:
    """Return the name of a feature's method: the one public function of the class in its module."""
    module = _module("ai_service/features", feature)
    own = [kind for kind in vars(module).values() if inspect.isclass(kind) and kind.__module__ == module.__name__]
    names = [name for kind in own for name, value in vars(kind).items() if inspect.iscoroutinefunction(value)]
    (name,) = [name for name in names if not name.startswith("_")]
    return name


def command_of(feature: Feature) -> Callable[..., object]:
    return _module("ai_service/cli/features", feature).command


def command_name(feature: Feature) -> str:
    return command_of(feature).__name__


def tasks_of(feature: Feature) -> list[type[Task]]:
    kinds = [kind for kind in vars(_module("deps", feature)).values() if inspect.isclass(kind)]
    return [kind for kind in kinds if issubclass(kind, Task) and "kind" in kind.model_fields]


def _is_command_of(readme: str, name: str) -> bool:
    (commands,) = re.findall(r"```\n(ai-service .*?)```", readme, re.DOTALL)
    return re.search(rf"\b{name}\b", commands) is not None


def _module(folder: str, stem: str) -> ModuleType:
    return import_module(f"{FOLDERS[folder]}.{stem}")


def _is_there(package: str, stem: str) -> bool:
    return find_spec(f"{package}.{stem}") is not None


def _functions(module: ModuleType) -> list[Callable[..., object]]:
    return [
        value for value in vars(module).values() if inspect.isfunction(value) and value.__module__ == module.__name__
    ]


def _cases(feature: Feature) -> int:
    path = dataset_path(feature)
    return len(yaml.safe_load(path.read_text(encoding="utf-8"))["cases"]) if path.exists() else 0
