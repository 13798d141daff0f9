"""`ai-service retention`: a dry run shows what would be removed, a removal is confirmed, and the rest is kept."""

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ai_service.cli.app import app
from tests import cli_parts
from tests.cli_parts import Stored, document, run

elsewhere, stored = cli_parts.elsewhere, cli_parts.stored

AFTER_ALL = ["--before", "2999-01-01"]


@pytest.fixture
def database(stored: Stored, tmp_path: Path) -> str:
    """Return the URL of a copy of the stored campaign."""
    return f"sqlite:///{shutil.copy(stored.database.removeprefix('sqlite:///'), tmp_path / 'books.db')}"


def rows(database: str) -> list[dict[str, object]]:
    return document("logs", "--limit", "1000", "--database", database)


def test_a_dry_run_counts_and_removes_nothing(database: str) -> None:
    before = rows(database)

    counted = document("retention", "delete", *AFTER_ALL, "--dry-run", "--database", database)
    shown = run("retention", "delete", *AFTER_ALL, "--dry-run", "--database", database).stdout

    assert counted["attempts"] == len(before)
    assert counted["content"] > 0
    assert counted["dry_run"] is True
    assert "would be deleted: before 2999-01-01 00:00 UTC, of all businesses" in " ".join(shown.split())
    assert rows(database) == before


def test_what_is_old_is_deleted(database: str) -> None:
    young = document("retention", "delete", "--older-than", "30", "--yes", "--database", database)
    all_of_it = document("retention", "delete", *AFTER_ALL, "--yes", "--database", database)

    assert (young["attempts"], young["content"]) == (0, 0)
    assert all_of_it["attempts"] > 0
    assert rows(database) == []


def test_old_rows_are_anonymised_and_their_costs_are_kept(stored: Stored, database: str) -> None:
    before = document("costs", "--database", database)["total"]
    assert {row["user_id"] for row in rows(database)} == {None, "u_7"}

    changed = document(
        "retention", "anonymise", *AFTER_ALL, "--business", stored.business, "--yes", "--database", database
    )

    assert changed["attempts"] == len(rows(database))
    assert {(row["user_id"], row["raw_output"]) for row in rows(database)} == {(None, None)}
    assert document("costs", "--database", database)["total"] == before


def test_all_data_of_a_business_is_deleted_however_its_id_is_written(stored: Stored, database: str) -> None:
    run("retention", "forget", "--business", stored.business.upper(), "--yes", "--database", database)

    target = ["--business", stored.business, "--campaign", stored.campaign, "--database", database]
    error = document("strategy", *target, exit_code=1)
    assert error["code"] == "NOT_FOUND"
    assert rows(database) == []


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_without_a_terminal_nothing_is_removed(database: str, options: list[str]) -> None:
    result = CliRunner().invoke(app, ["retention", "delete", *AFTER_ALL, "--database", database, *options])

    assert result.exit_code == 2
    assert "pass --yes" in result.output
    assert rows(database)


@pytest.mark.parametrize("options", [[], ["--older-than", "9", "--before", "2026-01-01"], ["--before", "soon"]])
def test_an_age_is_given_in_one_way(database: str, options: list[str]) -> None:
    result = CliRunner().invoke(app, ["retention", "anonymise", *options, "--yes", "--database", database])

    assert result.exit_code == 2


@pytest.mark.parametrize(("answer", "left"), [("n\n", True), ("y\n", False)])
def test_a_person_must_confirm(database: str, monkeypatch: pytest.MonkeyPatch, answer: str, left: bool) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")  # what makes the terminal of a test one

    result = CliRunner().invoke(app, ["retention", "delete", *AFTER_ALL, "--database", database], input=answer)

    assert "will be deleted. Go on?" in result.output
    assert result.exit_code == (1 if left else 0)
    monkeypatch.delenv("FORCE_COLOR")
    assert bool(rows(database)) is left
