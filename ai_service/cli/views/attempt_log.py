"""A log of attempts, grouped by call."""

from collections.abc import Iterator, Sequence

from rich.text import Text

from ai_service.cli.views.text import DIM, plain, usd
from models.attempt import Attempt

_STATUS_STYLES = {"ok": "green", "sent": "yellow"}
_HEADINGS = "  question  attempt  status          http  tokens in      out       cost      ms"


def attempt_log(attempts: Sequence[Attempt], *, in_full: bool = False) -> Text:
    """Return the attempts grouped by call, in the given order; `in_full` adds ids and versions."""
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
