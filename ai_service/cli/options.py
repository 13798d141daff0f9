"""The options that several commands share."""

from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated

import typer

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]
Model = Annotated[
    str | None,
    typer.Option(
        metavar="PROVIDER:MODEL",
        help="Model to use, e.g. openai:gpt-5.2 or sandbox. Default: AI_SERVICE_MODEL; with OPENAI_API_KEY OpenAI; "
        "else the sandbox.",
    ),
]
Database = Annotated[
    str | None,
    typer.Option(metavar="URL", help="Database, e.g. sqlite:///file.db. Default: AI_SERVICE_DATABASE_URL."),
]
Business = Annotated[str | None, typer.Option(metavar="ID", help="The business, as `brief load` printed it.")]
Campaign = Annotated[str | None, typer.Option(metavar="ID", help="The campaign, as `brief load` printed it.")]
BriefFile = Annotated[
    Path | None,
    typer.Option("--brief", metavar="FILE", help="Load this brief first, and write its calendar if one is needed."),
]
Day = Annotated[int, typer.Option(metavar="N", help="Day of the calendar, from 1.")]
User = Annotated[str | None, typer.Option(metavar="ID", help="The user, for the ledger.")]


def usd(amount: str) -> Decimal:
    """Return an amount as it is typed. Raises BadParameter."""
    try:
        return Decimal(amount)
    except InvalidOperation as error:
        raise typer.BadParameter(f"{amount!r} is no amount: write USD as 12.50") from error


SpendAtMost = Annotated[
    Decimal | None,
    typer.Option(metavar="USD", parser=usd, help="What all requests of this call may cost together."),
]
