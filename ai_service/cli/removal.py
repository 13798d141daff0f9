"""The commands that delete or anonymise stored data, after a confirmation."""

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from datetime import UTC, datetime, time, timedelta
from typing import Annotated

import typer
from pydantic import JsonValue
from rich.text import Text

from ai_service.cli.options import Business, Database, Json
from ai_service.cli.periods import day_of
from ai_service.cli.target import without_model
from ai_service.cli.terminal import Answer, err, run
from ai_service.cli.views.text import counted
from ai_service.service import AIService
from models.records import Removal

app = typer.Typer(help="Delete or anonymise stored data by age, business, campaign or customer.", no_args_is_help=True)

Days = Annotated[int | None, typer.Option("--older-than", metavar="DAYS", min=1, help="Data older than so many days.")]
Before = Annotated[
    str | None, typer.Option("--before", metavar="YYYY-MM-DD", help="Data from before this day, in UTC.")
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask for confirmation. Required without a terminal.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only count the rows.")]

Remove = Callable[[AIService, bool], Awaitable[Removal]]
"""Removes data; only counts it if the second argument is true."""


@app.command()
def delete(
    older_than: Days = None,
    before: Before = None,
    business: Business = None,
    yes: Yes = False,
    dry_run: DryRun = False,
    database: Database = None,
    as_json: Json = False,
) -> None:
    """Delete old requests and content; briefs and budgets stay."""
    moment = _moment(older_than, before)

    async def remove(ai: AIService, dry: bool) -> Removal:
        return await ai.delete_before(moment, business_id=business, dry_run=dry)

    _remove(
        remove, "deleted", said=_said(moment, business), yes=yes, dry_run=dry_run, database=database, as_json=as_json
    )


@app.command()
def anonymise(
    older_than: Days = None,
    before: Before = None,
    business: Business = None,
    yes: Yes = False,
    dry_run: DryRun = False,
    database: Database = None,
    as_json: Json = False,
) -> None:
    """Clear users, customers and answers of old requests and delete replies; tokens and money stay."""
    moment = _moment(older_than, before)

    async def remove(ai: AIService, dry: bool) -> Removal:
        return await ai.anonymise_before(moment, business_id=business, dry_run=dry)

    said = _said(moment, business)
    _remove(remove, "anonymised", said=said, yes=yes, dry_run=dry_run, database=database, as_json=as_json)


@app.command()
def forget(
    business: Annotated[str, typer.Option(metavar="ID", help="The business.")],
    campaign: Annotated[str | None, typer.Option(metavar="ID", help="One of its campaigns, and nothing else.")] = None,
    customer: Annotated[str | None, typer.Option(metavar="ID", help="One of its customers, and nothing else.")] = None,
    yes: Yes = False,
    dry_run: DryRun = False,
    database: Database = None,
    as_json: Json = False,
) -> None:
    """Delete all that is stored of a business, of its campaign or of its customer; costs of the latter two stay."""
    if campaign and customer:
        raise typer.BadParameter("give --campaign ID or --customer ID, not both", param_hint="--customer")

    async def remove(ai: AIService, dry: bool) -> Removal:
        if campaign:
            return await ai.delete_campaign(business, campaign, dry_run=dry)
        if customer:
            return await ai.delete_customer(business, customer, dry_run=dry)
        return await ai.delete_business(business, dry_run=dry)

    part = f"its campaign {campaign}" if campaign else f"its customer {customer}" if customer else "all of it"
    said = f"business {business}, {part}"
    _remove(remove, "deleted", said=said, yes=yes, dry_run=dry_run, database=database, as_json=as_json)


def _remove(
    remove: Remove, done: str, *, said: str, yes: bool, dry_run: bool, database: str | None, as_json: bool
) -> None:
    if not yes and not dry_run and (as_json or not err().is_terminal):
        raise typer.BadParameter("pass --yes to go on, or --dry-run to see what it would be", param_hint="--yes")

    async def work() -> Answer:
        async with without_model(database) as ai:
            if not yes:
                found = await remove(ai, True)
                if dry_run:
                    return _answer(found, f"would be {done}", said, dry_run=True)
                question = f"{_rows(found)} ({said}) will be {done}. Go on?"
                typer.confirm(question, abort=True, err=True)
            return _answer(await remove(ai, False), f"{done}", said, dry_run=False)

    run(work, database=database, as_json=as_json)


def _answer(found: Removal, done: str, said: str, *, dry_run: bool) -> Answer:
    document: dict[str, JsonValue] = {**asdict(found), "dry_run": dry_run}
    return Answer(document, Text(f"{_rows(found)} {done}: {said}."))


def _rows(found: Removal) -> str:
    return f"{counted(found.attempts, 'request')} and {counted(found.content, 'piece')} of content"


def _said(moment: datetime, business: str | None) -> str:
    return f"before {moment:%Y-%m-%d %H:%M} UTC, {f'business {business}' if business else 'of all businesses'}"


def _moment(older_than: int | None, before: str | None) -> datetime:
    day = day_of(before, "--before")
    if (older_than is None) == (day is None):
        raise typer.BadParameter("give one of --older-than DAYS and --before YYYY-MM-DD")
    return datetime.combine(day, time(), UTC) if day else datetime.now(UTC) - timedelta(days=older_than or 0)
