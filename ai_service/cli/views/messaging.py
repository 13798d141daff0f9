"""A suggested reply as a chat."""

from rich import box
from rich.align import Align
from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.text import Text

from ai_service.cli.views.text import label_grid, lines, plain
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
        label_grid({"Intent": suggestion.intent, "Needs a person": _person(suggestion)}),
    )


def _bubble(title: str, text: str, *, width: int, style: str) -> Panel:
    body = wrapped(text, int(width * _BUBBLE_SHARE) - _FRAME)
    return Panel(lines(body), title=title, title_align="left", box=box.ROUNDED, border_style=style, expand=False)


def _person(suggestion: ReplySuggestion) -> Text:
    if not suggestion.needs_human:
        return Text("no, it can be sent as it is")
    return Text.assemble(("yes", "bold yellow"), ": ", plain(suggestion.needs_human_reason or "no reason given"))
