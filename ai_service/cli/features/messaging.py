"""The command that suggests a reply, and its view: a chat."""

from typing import Annotated

import typer
from rich import box
from rich.align import Align
from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.text import Text

from ai_service.cli.options import BriefFile, Business, Campaign, Database, Json, Model, SpendAtMost, User
from ai_service.cli.result_document import answer
from ai_service.cli.target import Target, opened
from ai_service.cli.terminal import Answer, out, run, working
from ai_service.cli.views.text import label_grid, lines, long_date, plain
from ai_service.cli.views.wrapping import wrapped
from models.messaging import Channel, ReplySuggestion

_BUBBLE_SHARE = 0.7
_WIDEST_CHAT = 100
_FRAME = 4


def reply(
    message: Annotated[str, typer.Argument(help="What the customer wrote.")],
    channel: Annotated[Channel | None, typer.Option(case_sensitive=False, help="Where the customer wrote.")] = None,
    customer: Annotated[str | None, typer.Option(metavar="ID", help="The customer, for the ledger.")] = None,
    business: Business = None,
    campaign: Campaign = None,
    brief: BriefFile = None,
    user: User = None,
    spend_at_most: SpendAtMost = None,
    model: Model = None,
    database: Database = None,
    as_json: Json = False,
) -> None:
    """Suggest a reply to a customer."""
    target = Target(business, campaign, brief)
    target.check(campaign_needed=False)

    async def work() -> Answer:
        async with opened(model=model, database=database) as ai:
            ids = await target.ids(ai, calendar_needed=False)
            with working("Writing the reply"):
                result = await ai.suggest_reply(
                    ids.business_id,
                    message,
                    campaign_id=ids.campaign_id or None,
                    channel=channel,
                    customer_id=customer,
                    user_id=user,
                    spend_at_most_usd=spend_at_most,
                )
        return answer(result, ids, chat(message, result.output, width=out().width))

    run(work, database=database, as_json=as_json)


command = reply


def chat(customer_message: str, suggestion: ReplySuggestion, *, width: int) -> RenderableType:
    """Return the message on the left, the suggested reply on the right, and the facts about it below."""
    width = min(width, _WIDEST_CHAT)
    return Group(
        _bubble("Customer", customer_message, width=width, style="white"),
        Align.right(_bubble("Suggested reply", suggestion.reply, width=width, style="green"), width=width),
        label_grid(_known(suggestion)),
        *(lines(wrapped(f"! {flag.rule_id}: {flag.message}", width), "yellow") for flag in suggestion.flags),
    )


def _bubble(title: str, text: str, *, width: int, style: str) -> Panel:
    body = wrapped(text, int(width * _BUBBLE_SHARE) - _FRAME)
    return Panel(lines(body), title=title, title_align="left", box=box.ROUNDED, border_style=style, expand=False)


def _known(suggestion: ReplySuggestion) -> dict[str, str | Text]:
    """Return the facts about a reply, without empty ones."""
    closes_at = suggestion.window_closes_at
    rows = {
        "Intent": suggestion.intent,
        "Needs a person": _person(suggestion),
        "Facts used": ", ".join(suggestion.facts_used),
        "Window closes": f"{long_date(closes_at.date())}, {closes_at:%H:%M} UTC" if closes_at else "",
    }
    return {name: row for name, row in rows.items() if row}


def _person(suggestion: ReplySuggestion) -> Text:
    if suggestion.auto_sendable:
        return Text("no, it can be sent as it is")
    if not suggestion.needs_human:
        return Text("to read it before it is sent")
    return Text.assemble(("yes", "bold yellow"), ": ", plain(suggestion.needs_human_reason or "no reason given"))
