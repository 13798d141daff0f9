"""Judges how the layer reads what a model sends: each case of `round_3_answers` through the feature that asked."""

import unicodedata
from collections.abc import Callable, Iterable
from typing import Any

from aiohttp import web
from pydantic import JsonValue

from ai_service import AIService
from evals.frozen.loopback import Asked, Loopback, completion
from evals.frozen.opened import WORDS, Came, opened
from evals.frozen.schema_shapes import SLICE, THEMES, TWIN, VIDEO, Sent, good_themes, nan_sent, themes_sent, video_sent
from evals.frozen.situations import Situation, Situations, brief_of
from evals.frozen.tally import Found, Verdict

_WEAVERS = "The weavers beat the reed Come and see the looms".split()

# Any: the output of any feature
_NEVER: dict[str, Callable[[Any], bool]] = {
    "n.curly_placeholder": lambda output: output.auto_sendable,
    "n.needs_human_null": lambda output: output.auto_sendable,
    "n.apostrophe": lambda output: output.caption != "It's the hands that make slow cloth. Come and see the looms.",
    "n.inner_quotes": lambda output: not all(word in output.caption for word in _WEAVERS),
    "n.mojibake": lambda output: "Ã©" in output.model_dump_json(),
    "n.nul": lambda output: "\\u0000" in output.model_dump_json(),
    "n.c1": lambda output: any("\x80" <= letter <= "\x9f" for letter in output.caption),
    "n.override": lambda output: "\u202e" in output.reply,
    "n.bold": lambda output: "**" in output.caption and not output.flags,
}
"""What must not be returned in the cases where either of two outcomes is fair."""


async def judged_answers(found: Situations) -> list[Found]:
    """Return what becomes of each answer. The calendars that posts and scripts need come from the sandbox."""
    written = {case.id: brief_of(found, case) for case in found.cases}
    judged: list[Found] = []
    async with (
        Loopback() as server,
        opened(server, written, models={"strategy": ["sandbox"]}) as ai,
        opened(server, written) as calendars,
    ):
        for case in found.cases:
            asked = calendars if case.input["feature"] in ("pillars", "themes") else ai
            judged.append(await _judged(case, asked, server))
    return judged


async def _judged(case: Situation, ai: AIService, server: Loopback) -> Found:
    feature = case.input["feature"]
    if feature in ("post", "video script"):
        await ai.generate_strategy(case.id, case.id)
    seen: list[list[int]] = []
    server.set(_answering(case, seen))
    came = await _called(case, ai, server)
    if feature == "themes":
        verdict = _of_themes(case, came, _further(case, seen))
        return Found(case, verdict, f"{came} (asked again for {_further(case, seen)})")
    return Found(case, _of_answer(case, came), str(came) if came.error else f"{came}: {_shown(case, came)}")


def _answering(case: Situation, seen: list[list[int]]) -> Callable[[Asked], Any]:
    """Return how the model answers; `seen` gets the days of each question of themes."""

    async def answer(asked: Asked) -> web.Response:
        sent = _sent(case, asked, seen)
        return completion(sent.text, finish=sent.finish)

    return answer


def _sent(case: Situation, asked: Asked, seen: list[list[int]]) -> Sent:
    feature, given = case.input["feature"], case.input.get("answer")
    if feature == "video script":
        return video_sent(case.id)
    about = asked.document["task"].get("kind")
    if feature in ("pillars", "themes") and about != "pillars":
        days = asked.days
        seen.append(days)
        if case.id.endswith("days.nan") and days == SLICE and seen.count(SLICE) == 1:
            return nan_sent(days)
        return themes_sent(case.id, days) if feature == "themes" else good_themes(days)
    if feature == "themes":
        return Sent(_PILLARS)
    return Sent(str(given), case.input.get("finish_reason", "stop"))


async def _called(case: Situation, ai: AIService, server: Loopback) -> Came:
    """Return what the call of a case comes to, and how many requests it took for the question of the case."""
    feature, key = case.input["feature"], case.id
    call = {
        "post": lambda: ai.generate_content(key, key, 1, networks=["instagram"]),
        "reply": lambda: ai.suggest_reply(key, WORDS, campaign_id=key),
        "video script": lambda: ai.generate_video_script(key, key, 1),
        "pillars": lambda: ai.generate_strategy(key, key),
        "themes": lambda: ai.generate_strategy(key, key),
    }[feature]
    try:
        result, error = await call(), None
    except Exception as raised:  # whatever comes is judged
        result, error = None, raised
    asked = server.asked
    if feature == "pillars":
        asked = [each for each in asked if not each.days]
    return Came(result, error, len(asked))


