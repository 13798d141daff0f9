"""A table of costs with bars."""

from collections.abc import Sequence
from decimal import Decimal

from rich.console import Console, ConsoleOptions, RenderResult
from rich.measure import Measurement
from rich.table import Table

from ai_service.cli.views.chart import bar, largest_of, total_of
from ai_service.cli.views.text import TABLE_GAP, facts_table, plain, usd
from models.records import CostLine

_LESS_WANTED = ("Tokens in", "Tokens out")
_KEY_CELLS, _BAR_CELLS, _WIDEST_BAR = 18, 8, 24
"""The minimum for keys and bars: an id then takes two lines."""


class CostTable:
    """A row per line and one for the total, with bars if anything was spent.

    A bar is the cost, its lighter end what failed requests cost of it. Columns of failures are there only where there
    are any, those of tokens only where a narrow terminal has room for them.
    """

    def __init__(self, lines: Sequence[CostLine], *, by: str) -> None:
        self.lines = lines
        self.by = by

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield the table for this terminal."""
        headings = _headings(self.lines)
        unbounded = options.update(max_width=1_000)
        if Measurement.get(console, unbounded, self._table(headings, _BAR_CELLS)).minimum > options.max_width:
            headings = [heading for heading in headings if heading not in _LESS_WANTED]
        without_bars = Measurement.get(console, unbounded, self._table(headings, 0))
        left = options.max_width - without_bars.maximum - TABLE_GAP
        yield self._table(headings, max(_BAR_CELLS, min(_WIDEST_BAR, left)))

    def _table(self, headings: Sequence[str], bar_cells: int) -> Table:
        total, largest = total_of(self.lines), largest_of(self.lines) if bar_cells else Decimal(0)
        table = facts_table()
        table.add_column(self.by.capitalize(), overflow="fold", min_width=min(_KEY_CELLS, self._key_cells()))
        for heading in headings:
            table.add_column(heading, justify="right", no_wrap=True)
        if largest:
            table.add_column("░ wasted" if total.waste_usd else "", width=bar_cells)
        for line in self.lines:
            drawn = [bar(line, largest, cells=bar_cells)] if largest else []
            table.add_row(plain(line.key), *_cells(line, headings), *drawn)
        table.add_section()
        table.add_row(total.key, *_cells(total, headings), style="bold")
        return table

    def _key_cells(self) -> int:
        return max(len(text) for text in (self.by, "total", *(line.key for line in self.lines)))


def _headings(lines: Sequence[CostLine]) -> list[str]:
    total = total_of(lines)
    headings = ["Requests", "Tokens in", "Tokens out", "Cost"]
    headings += ["Failed", "Wasted"] if total.failed_requests else []
    return headings + (["No price"] if total.unpriced_requests else [])


def _cells(line: CostLine, headings: Sequence[str]) -> list[str]:
    cells = {
        "Requests": f"{line.requests:,}",
        "Tokens in": f"{line.input_tokens:,}",
        "Tokens out": f"{line.output_tokens:,}",
        "Cost": usd(line.cost_usd),
        "Failed": f"{line.failed_requests:,}",
        "Wasted": usd(line.waste_usd),
        "No price": f"{line.unpriced_requests:,}",
    }
    return [cells[heading] for heading in headings]
