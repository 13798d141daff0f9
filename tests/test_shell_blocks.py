"""Every command in the README and in `docs/` is run on the sandbox."""

import re
import shlex
import shutil
from pathlib import Path

import pytest
from sqlalchemy import make_url
from typer.testing import CliRunner

from ai_service.cli.app import app
from examples import LEVAIN
from tests import cli_parts
from tests.cli_parts import Stored
from tests.pages import SHELL

elsewhere, stored = cli_parts.elsewhere, cli_parts.stored

COMMANDS = [line for line in SHELL if line.startswith("ai-service ")]
OTHERS = [line.split("#")[0].strip() for line in SHELL if line not in COMMANDS]

POST = "caption: Le four est chaud.\nhashtags: ['#pain']\n"


def test_only_make_is_shown_beside_the_command_line() -> None:
    # not run here: the demo has tests of its own, and `make test` runs this test
    assert OTHERS == ["make demo", "make test"]


def test_every_command_of_the_pages_runs_on_the_sandbox(
    stored: Stored, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AI_SERVICE_MODEL", "sandbox")
    ids = {"business": stored.business, "campaign": stored.campaign, "request": stored.answer["request_id"]}
    failed: dict[str, str] = {}
    for number, line in enumerate(COMMANDS):
        folder = tmp_path / str(number)
        (folder / "examples").mkdir(parents=True)
        shutil.copy(LEVAIN, folder / "examples" / "levain.yaml")
        shutil.copy(LEVAIN, folder / "brief.yaml")
        (folder / "post.yaml").write_text(POST, encoding="utf-8")
        shutil.copy(make_url(stored.database).database or "", folder / "x.db")
        monkeypatch.chdir(folder)
        monkeypatch.setenv("AI_SERVICE_DATABASE_URL", f"sqlite:///{folder / 'x.db'}")
        filled = re.sub(r"--(business|campaign|request) …", lambda found: f"--{found[1]} {ids[found[1]]}", line)
        result = CliRunner().invoke(app, shlex.split(filled, comments=True)[1:], input="y\n")
        if result.exit_code:
            failed[line] = result.output

    assert failed == {}
    assert len(COMMANDS) >= 20
