"""The command that writes a calendar, and its view: the month as a grid, and all themes in full."""

from collections.abc import Iterator
from datetime import date, timedelta

from rich import box
from rich.cells import cell_len
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from ai_service.cli.options import BriefFile, Business, Campaign, Database, Json, Model, SpendAtMost, User
from ai_service.cli.result_document import answer
from ai_service.cli.target import Target, opened
from ai_service.cli.terminal import Answer, out, run, working
from ai_service.cli.views.text import (
    DIM,
    ROLE_STYLES,
    SYMBOLS,
    TABLE_GAP,
    facts_table,
    label_grid,
    lines,
    network_name,
    plain,
)
from ai_service.cli.views.wrapping import cut, shortened, wrapped
from models.strategy import CalendarDay, CampaignStrategy

_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_NARROWEST_GRID = 72
_WIDE = 100
_WIDEST_CELL = 24
_THEME_LINES = 4
_NARROWEST_THEME = 20


def strategy(
    business: Business = None,
    campaign: Campaign = None,
    brief: BriefFile = None,
    user: User = None,
    spend_at_most: SpendAtMost = None,
    model: Model = None,
    database: Database = None,
    as_json: Json = False,
) -> None:
    """Write a calendar of 30 days."""
    target = Target(business, campaign, brief)
    target.check()

    async def work() -> Answer:
        async with opened(model=model, database=database) as ai:
            ids = await target.ids(ai, calendar_needed=False)
            with working("Writing the calendar"):
                result = await ai.generate_strategy(
                    ids.business_id, ids.campaign_id, user_id=user, spend_at_most_usd=spend_at_most
                )
        return answer(result, ids, calendar(result.output, width=out().width))

    run(work, database=database, as_json=as_json)


command = strategy


def calendar(strategy: CampaignStrategy, *, width: int) -> RenderableType:
    """Return the calendar: pillars, a grid if `width` allows, the list of themes, quality."""
    days = strategy.calendar
    grid = [month_grid(days, width=width), legend(width=width), Text()] if width >= _NARROWEST_GRID else []
    subjects = " · ".join(pillar.name for pillar in strategy.pillars)
    return Group(
        label_grid({"Subjects": subjects}), Text(), *grid, theme_list(days, width=width), Text(), _quality(strategy)
    )


def month_grid(days: list[CalendarDay], *, width: int) -> Table:
    """Return a table of weeks and weekdays, Monday first, at most `width` cells wide."""
    padding = 1 if width >= _WIDE else 0
    cell = min((width - 8) // 7 - 1 - padding, _WIDEST_CELL)
    table = Table(box=box.ROUNDED, show_lines=True, padding=(0, padding, 0, 1), border_style=DIM, header_style="bold")
    table.title, table.title_style, table.title_justify = _months(days), "bold", "left"
    for weekday in _WEEKDAYS:
        table.add_column(weekday, width=cell)
    by_date = {day.date: day for day in days}
    for week in _weeks(days[0].date, days[-1].date):
        table.add_row(*(_cell(day, by_date, width=cell, gap=" " * padding) for day in week))
    return table


def legend(*, width: int) -> Text:
    """Return the legend of the grid."""
    formats = "   ".join(f"{symbol} {content_type}" for content_type, symbol in SYMBOLS.items())
    example = "► 7" if width >= _WIDE else "►7"
    return Text(f"{formats}\n{example} day 7, a Reel (content --day 7)   % sells an offer   * key date", style=DIM)


def theme_list(days: list[CalendarDay], *, width: int) -> Table:
    """Return a row per day with its whole theme, and as many other columns as fit."""
    headings = ["Day", "Date", "Format", "Role", "Network"]
    headings = headings[: 5 if width >= _WIDE else 4 if width >= _NARROWEST_GRID else 2]
    rows = [_facts(day)[: len(headings)] for day in days]
    widths = [max(cell_len(row[n]) for row in [headings, *rows]) for n in range(len(headings))]
    theme_width = max(width - sum(widths) - TABLE_GAP * len(widths), _NARROWEST_THEME)
    table = facts_table()
    for heading in headings:
        table.add_column(heading, justify="right" if heading == "Day" else "left", no_wrap=True)
    table.add_column("Theme", width=theme_width)
    for day, row in zip(days, rows, strict=True):
        styled = [Text(fact, style=ROLE_STYLES[day.role] if n == 3 else "") for n, fact in enumerate(row)]
        table.add_row(*styled, _whole_theme(day, theme_width))
    return table


def _facts(day: CalendarDay) -> list[str]:
    written_date = f"{day.date:%a} {day.date.day:>2} {day.date:%b}"
    return [str(day.day), written_date, day.content_type, _role(day), network_name(day.network)]


def _role(day: CalendarDay) -> str:
    return f"% {day.role}" if day.is_promo else day.role


def _whole_theme(day: CalendarDay, width: int) -> Text:
    theme = lines(wrapped(day.theme, width))
    if day.key_date:
        theme.append("\n").append_text(lines(wrapped(f"* {day.key_date}", width), "italic"))
    return theme


def _quality(strategy: CampaignStrategy) -> Table:
    missed = [item for item in strategy.quality if not item.passed]
    kept = f"{len(strategy.quality) - len(missed)} of {len(strategy.quality)} measured bounds kept"
    details = [f"{item.name} is {item.value:g}, its bound {item.target:g}" for item in missed]
    flagged = lines([f"{flag.path}: {flag.message}" for flag in strategy.flags], "yellow")
    return label_grid({"Quality": lines([kept, *details]), **({"Look at": flagged} if strategy.flags else {})})


def _months(days: list[CalendarDay]) -> str:
    first, last = f"{days[0].date:%B %Y}", f"{days[-1].date:%B %Y}"
    return first if first == last else f"{first} – {last}"


def _weeks(first: date, last: date) -> Iterator[list[date]]:
    monday = first - timedelta(days=first.weekday())
    while monday <= last:
        yield [monday + timedelta(days=n) for n in range(7)]
        monday += timedelta(days=7)


def _cell(day: date, by_date: dict[date, CalendarDay], *, width: int, gap: str) -> Text:
    """Return the cell of a date: rest days are grey, dates outside the campaign are empty."""
    first, last = min(by_date), max(by_date)
    if not first <= day <= last:
        return Text()
    written_date = f"{day.day} {day:%b}".upper() if day.day == 1 or day == first else str(day.day)
    if day not in by_date:
        return lines([written_date, "rest"], DIM)
    planned = by_date[day]
    sign = f"{SYMBOLS[planned.content_type]}{gap}{planned.day}"
    head = Text.assemble(
        (written_date, "bold reverse" if day.day == 1 else "bold"), sign.rjust(width - len(written_date))
    )
    key_date = plain(cut(f"* {planned.key_date}", width), "italic") if planned.key_date else None
    theme = lines(shortened(planned.theme, width, lines=_THEME_LINES - (key_date is not None)))
    role = Text(_role(planned), style=ROLE_STYLES[planned.role])
    return Text("\n").join(part for part in (head, role, key_date, theme) if part is not None)
