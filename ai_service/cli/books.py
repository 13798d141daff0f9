"""The commands that read the books: what was tried, and what it cost."""

from typing import Annotated

import typer
from pydantic import JsonValue, TypeAdapter
from rich.text import Text

from ai_service.cli.opening import without_model
from ai_service.cli.options import Business, Campaign, Database, Json
from ai_service.cli.output import Answer, run
from ai_service.cli.views import books as books_view
from ai_service.errors import NotFound
from models.attempt import Attempt
from models.records import CostGroup, CostLine

_ATTEMPTS = TypeAdapter(list[Attempt])
_LINES = TypeAdapter(list[CostLine])


def logs(
    request: Annotated[str | None, typer.Option(metavar="ID", help="One call, attempt by attempt.")] = None,
    limit: Annotated[int, typer.Option(metavar="N", min=1, max=1000, help="How many of the newest attempts.")] = 20,
    database: Database = None,
    as_json: Json = False,
) -> None:
    """Show what was tried: the newest attempts, or all of one call."""

    async def work() -> Answer:
        async with without_model(database) as ai:
            attempts = await ai.attempts(request_id=request, limit=limit)
        if request and not attempts:
            raise NotFound(f"no request {request!r} is on the books: `ai-service logs` shows the newest")
        view = books_view.log(attempts, in_full=request is not None) if attempts else Text("Nothing was tried yet.")
        return Answer(_ATTEMPTS.dump_python(attempts, mode="json"), view)

    run(work, database=database, as_json=as_json)


def costs(
    by: Annotated[CostGroup, typer.Option(help="What each line is for.")] = "feature",
    business: Business = None,
    campaign: Campaign = None,
    database: Database = None,
    as_json: Json = False,
) -> None:
    """Show what it cost, from the ledger."""

    async def work() -> Answer:
        async with without_model(database) as ai:
            lines = await ai.costs(by=by, business_id=business, campaign_id=campaign)
        view = books_view.costs(lines, by=by) if lines else Text("Nothing was spent yet.")
        return Answer(costs_document(lines, by=by), view)

    run(work, database=database, as_json=as_json)


def costs_document(lines: list[CostLine], *, by: CostGroup) -> JsonValue:
    """Return lines of the books and their sum for machines."""
    *dumped, total = _LINES.dump_python([*lines, books_view.total_of(lines)], mode="json")
    return {"by": by, "lines": dumped, "total": total}
