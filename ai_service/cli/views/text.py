"""Text, numbers and dates for the terminal, and the symbols that the views share."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from rich import box
from rich.style import StyleType
from rich.table import Table
from rich.text import Text

from deps.untrusted import without_hidden_characters
from models.vocabulary import ContentType, Network, Role

DIM = "bright_black"

SYMBOLS = {
    ContentType.REEL: "►",
    ContentType.VIDEO: "◉",
    ContentType.CAROUSEL: "▤",
    ContentType.POST: "≡",
    ContentType.STORY: "○",
    ContentType.IMAGE: "▣",
}
"""One cell wide in every terminal, and none of them an emoji."""

ROLE_STYLES = {
    Role.TEASER: "magenta",
    Role.LAUNCH: "bold red",
    Role.EDUCATION: "cyan",
    Role.PROOF: "blue",
    Role.COMMUNITY: "green",
    Role.OFFER: "bold yellow",
    Role.RECAP: "bold",
}

_NETWORKS = {
    Network.X: "X",
    Network.TIKTOK: "TikTok",
    Network.LINKEDIN: "LinkedIn",
    Network.YOUTUBE: "YouTube",
    Network.GOOGLE_BUSINESS: "Google Business",
    Network.WHATSAPP: "WhatsApp",
}

TABLE_GAP = 2
"""Cells between the columns of `facts_table`."""

_SMALLEST_SHOWN = Decimal("0.0001")


def plain(text: str, style: StyleType = "") -> Text:
    """Return untrusted text for the terminal: no markup, no control characters."""
    return Text(without_hidden_characters(text), style=style)


def lines(texts: Iterable[str], style: StyleType = "") -> Text:
    """Return lines one below the other."""
    return Text("\n").join(plain(text, style) for text in texts)


def label_grid(rows: Mapping[str, str | Text]) -> Table:
    """Return a grid of labels and texts."""
    grid = Table.grid(padding=(0, 2, 0, 0))
    for label, text in rows.items():
        grid.add_row(Text(label, style=DIM), plain(text) if isinstance(text, str) else text)
    return grid


def facts_table() -> Table:
    """Return an empty table without a frame, with a line under the headings."""
    return Table(
        box=box.SIMPLE_HEAD,
        show_edge=False,
        pad_edge=False,
        padding=(0, 1, 0, 0),
        header_style="bold",
        border_style=DIM,
    )


def network_name(network: Network | None) -> str:
    """Return the name of a network in its own spelling."""
    return _NETWORKS.get(network, network.capitalize()) if network else ""


def usd(amount: Decimal | None) -> str:
    """Return a rounded amount; the exact one is in the JSON."""
    if amount is None:
        return "unknown"
    return f"<${_SMALLEST_SHOWN}" if 0 < amount < _SMALLEST_SHOWN else f"${amount:,.4f}"


def counted(number: int, noun: str) -> str:
    """Return `1 request`, `2 requests`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def long_date(day: date) -> str:
    """Return `Tue 1 Dec 2026`."""
    return f"{day:%a} {day.day} {day:%b %Y}"
