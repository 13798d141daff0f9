"""What is imported when: a host's process starts without what only calls need."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from agents import load_agents
from examples import LEVAIN
from models.rules import lexicons

ROOT = Path(__file__).parent.parent
AGENTS = load_agents.__module__
HEAVY = {AGENTS, lexicons.__name__, "alembic", "PIL", "holidays", "openai", "pydantic_ai", "rich", "typer"}
"""Packages and modules that `import ai_service` leaves out."""


def imported_by(program: str, *arguments: str) -> set[str]:
    """Return the modules that a program has imported in a process of its own.

    Pydantic's plugins are off: Logfire's, which comes with PydanticAI, imports rich whoever defines a model.
    """
    run = subprocess.run(
        [sys.executable, "-c", f"{program}\nimport sys; print(chr(10).join(sys.modules), file=sys.stderr)", *arguments],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env={**os.environ, "PYDANTIC_DISABLE_PLUGINS": "__all__"},
    )
    return set(run.stderr.split())


def test_importing_the_package_imports_nothing_that_only_calls_need() -> None:
    assert imported_by("import ai_service") & HEAVY == set()


def test_defining_what_a_host_brings_needs_no_more() -> None:
    program = (
        "from ai_service import AIService, Brief, Settings, generate_content; AIService(Settings(model='sandbox'))"
    )

    assert imported_by(program) & HEAVY == set()


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["migrate"], ["brief", "check", str(LEVAIN)]])
def test_a_command_that_asks_no_model_starts_without_the_agents(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AI_SERVICE_DATABASE_URL", f"sqlite:///{tmp_path / 'marketing.db'}")
    program = "import sys\nfrom ai_service.cli.app import app\napp(sys.argv[1:], standalone_mode=False)"

    modules = imported_by(program, *arguments)

    assert "typer" in modules
    assert modules & {AGENTS, "openai", "pydantic_ai"} == set()
