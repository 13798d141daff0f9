"""The command line on the real sandbox and a real database."""

import asyncio
import io
import json
import os
import signal
import sys
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path

import pytest
from PIL import Image
from rich.console import Console

from ai_service import InvalidRequest
from ai_service.cli import main, schemas as cli_schemas, terminal
from ai_service.cli.app import app
from ai_service.cli.picture_file import save_picture
from examples import LEVAIN
from models.image import GeneratedImage
from models.rules.pack import RULE_PACK_VERSION
from tests import cli_parts
from tests.cli_parts import Stored, document, run, runner
from tests.provider.reactions import Hang
from tests.provider_server import ProviderServer

elsewhere, stored = cli_parts.elsewhere, cli_parts.stored
NOBODY = "00000000-0000-4000-8000-000000000000"


def picture(base64: str) -> GeneratedImage:
    return GeneratedImage(
        kind="generated",
        url=None,
        base64=base64,
        mime_type="image/webp",
        width=1,
        height=1,
        sha256="0",
        alt_text="a",
        ai_generated=True,
    )


def themes_in(shown: str) -> str:
    """Return the last column of the list below the grid, as one line."""
    rows = shown[shown.index("Day  Date") :].splitlines()
    column = rows[0].index("Theme")
    return " ".join(" ".join(row[column:] for row in rows).split())


def test_strategy_shows_the_month_and_every_theme(stored: Stored) -> None:
    shown = stored.shown

    assert "December 2026 – January 2027" in shown
    assert [day.theme for day in stored.calendar if " ".join(day.theme.split()) not in themes_in(shown)] == []
    assert f"--business {stored.business}" in shown
    assert f"--campaign {stored.campaign}" in shown


def test_strategy_as_json_includes_usage_and_cost(stored: Stored) -> None:
    answer = stored.answer

    assert len(answer["output"]["calendar"]) == 30
    assert (answer["sandbox"], answer["cost_usd"]) == (True, "0")
    assert answer["rule_pack_version"] == RULE_PACK_VERSION
    assert answer["attempts"] == answer["usage"]["requests"] > 0
    assert answer["campaign_id"] == stored.campaign


def test_content_is_a_card_for_its_day(stored: Stored) -> None:
    day = stored.calendar[3]

    shown = run("content", "--day", "4", *stored.target).stdout

    assert "Day 4 · Fri 4 Dec 2026" in shown
    assert f"{day.content_type} for " in shown
    assert "Script ─" in shown


def test_content_of_another_format_is_noted(stored: Stored) -> None:
    planned = stored.calendar[4].content_type
    other = "story" if planned != "Story" else "post"

    answer = document("content", "--day", "5", "--type", other, *stored.target)

    assert [note for note in answer["notes"] if f"made as {other.capitalize()}" in note]


def test_video_shows_three_parts(stored: Stored) -> None:
    shown = run("video", "--day", "6", "--seconds", "20", *stored.target).stdout
    answer = document("video", "--day", "6", "--seconds", "20", *stored.target)

    assert [part for part in ("Hook", "Body", "Call to action") if part in shown] == ["Hook", "Body", "Call to action"]
    assert "–20" in shown
    assert set(answer["output"]) >= {"hook", "body", "cta", "shots"}


def test_reply_is_a_chat(stored: Stored) -> None:
    question = ["reply", "Êtes-vous ouverts le dimanche ?", "--channel", "instagram_dm", "--customer", "c_1"]

    shown = run(*question, *stored.target).stdout
    answer = document(*question, *stored.target)

    assert "Êtes-vous ouverts le dimanche ?" in shown
    assert "Needs a person" in shown
    assert answer["output"]["language"] == "fr"


def test_image_is_written_to_a_file(stored: Stored, tmp_path: Path) -> None:
    path = tmp_path / "picture.png"

    shown = run("image", "--day", "8", "--out", str(path), *stored.target).stdout

    with Image.open(path) as picture:
        assert f"{picture.width} × {picture.height} pixels, {picture.format}" in shown


def test_image_without_out_goes_to_a_file_named_for_its_day(stored: Stored) -> None:
    run("image", "--day", "9", *stored.target)

    (path,) = Path().glob("day-9.*")
    with Image.open(path) as picture:
        assert {"JPEG": ".jpg", "PNG": ".png"}[str(picture.format)] == path.suffix


def test_image_for_machines_is_base64_or_a_path(stored: Stored, tmp_path: Path) -> None:
    path = tmp_path / "picture.png"

    within = document("image", "--day", "8", "--ratio", "1:1", *stored.target)
    beside = document("image", "--day", "8", "--ratio", "1:1", "--out", str(path), *stored.target)

    assert within["output"]["base64"]
    assert "base64" not in beside["output"]
    assert beside["path"] == str(path)
    assert path.exists()


@pytest.mark.parametrize("path", ["missing/picture.png", "."])
def test_an_image_is_not_generated_if_it_cannot_be_written(stored: Stored, path: str) -> None:
    before = document("costs", "--database", stored.database)["total"]["requests"]

    error = document("image", "--day", "8", "--out", path, *stored.target, exit_code=1)

    assert error["problems"][0]["field"] == "out"
    assert document("costs", "--database", stored.database)["total"]["requests"] == before


def test_a_picture_that_cannot_be_written_is_an_error() -> None:
    with pytest.raises(InvalidRequest, match="File name too long"):
        save_picture(picture("QQ=="), Path("x" * 300))


def test_a_brief_is_loaded_and_planned_first(stored: Stored) -> None:
    answer = document("content", "--day", "2", "--brief", str(LEVAIN), "--database", stored.database)

    assert answer["output"]["caption"]
    assert answer["campaign_id"] != stored.campaign


