"""The commands for tables and budgets."""

from typing import Annotated

import typer
from pydantic import TypeAdapter
from rich.text import Text

from ai_service.cli.database_migration import migrate_database
from ai_service.cli.options import Business, Campaign, Database, Json, usd
from ai_service.cli.target import without_model
from ai_service.cli.terminal import Answer, run
from ai_service.service import AIService
from models.readiness import Readiness, ReadinessCheck
from models.records import BudgetPeriod, BudgetState

_BUDGETS = TypeAdapter(list[BudgetState])
_READINESS = TypeAdapter(Readiness)


def migrate(database: Database = None, as_json: Json = False) -> None:
    """Migrate the tables of a database to this version. A SQLite file is migrated when a service opens it."""

    async def work() -> Answer:
        revision = await migrate_database(database)
        return Answer({"revision": revision}, Text(f"The database is at revision {revision}."))

    run(work, database=database, as_json=as_json)


def ready(database: Database = None, as_json: Json = False) -> None:
    """Check database, migrations, models, keys and prices. The exit code is 1 if a backend could not serve."""

    async def work() -> Answer:
        async with AIService.from_env(database_url=database) as ai:  # raises where it could not
            found = await ai.ready()
        return Answer(_READINESS.dump_python(found, mode="json"), Text("\n".join(map(_checked, found.checks))))

    run(work, database=database, as_json=as_json)


def budget(
    limit: Annotated[str | None, typer.Argument(metavar="USD", help="The limit, or `none`. Default: show it.")] = None,
    period: Annotated[
        BudgetPeriod, typer.Option(case_sensitive=False, help="A calendar month in UTC, or all time.")
    ] = "month",
    business: Business = None,
    campaign: Campaign = None,
    database: Database = None,
    as_json: Json = False,
) -> None:
    """Show the budgets, or set that of a business (`--business`) or of its campaign (`--campaign` too)."""
    if not business and (limit is not None or campaign) and not (limit and campaign):
        raise typer.BadParameter("give --business ID; to limit a campaign, its --campaign ID and a limit")

    async def work() -> Answer:
        async with without_model(database) as ai:
            if limit is not None:
                limit_usd = None if limit == "none" else usd(limit)
                await ai.set_budget(limit_usd, period=period, business_id=business, campaign_id=campaign)
            budgets = [] if campaign and not business else await ai.budgets(business, campaign)
        return Answer(_BUDGETS.dump_python(budgets, mode="json"), _shown(budgets))

    run(work, database=database, as_json=as_json)


def _checked(check: ReadinessCheck) -> str:
    return f"{'ok' if check.ok else 'not ok':8}{check.name}: {check.detail}"


def _shown(budgets: list[BudgetState]) -> Text:
    if not budgets:
        return Text("No budget is shown: give --business ID and a limit to set one.")
    lines = [
        f"{state.scope} {state.scope_id}, {state.period}:\n"
        f"  {state.left_usd:.4f} of {state.limit_usd:.4f} USD left, {state.reserved_usd:.4f} of the rest reserved"
        for state in budgets
    ]
    return Text("\n".join(lines))
