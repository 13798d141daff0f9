"""The books: what was spent, and what was tried."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from rich.table import Table
from rich.text import Text

from ai_service.cli.views.text import DIM, facts_table, plain, usd
from models.attempt import Attempt
from models.records import CostLine

_STATUS_STYLES = {"ok": "green", "sent": "yellow"}
_HEADINGS = "  question  attempt  status          http  tokens in      out       cost      ms"


def costs(lines: Sequence[CostLine], *, by: str) -> Table:
    """Return a row for each line and one for their sum; columns of failures only where there are any."""
    total = total_of(lines)
    headings = ["Requests", "Tokens in", "Tokens out", "Cost"]
    headings += ["Failed", "Wasted"] if total.failed_requests else []
    headings += ["No price"] if total.unpriced_requests else []
    table = facts_table()
    table.add_column(by.capitalize(), overflow="fold")
    for heading in headings:
        table.add_column(heading, justify="right", no_wrap=True)
    for line in lines:
        table.add_row(plain(line.key), *_cells(line, headings))
    table.add_section()
    table.add_row(total.key, *_cells(total, headings), style="bold")
    return table


def total_of(lines: Sequence[CostLine]) -> CostLine:
    """Return the sum of the lines."""
    return CostLine(
        key="total",
        requests=sum(line.requests for line in lines),
        failed_requests=sum(line.failed_requests for line in lines),
        input_tokens=sum(line.input_tokens for line in lines),
        output_tokens=sum(line.output_tokens for line in lines),
        cost_usd=sum((line.cost_usd for line in lines), Decimal(0)),
        waste_usd=sum((line.waste_usd for line in lines), Decimal(0)),
        unpriced_requests=sum(line.unpriced_requests for line in lines),
    )


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
        blocks.append(Text("* an upper bound: the provider reported no usage", style=DIM))
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