def test_an_error_is_shown_with_its_fix_and_no_traceback(stored: Stored) -> None:
    result = runner.invoke(app, ["content", "--day", "31", *stored.target])

    assert result.exit_code == 1
    assert result.stdout == ""
    assert "✗ day: the calendar has 30 days, got 31" in result.stderr
    assert "→" in result.stderr
    assert "Traceback" not in result.stderr


def test_an_error_as_json_is_its_dict(stored: Stored) -> None:
    ids = document("brief", "load", str(LEVAIN), "--database", stored.database)
    target = ["--business", ids["business_id"], "--campaign", ids["campaign_id"], "--database", stored.database]

    no_calendar = document("content", "--day", "1", *target, exit_code=1)
    nobody = document("strategy", *target[:1], NOBODY, *target[2:], exit_code=1)

    assert no_calendar["code"] == nobody["code"] == "NOT_FOUND"
    assert "generate_strategy" in no_calendar["message"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["strategy"],
        ["strategy", "--business", NOBODY],
        ["strategy", "--business", NOBODY, "--brief", "brief.yaml"],
        ["content", "--day", "one", "--business", NOBODY, "--campaign", NOBODY],
        ["content", "--day", "1", "--type", "novel", "--business", NOBODY, "--campaign", NOBODY],
        ["reply", "Bonjour"],
        ["costs", "--by", "mood"],
        ["schema", "Novel"],
        ["novel"],
    ],
)
def test_a_usage_error_ends_with_2(arguments: list[str]) -> None:
    result = runner.invoke(app, arguments)

    assert (result.exit_code, result.stdout) == (2, "")


def test_a_database_url_that_cannot_be_used_is_a_configuration_error() -> None:
    error = document("costs", "--database", "mongodb://x", exit_code=1)

    assert error["code"] == "CONFIGURATION"


def test_without_model_and_key_the_sandbox_writes_and_says_so(stored: Stored) -> None:
    unconfigured = runner.invoke(app, ["content", "--day", "1", *stored.target])
    asked_for = runner.invoke(app, ["content", "--day", "1", "--model", "sandbox", *stored.target])

    assert len(unconfigured.stderr.splitlines()) == 1
    assert "OPENAI_API_KEY" in unconfigured.stderr
    assert "--model openai:gpt-5.2" in unconfigured.stderr
    assert asked_for.stderr == ""


def test_schemas_of_both_sides_are_printed() -> None:
    both = document("schema")

    assert {"Brief", "ContentRequest"} <= set(both["inputs"])
    assert set(both["outputs"]) >= {"CampaignStrategy", "Post", "VideoScript", "ReplySuggestion", "GeneratedImage"}
    assert json.loads(run("schema", "Post").stdout) == both["outputs"]["Post"]


def test_a_schema_is_coloured_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    monkeypatch.setattr(cli_schemas, "out", lambda: Console(file=stream, force_terminal=True, color_system="standard"))

    run("schema", "Post")

    assert "\x1b[" in stream.getvalue()
    assert "A publishable post." in stream.getvalue()


def test_the_program_runs_where_streams_cannot_be_configured(monkeypatch: pytest.MonkeyPatch) -> None:
    stdout = io.StringIO()
    monkeypatch.delenv("PYDANTIC_AI_NO_BANNER", raising=False)
    monkeypatch.setattr(sys, "argv", ["ai-service", "schema", "Post"])
    monkeypatch.setattr(sys, "stdout", stdout)

    with pytest.raises(SystemExit) as ended:
        main()

    assert ended.value.code == 0
    assert json.loads(stdout.getvalue())["title"] == "Post"
    assert os.environ["PYDANTIC_AI_NO_BANNER"]


def test_progress_is_shown_only_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    screen, pipe = io.StringIO(), io.StringIO()

    for stream, is_terminal in ((screen, True), (pipe, False)):
        console = Console(file=stream, force_terminal=is_terminal)
        monkeypatch.setattr(terminal, "err", lambda console=console: console)
        with terminal.working("Writing the calendar"):
            pass

    assert "Writing the calendar" in screen.getvalue()
    assert "0 s" in screen.getvalue()
    assert pipe.getvalue() == ""


async def test_with_a_key_openai_is_called_and_ctrl_c_exits_quietly(tmp_path: Path) -> None:
    async with ProviderServer() as server:
        server.script(Hang())
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "ai_service.cli", "strategy", "--brief", str(LEVAIN), "--json"),
            cwd=tmp_path,
            env={**os.environ, "OPENAI_API_KEY": "sk-test", "OPENAI_BASE_URL": server.base_url},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            preexec_fn=_heed_ctrl_c,
        )
        for _ in range(12):
            with suppress(TimeoutError):
                await server.wait_for_requests(1)
                break
        process.send_signal(signal.SIGINT)
        stdout, stderr = await process.communicate()

    rows = await asyncio.to_thread(document, "logs", "--database", f"sqlite:///{tmp_path / 'ai_service.db'}")
    assert (process.returncode, stdout, stderr) == (130, b"", b"")
    assert {(row["provider"], row["model"], row["status"]) for row in rows} == {("openai", "gpt-5.2", "cancelled")}


def _heed_ctrl_c() -> None:
    """Undo what a shell does to its background jobs, in case the tests run in one: they ignore SIGINT."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_prints_the_version_of_the_package() -> None:
    assert runner.invoke(app, ["--version"]).stdout == f"ai-service {version('marketing-ai-service')}\n"