def _of_answer(case: Situation, came: Came) -> Verdict:
    if came.raw:
        return "otherwise"
    if case.expect.startswith("not silently wrong"):
        never = _NEVER[case.id.removeprefix("r3.answer.")]
        return "silently wrong" if came.result and never(came.result.output) else "as expected"
    if case.expect == "accepted":
        if came.result is None or came.requests > 1:
            return "refused or paid twice"
        return "as expected" if _as_meant(case, came) else "silently wrong"
    if came.result is not None:
        return "silently wrong"
    filtered = getattr(came.error, "reason", "") == "content_filter" and "content_filter" in case.expect
    return "as expected" if came.requests > 1 or filtered else "otherwise"


def _as_meant(case: Situation, came: Came) -> bool:
    meant = VIDEO if case.kind == "video" else case.value
    return _fields(came, meant) == _composed(dict(meant))


def _shown(case: Situation, came: Came) -> JsonValue:
    names = VIDEO if case.kind == "video" else case.value
    return _fields(came, names or [{"post": "caption", "reply": "reply"}.get(case.input["feature"], "pillars")])


def _fields(came: Came, names: Iterable[str]) -> JsonValue:
    output: dict[str, JsonValue] = came.result.output.model_dump(mode="json") if came.result else {}
    return _composed({name: output.get(name) for name in names})


def _composed(value: JsonValue) -> JsonValue:
    """Return a value with its letters in one piece each."""
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, list):
        return [_composed(item) for item in value]
    return {key: _composed(item) for key, item in value.items()} if isinstance(value, dict) else value


def _further(case: Situation, seen: list[list[int]]) -> list[list[int]]:
    """Return the questions beyond the first one for each slice."""
    slices = [[*range(start, start + 6)] for start in range(1, 31, 6)]
    left = list(seen)
    for first in slices:
        if first in left:
            left.remove(first)
    return left


def _of_themes(case: Situation, came: Came, further: list[list[int]]) -> Verdict:
    """Return the verdict on a calendar by the days that were asked for again."""
    if came.raw:
        return "otherwise"
    themes = {day.day: day.theme for day in came.result.output.calendar} if came.result else {}
    twin = case.id.endswith("near_twin")
    if any(theme != (TWIN if twin and day == 4 else THEMES[day]) for day, theme in themes.items()):
        return "silently wrong"
    if came.result and any(day.date.year == 2031 for day in came.result.output.calendar):  # the model's own dates
        return "silently wrong"
    again = _AGAIN.get(case.id.removeprefix("r3.answer."))
    if again is None:  # asked again each time, and no theme of it used
        return "as expected" if further and set(themes).isdisjoint(SLICE) else "otherwise"
    if twin and came.result and not _flagged(came.result.output, 4):
        return "silently wrong"
    if len(themes) < len(THEMES):
        return "refused or paid twice"
    if case.id.endswith(("days.nan", "twice_other")) and not further:
        return "silently wrong"
    return "as expected" if twin or again(further) else "refused or paid twice"


def _flagged(output: Any, day: int) -> bool:
    places = (f"day {day}", f"day_{day}", f"calendar.{day - 1}.")
    return any(any(place in f"{flag.path} {flag.message} " for place in places) for flag in output.flags)


def _alone(day: int) -> Callable[[list[list[int]]], bool]:
    return lambda further: further == [[day]]


def _nothing(further: list[list[int]]) -> bool:
    return not further


_AGAIN: dict[str, Callable[[list[list[int]]], bool]] = {
    **dict.fromkeys(
        [
            "days.reversed",
            "days.string_numbers",
            "days.floats",
            "days.padded_words",
            "days.one_more",
            "days.shifted_extra",
            "days.dated",
            "days.map_day_words",
            "days.bare_list",
            "days.twice_equal",
        ],
        _nothing,
    ),
    "days.gap": _alone(3),
    "days.twice_other": lambda further: all(3 in days for days in further) and len(further) == 1,
    "days.blank_theme": _alone(5),
    "days.null_theme": _alone(2),
    "days.near_twin": lambda further: True,
    "days.cut": lambda further: further in ([[4, 5, 6]], [SLICE]),
    "days.nan": lambda further: len(further) == 1 and 1 in further[0],
}
"""Which further questions are right; a case that is not named here is asked again until it fails."""

_PILLARS = (
    '{"pillars": [{"name": "Yarn", "description": "Where the wool comes from"}, '
    '{"name": "Colour", "description": "What happens in the dye room"}, '
    '{"name": "Makers", "description": "Who sits at the looms"}, '
    '{"name": "Homes", "description": "Where the cloth ends up"}]}'
)
