"""The commands for tables and budgets."""

from typing import Annotated

import typer
from pydantic import TypeAdapter
from rich.text import Text

from ai_service.cli.database_migration import migrate_database
from ai_service.cli.options import Business, Campaign, Database, Json, usd
from ai_service.cli.target import without_model
from ai_service.cli.terminal import Answer, run
from models.records import BudgetPeriod, BudgetState

_BUDGETS = TypeAdapter(list[BudgetState])


def migrate(database: Database = None, as_json: Json = False) -> None:
    """Migrate the tables of a database to this version. A SQLite file is migrated when a service opens it."""

    async def work() -> Answer:
        revision = await migrate_database(database)
        return Answer({"revision": revision}, Text(f"The database is at revision {revision}."))

    run(work, database=database, as_json=as_json)


def budget(
    limit: Annotated[str | None, typer.Argument(metavar="USD", help="The limit, or `none`. Default: show it.")] = None,
    period: Annotated[BudgetPeriod, typer.Option(help="Each calendar month, in UTC, or all time.")] = "month",
    business: Business = None,
    campaign: Campaign = None,
    database: Database = None,
    as_json: Json = False,
) -> None:
    """Show or set the budget of a business (`--business`) or of a campaign (`--campaign` alone)."""
    if not business and (limit is None or not campaign):
        raise typer.BadParameter("give --business ID; to limit a campaign, its --campaign ID and a limit")

    async def work() -> Answer:
        async with without_model(database) as ai:
            if limit is not None:
                # the campaign's id is the narrower scope
                scope = {"campaign_id": campaign} if campaign else {"business_id": business}
                await ai.set_budget(None if limit == "none" else usd(limit), period=period, **scope)
            budgets = await ai.budgets(business, campaign) if business else []
        return Answer(_BUDGETS.dump_python(budgets, mode="json"), _shown(budgets))

    run(work, database=database, as_json=as_json)


def _shown(budgets: list[BudgetState]) -> Text:
    if not budgets:
        return Text("No budget is shown: give --business ID to see those that hold.")
    lines = [
        f"{state.scope} {state.scope_id}, {state.period}:\n"
        f"  {state.left_usd:.4f} of {state.limit_usd:.4f} USD left, {state.reserved_usd:.4f} of the rest reserved"
        for state in budgets
    ]
    return Text("\n".join(lines))
