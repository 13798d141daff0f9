"""The answers of round 3 that are said in words: a calendar's themes and a video script, built as their case says."""

import json
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from pydantic import JsonValue

Days = list[dict[str, JsonValue]]

SLICE = [1, 2, 3, 4, 5, 6]
"""The days that a case speaks of, where it names no others."""
_LINES = """\
Raw fleece on the sorting table|Why a warp is wound by hand|The quiet sound of a shuttle|Indigo drying behind the shed
A selvedge that stays straight|Bobbins filled before breakfast|Mending a broken thread|The oldest floor loom in the room
Undyed grey against warm brown|How linen softens in use|Chalk marks on the reed|Where scraps of yarn end up
First scarf of a nervous beginner|Madder root in a copper pot|Counting picks with a thumb|The window seat for spinners
Twill explained with two pencils|A blanket for a small cousin|Labels sewn on by candlelight|What a heddle does
Rain on the roof of the dye room|Treadles worn smooth by feet|Onion skins and a yellow cloth|Tying the last knot
An apron full of pins|Choosing a border for a shawl|The basket by the front door|Cotton that squeaks
A cat asleep among the cones|Cutting cloth from the beam"""
THEMES = dict(enumerate(_LINES.replace("\n", "|").split("|"), 1))
"""A good theme for each day of a calendar."""
TWIN = f"{THEMES[2].rsplit(' ', 1)[0]} carefully"
"""The theme of day 2 with one word changed."""

# Any: texts, and a list of them
VIDEO: dict[str, Any] = {
    "hook": "Watch these threads turn into cloth.",
    "body": (
        "First we stretch the long threads over the loom and tie each one by hand. "
        "Then the shuttle runs across, again and again, and every pass is beaten close to the last. "
        "Slowly a pattern rises out of plain yarn. "
        "The colours come from our own dye room, where wool rests in warm pots until it has drunk enough. "
        "In the end we cut the cloth from the beam."
    ),
    "cta": "Come and see the looms.",
    "shots": ["Hands tying threads at the loom", "The shuttle crossing", "Wool lifted out of a pot"],
}
"""A good answer for a script of half a minute."""


class Sent(NamedTuple):
    """The text of an answer, and why it ended."""

    text: str
    finish: str = "stop"


def good_days(days: Sequence[int]) -> Days:
    """Return good entries for some days."""
    return [{"day": day, "theme": THEMES[day]} for day in days]


def good_themes(days: Sequence[int]) -> Sent:
    """Return the good answer for some days."""
    return _sent(good_days(days))


def themes_sent(case_id: str, days: list[int]) -> Sent:
    """Return what a model answers in a case of themes when it is asked for some days."""
    shape = _THEMES[case_id.removeprefix("r3.answer.")]
    return shape(days) or good_themes(days)


def video_sent(case_id: str) -> Sent:
    """Return what a model answers in a case of video."""
    return _VIDEO[case_id.removeprefix("r3.answer.")](json.dumps(VIDEO))


def _sent(days: JsonValue | Days) -> Sent:
    return Sent(json.dumps({"days": days}))


def _whole(days: list[int], change: Callable[[Days], Sent], asked: list[int] = SLICE) -> Sent | None:
    """Return the changed good answer where exactly the days of the case are asked for."""
    return change(good_days(days)) if days == asked else None


def _numbered(days: list[int], number: Callable[[int], JsonValue]) -> Sent | None:
    return _whole(days, lambda good: _sent([{**each, "day": number(n)} for n, each in zip(days, good, strict=True)]))


def _with(days: list[int], day: int, *themes: JsonValue) -> Sent | None:
    """Return the good answer with these entries for one day, wherever others are asked for beside it."""
    if day not in days or days == [day]:
        return None
    entries: list[JsonValue] = []
    for other in days:
        entries += [{"day": other, "theme": theme} for theme in (themes if other == day else (THEMES[other],))]
    return _sent(entries)


def _cut(days: list[int]) -> Sent | None:
    text = good_themes(days).text
    return Sent(text[: text.index(THEMES[4]) + 9], "length") if days == SLICE else None


