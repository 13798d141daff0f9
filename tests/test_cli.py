"""The command line on the real sandbox and a real database."""

import asyncio
import io
import json
import os
import signal
import sys
from collections.abc import Generator
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from PIL import Image
from rich.console import Console
from typer.testing import CliRunner, Result

from ai_service.briefs import load_brief
from ai_service.cli import output
from ai_service.cli.app import app
from models.strategy import CampaignStrategy
from tests.provider.reactions import Hang
from tests.provider_server import ProviderServer

LEVAIN = Path(__file__).parent.parent / "examples" / "levain.yaml"
NOBODY = "00000000-0000-4000-8000-000000000000"
runner = CliRunner()


class Stored(NamedTuple):
    """A campaign with its calendar in a database."""

    database: str
    business: str
    campaign: str
    strategy: Result

    @property
    def target(self) -> list[str]:
        return ["--business", self.business, "--campaign", self.campaign, "--database", self.database]


@pytest.fixture(scope="module", autouse=True)
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Generator[None]:
    """Away from the developer's `.env` and keys, on a terminal of a known width."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("elsewhere"))
        for name in [name for name in os.environ if name.startswith(("AI_SERVICE_", "OPENAI_"))]:
            patch.delenv(name)
        patch.setenv("COLUMNS", "120")
        yield


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Stored:
    database = f"sqlite:///{tmp_path_factory.mktemp('stored') / 'marketing.db'}"
    ids = document("brief", "load", str(LEVAIN), "--database", database)
    business, campaign = ids["business_id"], ids["campaign_id"]
    stored = Stored(database, business, campaign, Result(runner, b"", b"", b"", None, 0, None))
    return stored._replace(strategy=run("strategy", *stored.target))


def run(*arguments: str) -> Result:
    result = runner.invoke(app, arguments)
    assert result.exit_code == 0, result.output
    return result


def document(*arguments: str, exit_code: int = 0) -> Any:  # JSON of any shape
    result = runner.invoke(app, [*arguments, "--json"])
    assert result.exit_code == exit_code, result.output
    return json.loads(result.stdout)


def calendar(stored: Stored) -> CampaignStrategy:
    return CampaignStrategy.model_validate(document("strategy", *stored.target)["output"])


def test_strategy_shows_the_month_and_every_theme(stored: Stored) -> None:
    shown = stored.strategy.stdout

    assert "December 2026 – January 2027" in shown
    assert all(" ".join(day.theme.split()[:3]) in shown for day in calendar(stored).calendar)
    assert f"--business {stored.business}" in shown
    assert f"--campaign {stored.campaign}" in shown


def test_strategy_for_machines_says_what_it_took(stored: Stored) -> None:
    answer = document("strategy", *stored.target)

    assert len(answer["output"]["calendar"]) == 30
    assert (answer["sandbox"], answer["cost_usd"]) == (True, "0")
    assert answer["attempts"] == answer["usage"]["requests"] > 0
    assert answer["campaign_id"] == stored.campaign


def test_content_is_a_card_for_its_day(stored: Stored) -> None:
    day = calendar(stored).calendar[3]

    shown = run("content", "--day", "4", *stored.target).stdout

    assert "Day 4 · Fri 4 Dec 2026" in shown
    assert f"{day.content_type} for " in shown
    assert "Script ─" in shown


def test_content_of_another_format_is_noted(stored: Stored) -> None:
    planned = calendar(stored).calendar[4].content_type
    other = "story" if planned != "Story" else "post"

    answer = document("content", "--day", "5", "--type", other, *stored.target)

    assert [note for note in answer["notes"] if f"made as {other.capitalize()}" in note]


def test_video_shows_three_parts(stored: Stored) -> None:
    shown = run("video", "--day", "6", "--seconds", "20", *stored.target).stdout
    answer = document("video", "--day", "6", "--seconds", "20", *stored.target)

    assert [part for part in ("Hook", "Body", "Call to action") if part in shown] == ["Hook", "Body", "Call to action"]
    assert "–20" in shown
    assert set(answer["output"]) == {"hook", "body", "cta"}


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
        assert f"{picture.width} × {picture.height} pixels, PNG" in shown


def test_image_without_out_goes_to_a_file_named_for_its_day(stored: Stored) -> None:
    run("image", "--day", "9", *stored.target)

    assert Path("day-9.png").read_bytes().startswith(b"\x89PNG")


def test_image_for_machines_is_base64_or_a_path(stored: Stored, tmp_path: Path) -> None:
    path = tmp_path / "picture.png"

    within = document("image", "--day", "8", "--ratio", "1:1", *stored.target)
    beside = document("image", "--day", "8", "--ratio", "1:1", "--out", str(path), *stored.target)

    assert within["output"]["base64"]
    assert "base64" not in beside["output"]
    assert beside["path"] == str(path)
    assert path.exists()


def test_image_is_not_drawn_where_it_can_not_be_written(stored: Stored, tmp_path: Path) -> None:
    before = document("costs", "--database", stored.database)["total"]["requests"]

    error = document("image", "--day", "8", "--out", str(tmp_path / "no" / "x.png"), *stored.target, exit_code=1)

    assert error["problems"][0]["field"] == "out"
    assert document("costs", "--database", stored.database)["total"]["requests"] == before


def test_a_brief_is_loaded_and_planned_first(stored: Stored) -> None:
    answer = document("content", "--day", "2", "--brief", str(LEVAIN), "--database", stored.database)

    assert answer["output"]["caption"]
    assert answer["campaign_id"] != stored.campaign


def test_logs_show_the_newest_attempts(stored: Stored) -> None:
    request = document("content", "--day", "2", "--user", "u_42", *stored.target)["request_id"]

    shown = run("logs", "--limit", "1", "--database", stored.database).stdout
    rows = document("logs", "--limit", "2", "--database", stored.database)

    assert f"request {request}" in shown
    assert [row["user_id"] for row in rows[:1]] == ["u_42"]
    assert len(rows) == 2


def test_logs_of_one_request_show_it_attempt_by_attempt(stored: Stored) -> None:
    answer = document("strategy", "--user", "u_7", *stored.target)

    shown = run("logs", "--request", answer["request_id"], "--database", stored.database).stdout
    rows = document("logs", "--request", answer["request_id"], "--database", stored.database)

    assert "user             u_7" in shown
    assert len(rows) == answer["attempts"]
    assert {row["status"] for row in rows} == {"ok"}


def test_logs_of_an_unknown_request_are_not_found(stored: Stored) -> None:
    error = document("logs", "--request", NOBODY, "--database", stored.database, exit_code=1)

    assert error["code"] == "NOT_FOUND"


def test_an_empty_ledger_is_said_in_words(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'empty.db'}"

    assert run("logs", "--database", database).stdout == "Nothing was tried yet.\n"
    assert run("costs", "--database", database).stdout == "Nothing was spent yet.\n"


@pytest.mark.parametrize("by", ["feature", "model", "business", "campaign", "day", "user"])
def test_costs_are_grouped(stored: Stored, by: str) -> None:
    shown = run("costs", "--by", by, "--database", stored.database).stdout
    books = document("costs", "--by", by, "--database", stored.database)

    assert shown.startswith(by.capitalize())
    assert books["lines"]
    assert books["total"]["requests"] == sum(line["requests"] for line in books["lines"])


def test_costs_of_one_campaign_leave_the_others_out(stored: Stored) -> None:
    books = document("costs", "--by", "campaign", "--campaign", stored.campaign, "--database", stored.database)

    assert [line["key"] for line in books["lines"]] == [stored.campaign]


def test_an_error_is_shown_with_its_way_out_and_no_traceback(stored: Stored) -> None:
    result = runner.invoke(app, ["content", "--day", "31", *stored.target])

    assert result.exit_code == 1
    assert result.stdout == ""
    assert "✗ day: Input should be less than or equal to 30, got 31" in result.stderr
    assert "→" in result.stderr
    assert "Traceback" not in result.stderr


def test_an_error_for_machines_is_its_dict(stored: Stored) -> None:
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


def test_a_database_url_that_can_not_be_used_is_a_configuration_error() -> None:
    error = document("costs", "--database", "mongodb://x", exit_code=1)

    assert error["code"] == "CONFIGURATION"


def test_without_model_and_key_the_sandbox_writes_and_it_is_said(stored: Stored) -> None:
    unconfigured = runner.invoke(app, ["content", "--day", "1", *stored.target])
    asked_for = runner.invoke(app, ["content", "--day", "1", "--model", "sandbox", *stored.target])

    assert len(unconfigured.stderr.splitlines()) == 1
    assert "OPENAI_API_KEY" in unconfigured.stderr
    assert "--model openai:gpt-5.2" in unconfigured.stderr
    assert asked_for.stderr == ""


def test_schemas_of_both_sides_are_printed() -> None:
    both = document("schema")

    assert {"Brief", "ContentRequest"} <= set(both["inputs"])
    assert set(both["outputs"]) == {"CampaignStrategy", "Post", "VideoScript", "ReplySuggestion", "GeneratedImage"}
    assert json.loads(run("schema", "Post").stdout) == both["outputs"]["Post"]


def test_progress_is_shown_on_a_terminal_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal, pipe = io.StringIO(), io.StringIO()

    for stream, is_terminal in ((terminal, True), (pipe, False)):
        console = Console(file=stream, force_terminal=is_terminal)
        monkeypatch.setattr(output, "err", lambda console=console: console)
        with output.working("Writing the calendar"):
            pass

    assert "Writing the calendar" in terminal.getvalue()
    assert "0 s" in terminal.getvalue()
    assert pipe.getvalue() == ""


async def test_with_a_key_openai_is_asked_and_ctrl_c_ends_quietly(tmp_path: Path) -> None:
    async with ProviderServer() as server:
        server.script(Hang())
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "ai_service.cli", "strategy", "--brief", str(LEVAIN), "--json"),
            cwd=tmp_path,
            env={**os.environ, "OPENAI_API_KEY": "sk-test", "OPENAI_BASE_URL": server.base_url},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        for _ in range(12):
            with suppress(TimeoutError):
                await server.wait_for_requests(1)
                break
        process.send_signal(signal.SIGINT)
        stdout, stderr = await process.communicate()

    assert server.requests[0].document["business"] == load_brief(LEVAIN).business.model_dump(mode="json")
    assert (process.returncode, stdout, stderr) == (130, b"", b"")
