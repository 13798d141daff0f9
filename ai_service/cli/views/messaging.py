"""A suggested reply as a chat."""

from rich import box
from rich.align import Align
from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.text import Text

from ai_service.cli.views.text import label_grid, lines, long_date, plain
from ai_service.cli.views.wrapping import wrapped
from models.messaging import ReplySuggestion

_BUBBLE_SHARE = 0.7
_WIDEST_CHAT = 100
_FRAME = 4


def chat(customer_message: str, suggestion: ReplySuggestion, *, width: int) -> RenderableType:
    """Return the customer's message on the left, the suggested reply on the right, and what a person must know."""
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
    """Return what is known beside the reply, without what isn't there."""
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