def _twin(days: list[int]) -> Sent | None:
    return _sent([{**each, "theme": TWIN} if each["day"] == 4 else each for each in good_days(days)])


_THEMES: dict[str, Callable[[list[int]], Sent | None]] = {
    "days.reversed": lambda days: _whole(days, lambda good: _sent(good[::-1])),
    "days.string_numbers": lambda days: _numbered(days, str),
    "days.floats": lambda days: _numbered(days, float),
    "days.padded_words": lambda days: _numbered(days, lambda day: f"day {day:02}"),
    "days.one_more": lambda days: good_themes(range(7, 14)) if days == [*range(7, 13)] else None,
    "days.shifted_extra": lambda days: good_themes(range(1, 13)) if days == [*range(7, 13)] else None,
    "days.dated": lambda days: _sent([{**x, "date": "2031-01-01", "content_type": "Story"} for x in good_days(days)]),
    "days.map_day_words": lambda days: _whole(
        days, lambda good: Sent(json.dumps({"days": {f"Day {x['day']}": x["theme"] for x in good}}))
    ),
    "days.bare_list": lambda days: _whole(days, lambda good: Sent(json.dumps(good))),
    "days.twice_equal": lambda days: _with(days, 3, THEMES[3], THEMES[3]),
    "days.gap": lambda days: _with(days, 3),
    "days.twice_other": lambda days: _with(days, 3, "A drawer of spare shuttles", "Steam over the rinsing sink"),
    "days.blank_theme": lambda days: _with(days, 5, " "),
    "days.null_theme": lambda days: _with(days, 2, None),
    "days.near_twin": _twin,
    "days.cut": _cut,
    "days.other_days": lambda days: _whole(days, lambda good: good_themes(range(25, 31))),
    "days.nan": lambda days: None,  # replaced below: it is so at the first request alone
    "wrong.fused": lambda days: (
        Sent(good_themes(days).text.replace('"day": 1,', '"day": 1 2,', 1)) if 1 in days else None
    ),
}


def nan_sent(days: list[int]) -> Sent:
    """Return the good answer whose first number is NaN."""
    return Sent(good_themes(days).text.replace('"day": 1,', '"day": NaN,', 1))


def _titled(value: JsonValue) -> JsonValue:
    if isinstance(value, dict):
        return {key.replace("_", " ").title(): _titled(item) for key, item in value.items()}
    return [_titled(item) for item in value] if isinstance(value, list) else value


_VIDEO: dict[str, Callable[[str], Sent]] = {
    "video.fence_prose": lambda good: Sent(f"Here you go:\n```json\n{good}\n```\nReady to film!"),
    "video.think_braces": lambda good: Sent(f"<thinking>{{hook}} then {{body}}</thinking>\n{good}"),
    "video.extra_top": lambda good: Sent(json.dumps({**VIDEO, "director_notes": "keep it light"})),
    "video.wrapper": lambda good: Sent(f'{{"video_script": {good}}}'),
    "video.list": lambda good: Sent(f"[{good}]"),
    "video.twice": lambda good: Sent(f"{good}\n{good}"),
    "video.string": lambda good: Sent(json.dumps(good)),
    "video.call": lambda good: Sent(f'{{"name": "final_result", "arguments": {good}}}'),
    "video.python": lambda good: Sent(repr(VIDEO)),
    "video.title_keys": lambda good: Sent(json.dumps(_titled(VIDEO))),
    "video.two": lambda good: Sent(f"{good}\n{json.dumps({**VIDEO, 'hook': 'How does wool become a scarf?'})}"),
    "video.cut_middle": lambda good: Sent(good[: len(good) * 6 // 10]),
    "video.cut_think": lambda good: Sent(f"<think>{good}", "length"),
    "video.first_blank": lambda good: Sent(json.dumps({**VIDEO, "hook": " "})),
    "video.plain": lambda good: Sent("\n".join([VIDEO["hook"], VIDEO["body"], VIDEO["cta"], *VIDEO["shots"]])),
}
