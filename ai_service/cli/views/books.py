"""The books: what was spent, and what was tried."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from rich.console import Console, ConsoleOptions, Group, RenderResult
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from ai_service.cli.views.chart import bar, largest_of, total_of
from ai_service.cli.views.text import DIM, TABLE_GAP, facts_table, plain, usd
from ai_service.prices import PriceReport
from models.attempt import Attempt
from models.records import CostLine

_LESS_WANTED = ("Tokens in", "Tokens out")
_KEY_CELLS, _BAR_CELLS, _WIDEST_BAR = 18, 8, 24
"""What keys and bars need at the least: an id then takes two lines."""
_KINDS = {
    "Input": "input_mtok",
    "cached": "cache_read_mtok",
    "written": "cache_write_mtok",
    "Output": "output_mtok",
    "pictures": "output_image_mtok",
}
"""Kinds of tokens, as genai-prices names them."""
_STATUS_STYLES = {"ok": "green", "sent": "yellow"}
_HEADINGS = "  question  attempt  status          http  tokens in      out       cost      ms"


class CostTable:
    """A row for each line and one for their sum, with a bar for each where anything was spent.

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


def prices(report: PriceReport) -> Group:
    """Return what models cost for a million tokens of each kind."""
    table = facts_table()
    table.add_column("Model", overflow="fold")
    for heading in _KINDS:
        table.add_column(heading, justify="right", no_wrap=True)
    for model in report.models:
        found = model.prices
        if found:
            cells = [f"${found[kind].normalize():f}" if kind in found else "" for kind in _KINDS.values()]
        else:
            cells = ["unknown" if found is None else "free"]
        table.add_row(plain(model.model), *cells)
    return Group(table, Text(), plain(f"USD for a million tokens, {report.version}", DIM))


def log(attempts: Sequence[Attempt], *, in_full: bool = False) -> Text:
    """Return the attempts beneath the call they belong to, calls in the order given; `in_full` adds who asked."""
    calls: dict[str, list[Attempt]] = {}
    for attempt in attempts:
        calls.setdefault(attempt.request_id, []).append(attempt)
    blocks: list[Text] = []
    for rows in calls.values():
        rows.sort(key=lambda row: (row.question, row.attempt))
        origin = _origin(rows[0]) if in_full else ()
        blocks.append(Text("\n").join([_call(rows[0]), *origin, Text(_HEADINGS, style=DIM), *map(_attempt, rows)]))
    if any(attempt.cost_estimated for attempt in attempts):
        blocks.append(Text("* estimated: the provider reported no usage, or a tier of unknown price", style=DIM))
    return Text("\n\n").join(blocks)


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


def _call(row: Attempt) -> Text:
    model = row.model if row.provider == row.model else f"{row.provider}:{row.model}"
    started = f"{row.started_at:%Y-%m-%d %H:%M:%S} UTC"
    return Text.assemble(
        (f"request {row.request_id}", "bold"),
        f"\n  {row.feature} · ",
        plain(model),
        f" · {started}",
    )


def _origin(row: Attempt) -> Iterator[Text]:
    ids = {
        "business": row.business_id,
        "campaign": row.campaign_id,
        "content": row.content_id,
        "user": row.user_id,
        "customer": row.customer_id,
        "idempotency key": row.idempotency_key,
        "prompt": row.prompt_version,
        "rules": row.rule_pack_version,
        "prices": row.price_version,
        "trace": row.trace_id,
    }
    for name, value in ids.items():
        if value is not None:
            yield Text.assemble((f"  {name:<15}  ", DIM), plain(value))


def _attempt(row: Attempt) -> Text:
    cost = usd(row.cost_usd) + ("*" if row.cost_estimated else "")
    ms = "" if row.latency_ms is None else f"{row.latency_ms:,.0f}"
    text = Text.assemble(
        f"  {row.question:<8}  {row.attempt:<7}  ",
        (f"{row.status:<14}", _STATUS_STYLES.get(row.status, "red")),
        f"  {row.http_status or '–':>4}  {row.input_tokens:>9,}  {row.output_tokens:>7,}  {cost:>9}  {ms:>6}",
    )
    for name, value in (
        ("error", row.error),
        *(("repaired", item) for item in row.repairs),
        *(("input", item) for item in row.input_warnings),
    ):
        if value:
            text.append(f"\n    {name}: ", style=DIM).append_text(plain(value))
    return text
