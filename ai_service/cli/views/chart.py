"""Bar charts of costs, with the wasted part marked: for the terminal's table, and as SVG."""

from collections.abc import Sequence
from decimal import Decimal
from xml.sax.saxutils import escape

from rich.text import Text

from ai_service.cli.views.text import usd
from deps.untrusted import without_hidden_characters
from models.records import CostLine

MAX_BARS = 40
"""Most lines that are drawn; the rest is summed up in one more."""

_USED, _WASTED = "█", "░"

_ROW, _BAR, _LETTER, _PAD, _HEAD = 30, 18, 7.6, 24, 84
_CHART, _VALUES = 420, 230
_COLORS = {"used": "#2f6db5", "wasted": "#e8833a", "text": "#1f2430", "dim": "#5c6470"}
_FONT = "font-family='ui-monospace,Menlo,Consolas,DejaVu Sans Mono,monospace'"


def bar(line: CostLine, largest: Decimal, *, cells: int) -> Text:
    """Return a bar for a cost, as a share of the largest one; the wasted part is at its end."""
    total = _cells(line.cost_usd, largest, cells)
    wasted = min(total, _cells(line.waste_usd, largest, cells))
    return Text.assemble((_USED * (total - wasted), "blue"), (_WASTED * wasted, "red"))


def largest_of(lines: Sequence[CostLine]) -> Decimal:
    """Return the largest cost; 0 if there is none."""
    return max((line.cost_usd for line in lines), default=Decimal(0))


def svg(lines: Sequence[CostLine], *, title: str, total: CostLine) -> str:
    """Return an SVG chart with a bar per line, its cost, and the wasted part."""
    drawn = _drawn(lines)
    largest = largest_of(drawn)
    labels = [without_hidden_characters(line.key) for line in drawn]
    left = _PAD + max(len(label) for label in [*labels, title[:20]]) * _LETTER + 12
    width, height = left + _CHART + _VALUES + _PAD, _HEAD + len(drawn) * _ROW + _PAD
    said = f"{usd(total.cost_usd)} in {total.requests:,} requests, {usd(total.waste_usd)} of it wasted on failed ones"
    if total.unpriced_requests:
        said += f"; {total.unpriced_requests:,} of the requests have no known price"
    parts = [
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {width:.0f} {height:.0f}' "
        f"width='{width:.0f}' height='{height:.0f}' {_FONT} font-size='12.5'>",
        f"<title>{escape(title)}</title>",
        "<rect width='100%' height='100%' fill='#ffffff'/>",
        _text(_PAD, 32, title, size=17, weight="bold"),
        _text(_PAD, 52, said, color="dim"),
        *_legend(x=left, y=70),
    ]
    for number, (label, line) in enumerate(zip(labels, drawn, strict=True)):
        parts += _row(label, line, largest, left=left, top=_HEAD + number * _ROW)
    return "\n".join([*parts, "</svg>", ""])


def _row(label: str, line: CostLine, largest: Decimal, *, left: float, top: float) -> list[str]:
    whole = float(line.cost_usd / largest) * _CHART if largest else 0.0
    wasted = float(line.waste_usd / largest) * _CHART if largest else 0.0
    base, y = top + _BAR - 4, top
    value = usd(line.cost_usd) + (f", {usd(line.waste_usd)} wasted" if line.waste_usd else "")
    return [
        _text(left - 12, base, label, anchor="end"),
        f"<rect x='{left:.1f}' y='{y}' width='{whole - wasted:.1f}' height='{_BAR}' fill='{_COLORS['used']}'/>",
        f"<rect x='{left + whole - wasted:.1f}' y='{y}' width='{wasted:.1f}' height='{_BAR}' "
        f"fill='{_COLORS['wasted']}'/>",
        _text(left + whole + 8, base, value, color="dim"),
    ]


def _legend(*, x: float, y: float) -> list[str]:
    marks: list[str] = []
    for kind, said in (("used", "answers used"), ("wasted", "failed requests")):
        marks.append(f"<rect x='{x:.1f}' y='{y - 9}' width='10' height='10' fill='{_COLORS[kind]}'/>")
        marks.append(_text(x + 16, y, said, color="dim"))
        x += 16 + len(said) * _LETTER + 24
    return marks


def _text(
    x: float, y: float, text: str, *, size: float = 12.5, weight: str = "normal", color: str = "text", anchor: str = ""
) -> str:
    placed = f" text-anchor='{anchor}'" if anchor else ""
    return (
        f"<text x='{x:.1f}' y='{y}' font-size='{size}' font-weight='{weight}' fill='{_COLORS[color]}'{placed}>"
        f"{escape(text)}</text>"
    )


def _drawn(lines: Sequence[CostLine]) -> list[CostLine]:
    """Return the lines to draw: the first ones, and the sum of the others."""
    if len(lines) <= MAX_BARS:
        return [*lines]
    rest = lines[MAX_BARS:]
    return [*lines[:MAX_BARS], total_of(rest, key=f"{len(rest):,} others")]


def total_of(lines: Sequence[CostLine], *, key: str = "total") -> CostLine:
    """Return the sum of the lines."""
    return CostLine(
        key=key,
        requests=sum(line.requests for line in lines),
        failed_requests=sum(line.failed_requests for line in lines),
        input_tokens=sum(line.input_tokens for line in lines),
        output_tokens=sum(line.output_tokens for line in lines),
        cost_usd=sum((line.cost_usd for line in lines), Decimal(0)),
        waste_usd=sum((line.waste_usd for line in lines), Decimal(0)),
        unpriced_requests=sum(line.unpriced_requests for line in lines),
    )


def _cells(amount: Decimal, largest: Decimal, width: int) -> int:
    """Return the cells of an amount: at least one unless it is 0."""
    return max(1, round(float(amount / largest) * width)) if amount and largest else 0
