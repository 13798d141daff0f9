"""`ai-service review`: what is saved is listed, shown and approved; one campaign or customer is forgotten."""

import shutil
from pathlib import Path

import pytest

from tests import cli_parts
from tests.cli_parts import Stored, document, run

elsewhere, stored = cli_parts.elsewhere, cli_parts.stored


@pytest.fixture
def of_one(stored: Stored, tmp_path: Path) -> list[str]:
    """Return the options of the business in a copy of the database."""
    copy = shutil.copy(stored.database.removeprefix("sqlite:///"), tmp_path / "books.db")
    return ["--business", stored.business, "--database", f"sqlite:///{copy}"]


def test_content_is_listed_approved_and_shown_with_its_history(stored: Stored, of_one: list[str]) -> None:
    post = document("content", "--day", "2", "--campaign", stored.campaign, *of_one)["content_id"]

    [listed] = document("review", "list", "--feature", "content", "--day", "2", "--state", "draft", *of_one)["items"]
    approved = document("review", "set", post, "approved", "--user", "u_9", *of_one)
    shown = run("review", "show", post, *of_one).stdout

    assert (listed["content_id"], listed["state"]) == (post, "draft")
    assert (approved["state"], approved["revision"]) == ("approved", 2)
    assert "draft to approved by u_9" in " ".join(shown.split())
    assert post in run("review", "list", "--state", "approved", *of_one).stdout
    refused = document("review", "set", post, "draft", *of_one, exit_code=1)
    assert "set needs_review, rejected, published" in refused["message"]


def test_a_list_goes_on_at_its_cursor(stored: Stored, of_one: list[str]) -> None:
    document("content", "--day", "2", "--campaign", stored.campaign, *of_one)

    first = document("review", "list", "--limit", "1", *of_one)
    rest = document("review", "list", "--after", first["after"], *of_one)

    assert rest["items"] and first["items"][0] not in rest["items"]
    assert first["after"] in run("review", "list", "--limit", "1", *of_one).stdout
    assert run("review", "list", "--day", "29", *of_one).stdout == "Nothing is saved there.\n"


def test_one_campaign_of_a_business_is_forgotten(stored: Stored, of_one: list[str]) -> None:
    removed = document("retention", "forget", "--campaign", stored.campaign, "--yes", *of_one)

    assert removed["content"] > 0
    assert document("review", "list", "--campaign", stored.campaign, *of_one, exit_code=1)["code"] == "NOT_FOUND"
    nobody = document("retention", "forget", "--customer", "c_7", "--yes", *of_one, exit_code=1)
    assert nobody["code"] == "NOT_FOUND"
