"""The demo, from an empty folder."""

import json
import os
import sys
from collections.abc import Generator
from pathlib import Path

import pytest
from PIL import Image
from rich.cells import cell_len
from typer.testing import CliRunner, Result

from ai_service.cli.app import app
from ai_service.cli.demo import program

runner = CliRunner()


@pytest.fixture(scope="module", autouse=True)
def folder(tmp_path_factory: pytest.TempPathFactory) -> Generator[Path]:
    """An empty folder, and nothing configured."""
    folder = tmp_path_factory.mktemp("empty")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("PATH", "")
        patch.setattr(sys, "executable", str(folder / "bin" / "python"))
        for name in [name for name in os.environ if name.startswith(("AI_SERVICE_", "OPENAI_"))]:
            patch.delenv(name)
        yield folder


@pytest.fixture(scope="module")
def shown(folder: Path) -> Result:
    result = runner.invoke(app, ["demo"], env={"COLUMNS": "80"})
    assert result.exit_code == 0, result.output
    return result


def test_shows_all_five_features_and_what_they_cost(shown: Result) -> None:
    headings = ["The brief", "The month", "Posts", "A video", "A reply", "A picture", "What it cost", "And now"]

    places = [f"\n{shown.stdout}".index(f"\n{heading}") for heading in headings]
    books = shown.stdout[places[6] :]

    assert places == sorted(places)
    assert [name for name in ("strategy", "content", "video", "messaging", "image", "total") if name not in books] == []


def test_fits_a_terminal_of_80_columns(shown: Result) -> None:
    too_wide = [line for line in shown.stdout.splitlines() if cell_len(line.rstrip()) > 80]

    assert too_wide == []


def test_says_once_that_the_sandbox_wrote(shown: Result) -> None:
    said = " ".join(shown.stdout.split())

    assert said.count("The sandbox wrote this") == 1
    assert "with OPENAI_API_KEY set: ai-service demo --model openai:gpt-5.2" in said
    assert shown.stderr == ""


def test_answers_the_customer_from_the_brief(shown: Result) -> None:
    chat = shown.stdout[shown.stdout.index("\nA reply") : shown.stdout.index("\nA picture")]

    assert "Êtes-vous ouverts le dimanche" in chat
    assert "mardi au" in chat


def test_writes_the_picture_to_the_path_it_prints(shown: Result, folder: Path) -> None:
    path = next(word for word in shown.stdout.split() if word.endswith((".png", ".jpg")))

    with Image.open(folder / path) as picture:
        assert f"{picture.width} × {picture.height} pixels" in shown.stdout


def test_a_second_run_adds_to_the_first(shown: Result, folder: Path) -> None:
    pictures = set((folder / "demo-output").glob("day-*"))

    again = runner.invoke(app, ["demo", "--model", "sandbox", "--json"], env={"OPENAI_API_KEY": "sk-test"})
    books = runner.invoke(
        app, ["costs", "--by", "business", "--database", "sqlite:///demo-output/marketing.db", "--json"]
    )

    made = json.loads(again.stdout)
    assert len(json.loads(books.stdout)["lines"]) == 2
    assert set((folder / "demo-output").glob("day-*")) == {*pictures, folder / made["image"]["path"]}
    assert (made["image"]["model"], len(made["posts"])) == ("sandbox", 3)
    assert made["costs"]["total"]["requests"] == sum(
        part["usage"]["requests"]
        for part in (made["strategy"], *made["posts"], made["video"], made["reply"], made["image"])
    )


def test_names_the_program_by_the_path_a_shell_finds(folder: Path) -> None:
    nowhere = program()
    (folder / "bin").mkdir()
    (folder / "bin" / "ai-service").touch(mode=0o755)
    beside_python = program()

    assert nowhere == "ai-service"
    assert beside_python == "bin/ai-service"


def test_reports_a_missing_brief() -> None:
    result = runner.invoke(app, ["demo", "--brief", "nothing.yaml"])

    assert result.exit_code == 1
    assert "nothing.yaml: can't be read" in result.stderr


def test_reports_a_folder_that_cannot_be_created(folder: Path) -> None:
    (folder / "file").touch()

    result = runner.invoke(app, ["demo", "--out", "file"])

    assert result.exit_code == 1
    assert "can't make 'file'" in result.stderr
