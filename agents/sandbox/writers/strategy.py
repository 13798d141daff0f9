"""Writes the sandbox's pillars and the themes of the requested days."""

from collections.abc import Iterator
from dataclasses import replace

from agents.sandbox.occasions import occasion_name, occasion_phrases
from agents.sandbox.offers import offered
from agents.sandbox.setting import Setting, Slots
from agents.sandbox.theme_book import Book, Theme, book_of, candidates, offer_slots
from agents.sandbox.wording import capitalised, fill, pick, shorten
from deps.strategy import DayBrief, PillarTask, ThemeTask
from deps.tasks import DayTask
from models.angles import ANGLES, HINTS
from models.calendar_quality import repeats
from models.strategy import DayTheme, Pillar, PillarSet, ThemeSlice

KEY_DATE = "key_date"
"""Stands for the angle on days with an occasion."""

_PILLARS, _MAX_NAME, _MAX_DESCRIPTION = 4, 60, 300
_MIN_THEME, _MAX_THEME = 8, 140
_ATTEMPTS = 2


def write_pillars(setting: Setting, task: PillarTask) -> PillarSet:
    """Return four subjects; one of them carries the industry's name."""
    frames = setting.phrases.pillars
    order = sorted(range(len(frames)), key=lambda n: ("{Industry}" not in frames[n].name, pick(setting.seed, n)))
    pillars = [_pillar(setting, number) for number in order]
    # What can't be published comes last: of a brief that bans everything, four are returned all the same.
    pillars.sort(key=lambda pillar: setting.unwanted(f"{pillar.name} {pillar.description}"))
    return PillarSet(pillars=sorted(pillars[:_PILLARS], key=lambda pillar: pick(setting.seed, pillar.name)))


def write_themes(setting: Setting, task: ThemeTask) -> ThemeSlice:
    """Return a theme for each day asked for, none near another one or near one to avoid."""
    taken, book = list(task.avoid), book_of(setting)
    days: list[DayTheme] = []
    for day in task.days:
        themes = [theme.text for theme in _themes(setting, day, book)]
        fresh = (theme for theme in themes if not repeats(theme, taken, brand=setting.brief.business.name))
        theme = next(fresh, themes[0])
        taken.append(theme)
        days.append(DayTheme(day=day.day, theme=theme))
    return ThemeSlice(days=days)


def theme_of(setting: Setting, day: DayTask) -> Theme | None:
    """Return what the theme of a day was made of; None: the sandbox did not write it."""
    shared = day.model_dump(exclude={"theme", "call_to_action"})
    for attempt in range(_ATTEMPTS):
        past = replace(setting, attempt=attempt)
        book = book_of(past)
        known = (theme for theme in book.values() if theme.text == day.theme)
        others = (
            theme
            for angle in ANGLES[day.role]
            for theme in _themes(past, DayBrief(**shared, angle=angle.id, angle_hint=""), book)
            if theme.text == day.theme
        )
        if theme := next(known, None) or next(others, None):
            return theme
    return None


WRITERS = {PillarTask: write_pillars, ThemeTask: write_themes}


def _themes(setting: Setting, day: DayBrief, book: Book) -> Iterator[Theme]:
    """Yield themes for a day, the preferred one first."""
    extra, sold = _slots_of(setting, day), offered(day)
    offer = sold.text if sold else ""
    if day.key_date:
        yield from _of_key_date(setting, day, day.key_date, extra)
    elif (day.angle, offer) in book:
        yield book[day.angle, offer]
    angle = day.angle if day.angle in HINTS else ANGLES[day.role][0].id
    for _, theme in candidates(setting, angle, start=pick(setting.seed, angle, day.day), extra=extra):
        yield theme
    text = f"{capitalised(setting.industry)} · {setting.trade.topic}"
    yield Theme(text=text.ljust(_MIN_THEME, "."), angle=angle, slots=setting.slots(angle))


def _of_key_date(setting: Setting, day: DayBrief, name: str, extra: Slots) -> Iterator[Theme]:
    """Occasions take turns, so that two in a month read differently."""
    phrases = occasion_phrases(setting, name)
    slots = setting.slots(day.angle) | extra
    frames = phrases.offer if "offer" in extra else phrases.themes
    for _, text in setting.filled(frames, slots, start=pick(setting.seed, KEY_DATE) + day.day):
        yield Theme(text=shorten(text, _MAX_THEME).ljust(_MIN_THEME, "."), angle=KEY_DATE, slots=slots)


def _slots_of(setting: Setting, day: DayBrief) -> Slots:
    sold = offered(day)
    slots = offer_slots(setting, sold.text) if sold else {}
    if day.key_date:
        slots["key_date"] = occasion_name(setting, day.key_date)
    return slots


def _pillar(setting: Setting, number: int) -> Pillar:
    frames, slots = setting.phrases.pillars[number], setting.slots("pillar", turn=number)
    name = fill(frames.name, slots, language=setting.language) or setting.name
    description = fill(frames.description, slots, language=setting.language) or setting.name
    return Pillar(name=shorten(name, _MAX_NAME), description=shorten(description, _MAX_DESCRIPTION))
