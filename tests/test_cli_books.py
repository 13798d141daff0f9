"""`logs` and `costs` on a real database."""

from pathlib import Path

import pytest

from tests import cli_parts
from tests.cli_parts import Stored, document, run

elsewhere, stored = cli_parts.elsewhere, cli_parts.stored
NOBODY = "00000000-0000-4000-8000-000000000000"


def test_logs_show_the_newest_attempts(stored: Stored) -> None:
    request = document("content", "--day", "2", "--user", "u_42", *stored.target)["request_id"]

    shown = run("logs", "--limit", "1", "--database", stored.database).stdout
    rows = document("logs", "--limit", "2", "--database", stored.database)

    assert f"request {request}" in shown
    assert [row["user_id"] for row in rows[:1]] == ["u_42"]
    assert len(rows) == 2


def test_logs_of_one_request_show_it_attempt_by_attempt(stored: Stored) -> None:
    answer = stored.answer

    shown = run("logs", "--request", answer["request_id"], "--database", stored.database).stdout
    rows = document("logs", "--request", answer["request_id"], "--database", stored.database)

    assert "user             u_7" in shown
    assert len(rows) == answer["attempts"]
    assert {row["status"] for row in rows} == {"ok"}


def test_logs_of_an_unknown_request_are_not_found(stored: Stored) -> None:
    error = document("logs", "--request", NOBODY, "--database", stored.database, exit_code=1)

    assert error["code"] == "NOT_FOUND"


def test_logs_are_narrowed_to_what_failed_since_yesterday(stored: Stored) -> None:
    of_one = ["--business", stored.business, "--database", stored.database, "--limit", "1000"]
    failing = ["sandbox:quota", "--business", stored.business, "--database", stored.database]
    document("reply", *failing, exit_code=1)

    failed = document("logs", "--failed", "--since", "yesterday", *of_one)

    assert {row["status"] for row in failed} == {"quota"}
    assert document("logs", "--status", "quota", "--feature", "messaging", *of_one) == failed
    assert document("logs", "--failed", "--until", "yesterday", *of_one) == []
    assert document("logs", "--failed", "--business", NOBODY, "--database", stored.database) == []


def test_an_empty_ledger_is_reported_in_words(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'empty.db'}"

    assert run("logs", "--database", database).stdout == "Nothing was tried yet, or nothing like that.\n"
    assert run("costs", "--database", database).stdout == "Nothing was spent yet.\n"


@pytest.mark.parametrize("by", ["feature", "model", "business", "campaign", "day", "user"])
def test_costs_are_grouped(stored: Stored, by: str) -> None:
    shown = run("costs", "--by", by, "--database", stored.database).stdout
    books = document("costs", "--by", by, "--database", stored.database)

    assert shown.startswith(by.capitalize())
    assert books["lines"]
    assert books["total"]["requests"] == sum(line["requests"] for line in books["lines"])


def test_costs_of_one_campaign_exclude_the_others(stored: Stored) -> None:
    books = document("costs", "--by", "campaign", "--campaign", stored.campaign, "--database", stored.database)

    assert [line["key"] for line in books["lines"]] == [stored.campaign]


def test_takes_a_hosts_own_ids(tmp_path: Path) -> None:
    place = ("--business", "levain-et-fils", "--database", f"sqlite:///{tmp_path}/host.db")

    assert document("budget", "2", *place)[0]["scope_id"] == "levain-et-fils"
    assert document("costs", *place)["lines"] == []
