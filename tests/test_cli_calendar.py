"""The calendar in a terminal, at the widths people have."""

import re
from datetime import date
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console, RenderableType

from ai_service.cli.brief_file import load_brief
from ai_service.cli.features import strategy
from ai_service.cli.views.text import SYMBOLS
from models.skeleton import plan_days
from models.strategy import CalendarDay, CampaignStrategy, Pillar
from models.vocabulary import Quality

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = {date(2026, 12, 1): "DEC", date(2027, 1, 1): "JAN"}
WIDTHS = (60, 72, 80, 100, 120, 160, 220)
BRIEF = load_brief(Path(__file__).parent.parent / "examples" / "levain.yaml")
THEMES = {
    "french": "Pourquoi maintenant, et pas à la rentrée : la farine « du moulin » est prête, jour {}",
    "long words": "Anticonstitutionnellement, Donaudampfschifffahrtsgesellschaftskapitän Nummer {}",
    "wide": "かぼちゃのブリオッシュが焼きあがる午前八時の香りを町じゅうに、第{}日",
    "hostile": "[red]theme[/red] \x1b[31mred\x1b[0m \u202eback {}",
}


def calendar(theme: str = THEMES["french"], *, start: date = date(2026, 12, 1)) -> CampaignStrategy:
    brief = BRIEF.model_copy(update={"campaign": BRIEF.campaign.model_copy(update={"start_date": start})})
    pillars = [Pillar(name=f"Pilier {n}", description="d") for n in range(4)]
    days = [
        CalendarDay(
            **planned.model_dump(exclude={"angle", "pillar_index", "offer_index"}),
            theme=theme.format(planned.day),
            pillar=pillars[planned.pillar_index].name,
            offer=None,
            call_to_action=None,
            locked=False,
            revision=1,
        )
        for planned in plan_days(brief, today=start)
    ]
    quality = [
        Quality(name="c.dup", value=0, target=1, severity="hard", passed=True),
        Quality(name="c.opener", value=0.25, target=0.2, severity="soft", passed=False),
    ]
    return CampaignStrategy(campaign_id="c", pillars=pillars, calendar=days, quality=quality)


def shown(view: RenderableType, width: int, *, color: bool = False) -> str:
    console = Console(
        width=width, highlight=False, markup=False, force_terminal=color, color_system="truecolor" if color else None
    )
    with console.capture() as capture:
        console.print(view)
    return capture.get()


def lines(view: RenderableType, width: int) -> list[str]:
    return shown(view, width).splitlines()


def joined(text: str) -> str:
    """The text as one line, blanks of all kinds as one."""
    return " ".join(text.split())


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_no_line_of_a_calendar_is_wider_than_the_terminal(theme: str, width: int) -> None:
    view = strategy.calendar(calendar(theme), width=width)

    assert max(map(cell_len, lines(view, width))) <= width


@pytest.mark.parametrize("width", (72, 80, 120, 160))
def test_the_grid_holds_every_day_with_date_format_and_number(width: int) -> None:
    days = calendar().calendar
    cells = [cell for row in lines(strategy.month_grid(days, width=width), width) for cell in row.split("│")]
    heads = {"".join(cell.split()) for cell in cells}

    assert {f"{day.date.day}{MONTHS.get(day.date, '')}{SYMBOLS[day.content_type]}{day.day}" for day in days} <= heads
    assert [cell.strip() for cell in cells if cell.strip() in WEEKDAYS] == list(WEEKDAYS)


@pytest.mark.parametrize("width", (80, 120))
def test_the_grid_marks_offers_key_dates_months_and_rest_days(width: int) -> None:
    grid = shown(strategy.month_grid(calendar().calendar, width=width), width)

    assert grid.startswith("December 2026 – January 2027")
    assert grid.count("% offer") == sum(day.is_promo for day in calendar().calendar)
    assert "* Noël" in grid
    assert "1 JAN" in grid
    assert grid.count("rest") == 4


def test_colour_adds_nothing_that_the_text_does_not_say() -> None:
    view = strategy.calendar(calendar(), width=120)

    coloured = shown(view, 120, color=True)

    assert "\x1b[" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == shown(view, 120)


@pytest.mark.parametrize("width", WIDTHS)
def test_the_list_holds_every_theme_in_full(width: int) -> None:
    days = calendar().calendar
    rows = lines(strategy.theme_list(days, width=width), width)

    column = rows[0].index("Theme")
    text = joined(" ".join(row[column:] for row in rows))
    assert all(joined(day.theme) in text for day in days)
    assert [int(row.split()[0]) for row in rows[2:] if row[:3].strip()] == list(range(1, 31))


@pytest.mark.parametrize("start", [date(2026, 11, 1), date(2026, 11, 30), date(2027, 2, 1), date(2028, 2, 20)])
def test_a_calendar_may_begin_on_any_day(start: date) -> None:
    days = calendar(start=start).calendar
    grid = shown(strategy.month_grid(days, width=120), 120)

    assert grid.count("rest") == (days[-1].date - days[0].date).days - 29
    assert all(f" {day.day} │" in grid for day in days)


def test_a_bound_that_was_missed_is_named() -> None:
    view = shown(strategy.calendar(calendar(), width=80), 80)

    assert "1 of 2 measured bounds kept" in view
    assert "c.opener is 0.25, its bound 0.2" in view


def test_nothing_from_outside_is_markup_or_reaches_the_terminal_as_control() -> None:
    view = shown(strategy.calendar(calendar(THEMES["hostile"]), width=160), 160)

    assert "[red]theme[/red]" in view
    assert not {"\x1b", "\u202e"} & set(view)
