"""Shared parts of the command line's tests: a stored campaign, and calls of the commands."""

import json
import os
from collections.abc import Generator
from typing import Any, NamedTuple

import pytest
from typer.testing import CliRunner, Result

from ai_service.cli.app import app
from examples import LEVAIN
from models.strategy import CalendarDay, CampaignStrategy

runner = CliRunner()


class Stored(NamedTuple):
    """A campaign with its calendar in a database."""

    database: str
    business: str
    campaign: str
    shown: str
    """The output of `strategy`."""
    answer: Any  # the same as JSON

    @property
    def calendar(self) -> list[CalendarDay]:
        return CampaignStrategy.model_validate(self.answer["output"]).calendar

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
    target = ["--business", ids["business_id"], "--campaign", ids["campaign_id"], "--database", database]
    shown, answer = run("strategy", *target).stdout, document("strategy", "--user", "u_7", *target)
    return Stored(database, ids["business_id"], ids["campaign_id"], shown, answer)


def run(*arguments: str) -> Result:
    result = runner.invoke(app, arguments)
    assert result.exit_code == 0, result.output
    return result


def document(*arguments: str, exit_code: int = 0) -> Any:  # JSON of any shape
    result = runner.invoke(app, [*arguments, "--json"])
    assert result.exit_code == exit_code, result.output
    return json.loads(result.stdout)
