"""`ai-service budget`, `migrate` and `ready`, on a real file."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ai_service.cli.app import app
from examples import LEVAIN

BUSINESS, CAMPAIGN = "00000000-0000-4000-8000-00000000000b", "00000000-0000-4000-8000-00000000000c"


@pytest.fixture(autouse=True)
def nothing_configured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AI_SERVICE_DATABASE_URL", f"sqlite:///{tmp_path}/books.db")
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)


def _told(*arguments: str, code: int = 0) -> str:
    result = CliRunner().invoke(app, list(arguments))

    assert result.exit_code == code, result.output
    return result.output


def test_migrate_updates_a_file_and_is_idempotent() -> None:
    first, second = json.loads(_told("migrate", "--json")), json.loads(_told("migrate", "--json"))

    assert first == second
    assert first["revision"]


def test_migrate_reports_an_invalid_url() -> None:
    assert "CONFIGURATION" in _told("migrate", "--database", "mysql://here/db", "--json", code=1)


def test_a_budget_is_set_shown_and_removed() -> None:
    [state] = json.loads(_told("budget", "12.50", "--business", BUSINESS, "--json"))
    shown = _told("budget", "--business", BUSINESS)
    removed = json.loads(_told("budget", "none", "--business", BUSINESS, "--json"))

    assert (state["scope"], state["scope_id"], state["period"]) == ("business", BUSINESS, "month")
    assert float(state["limit_usd"]) == 12.5
    assert "12.5000 of 12.5000 USD left" in shown
    assert removed == []


def test_a_campaign_has_a_budget_of_its_own() -> None:
    ids = json.loads(_told("brief", "load", str(LEVAIN), "--json"))
    _told("budget", "3", "--campaign", ids["campaign_id"], "--period", "total")

    shown = _told("budget", "--business", ids["business_id"], "--campaign", ids["campaign_id"], "--json")
    assert shown == _told("budget", "--json")
    [state] = json.loads(shown)
    assert (state["scope"], state["period"], state["business_id"]) == ("campaign", "total", ids["business_id"])


@pytest.mark.parametrize(
    "arguments",
    [
        ["budget", "5"],
        ["budget", "--campaign", CAMPAIGN],
        ["budget", "much", "--business", BUSINESS],
        ["reply", "Hello", "--business", BUSINESS, "--spend-at-most", "much"],
    ],
)
def test_a_budget_without_an_id_or_of_no_amount_is_a_usage_error(arguments: list[str]) -> None:
    _told(*arguments, code=2)


def test_a_negative_budget_is_refused_with_the_field() -> None:
    assert "limit_usd" in _told("budget", "--business", BUSINESS, "--json", "--", "-1", code=1)


def test_ready_names_what_works_and_exits_with_1_where_a_backend_could_not_serve(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AI_SERVICE_MODEL", "ollama:qwen3")
    monkeypatch.setenv("OLLAMA_BASE_URL", "http://127.0.0.1:9/v1")

    shown, found = _told("ready"), json.loads(_told("ready", "--json"))

    assert "ok      model of content: ollama:qwen3" in shown
    assert "not ok  model of image: no model is configured" in shown
    assert found["ok"]
    monkeypatch.setenv("AI_SERVICE_MODEL", "gpt-5.2")
    assert json.loads(_told("ready", "--json", code=1))["code"] == "CONFIGURATION"
