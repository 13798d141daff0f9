"""The themes of a calendar's days: asked for in slices side by side, then mended by one more question.

Days on demand is the one primitive: what a slice left out, what breaks a rule and what repeats another day is asked for
again, alone, and each time only what is still wrong.
"""

from collections.abc import Container
from dataclasses import replace

from pydantic_ai.exceptions import UnexpectedModelBehavior
from pydantic_ai.models import Model

from agents.ask import ask, put
from agents.chain import Chain
from agents.feedback import asked_again
from agents.lost_parts import LOST, Lost, missing_part
from agents.outcomes import PartsBroken
from agents.question import DATA_RULES, Question
from agents.sending import Attempts
from agents.side_by_side import side_by_side
from deps.bundle import AgentDeps
from deps.call import Call
from deps.strategy import ThemeTask
from deps.tasks import Rewrite
from models.calendar_quality import MAX_NEAR_DUPLICATES, twins
from models.partial import MissingPart
from models.publishing import blocking, violations
from models.strategy import DayTheme, ThemeSlice
from models.texts import texts_of
from models.vocabulary import Violation

REPEAT = "calendar.repeat"
"""The rule that no theme says nearly what another one says."""
SLICE_DAYS = 6
"""Days per question: with six a small model keeps themes apart, with thirty it falls into a rut."""

INSTRUCTIONS = f"""\
You write the themes of some days in a small business's content calendar: one line a day.

{DATA_RULES}
- Answer each day of `task.days`, in order, under its own `day` number, and no other day.
- A theme takes up the day's `pillar` by way of its `angle_hint`, suits its `role`, `content_type` and `network`, and
  names something concrete of this business. An owner with a phone can make it in twenty minutes.
- Sell only on days with an `offer`, in its own words. Take up `key_date` where there is one.
- No two themes begin with the same words or say nearly the same, and none comes near one in `task.avoid`.
- Where `task.rewrite` names the earlier theme of a day, write that day anew, with its `reason` mended.
"""

THEME_QUESTION = Question[ThemeTask, ThemeSlice](
    name="strategy",
    output=ThemeSlice,
    instructions=INSTRUCTIONS,
    amend=lambda answer, deps: _as_asked(answer, deps),
    rules=lambda answer, deps: _rules_of_slice(answer, deps),
)
MENDING_QUESTION = Question[ThemeTask, ThemeSlice](
    name="strategy_mending",
    output=ThemeSlice,
    instructions=INSTRUCTIONS,
    amend=lambda answer, deps: _as_asked(answer, deps),
    rules=lambda answer, deps: [found for faults in _faults(_by_day(answer), deps).values() for found in faults],
    in_parts=True,
    # a month in which two days say nearly the same is a month all the same: it goes out with a flag
    let_go=frozenset({REPEAT}),
)


async def write_themes(
    deps: AgentDeps[ThemeTask], *, call: Call, chain: Chain[Model]
) -> tuple[dict[int, str], list[MissingPart]]:
    """Return the themes by day, near-duplicates included that could not be mended, and the days that can't be had.

    Raises what the days were lost of where less than half of them would make a calendar.
    """
    days = deps.task.days
    slices = [days[start : start + SLICE_DAYS] for start in range(0, len(days), SLICE_DAYS)]
    asked = [replace(deps, task=deps.task.model_copy(update={"days": part})) for part in slices]
    answers = await side_by_side([ask(THEME_QUESTION, part, call=call, chain=chain) for part in asked])
    themes: dict[int, str] = {}
    lost: dict[int, Lost] = {}
    for part, answer in zip(slices, answers, strict=True):
        if isinstance(answer, ThemeSlice):
            themes |= _by_day(answer)
        else:
            lost |= {day.day: answer for day in part}

    themes, unmended = await _mended(themes, _without(deps, lost), call=call, chain=chain)
    lost |= unmended
    usable = len(themes) - len(repeating(themes, deps))
    if usable < len(days) / 2:
        raise next(iter(lost.values()), UnexpectedModelBehavior("most of the themes say what others say"))
    return themes, [missing_part(f"days.{day}", error, call) for day, error in sorted(lost.items())]


def repeating(themes: dict[int, str], deps: AgentDeps[ThemeTask]) -> dict[int, str]:
    """Return that a theme says nearly what one to avoid or one of an earlier day says, by its day."""
    avoid, days = deps.task.avoid, sorted(themes)
    found = twins([*avoid, *(themes[day] for day in days)], brand=deps.brief.business.name)
    message = "nearly the same as {!r}: write a different one"
    return {days[index - len(avoid)]: message.format(twin) for index, twin in found.items() if index >= len(avoid)}


async def _mended(
    themes: dict[int, str], deps: AgentDeps[ThemeTask], *, call: Call, chain: Chain[Model]
) -> tuple[dict[int, str], dict[int, Lost]]:
    """Return the themes with those that failed written anew, and the days that are lost all the same."""
    faults = _faults(themes, deps, tolerated=MAX_NEAR_DUPLICATES)
    if not faults:
        return themes, {}
    attempts = Attempts(call, chain, prompt_version=MENDING_QUESTION.prompt_version)
    ended: Lost | None = None
    earlier = dict(themes)
    while faults and attempts.left > 0:
        asked = _mending(deps, themes, faults, earlier)
        try:
            answered = _by_day(await put(MENDING_QUESTION, asked, attempts))
        except PartsBroken as error:
            answered, ended = {item["day"]: item["theme"] for item in error.values["days"]}, error
        except LOST as error:
            ended = error
            break
        earlier |= {day: "" if theme == earlier.get(day) else theme for day, theme in answered.items()}
        themes = themes | {day: theme for day, theme in answered.items() if day not in _broken(answered, deps)}
        faults = _faults(answered, asked)

    broken = _broken(themes, deps)
    kept = {day: theme for day, theme in themes.items() if day not in broken}
    return kept, {day.day: ended for day in deps.task.days if ended is not None and day.day not in kept}


def _mending(
    deps: AgentDeps[ThemeTask],
    themes: dict[int, str],
    faults: dict[int, list[Violation]],
    earlier: dict[int, str],
) -> AgentDeps[ThemeTask]:
    """Return what an agent works from when days are asked for again: why, the themes before and those that stay."""
    reasons = {day: asked_again("; ".join(found.message for found in faults[day])) for day in sorted(faults)}
    rewrite = [
        Rewrite(part=f"day {day}", text=earlier[day], reason=reason)
        for day, reason in reasons.items()
        if day in earlier
    ]
    task = {
        "days": [day for day in deps.task.days if day.day in faults],
        "avoid": [theme for day, theme in sorted(themes.items()) if day not in faults],
        "rewrite": rewrite,
    }
    return replace(deps, task=deps.task.model_copy(update=task))


def _as_asked(answer: ThemeSlice, deps: AgentDeps[ThemeTask]) -> ThemeSlice:
    """Return the days that were asked for, each with its one theme: of two it is not known which is meant."""
    given: dict[int, set[str]] = {}
    for day in answer.days:
        given.setdefault(day.day, set()).add(day.theme)
    wanted = [day.day for day in deps.task.days if len(given.get(day.day, ())) == 1]
    return answer.model_copy(update={"days": [DayTheme(day=day, theme=given[day].copy().pop()) for day in wanted]})


def _rules_of_slice(answer: ThemeSlice, deps: AgentDeps[ThemeTask]) -> list[Violation]:
    """Return that none of the days was answered: what is wrong with single days is mended for all slices at once."""
    if answer.days:
        return []
    asked = ", ".join(str(day.day) for day in deps.task.days)
    message = f"none of the days {asked} has one theme: answer each of them once, under its own number"
    return [_violation("calendar.days", "days", message)]


def _faults(themes: dict[int, str], deps: AgentDeps[ThemeTask], *, tolerated: int = 0) -> dict[int, list[Violation]]:
    """Return what is wrong with the days asked for, by day; as many repeats as are `tolerated` are not."""
    broken, repeats = _broken(themes, deps), repeating(themes, deps)
    faults: dict[int, list[Violation]] = {}
    for day in (day.day for day in deps.task.days):
        found = list(broken.get(day, []))
        if day not in themes:
            found.append(_violation("calendar.days", f"day {day}", "has no theme: write one"))
        elif day in repeats and len(repeats) > tolerated:
            found.append(_violation(REPEAT, f"day {day}", repeats[day]))
        if found:
            faults[day] = found
    return faults


def _broken(themes: dict[int, str], deps: AgentDeps[ThemeTask]) -> dict[int, list[Violation]]:
    """Return why themes can't be published, by their day."""
    supplied = {day.day: texts_of(day).values() for day in deps.task.days}
    found = {
        day: blocking(violations({f"day {day}": theme}, deps.brief, supplied=supplied[day]))
        for day, theme in themes.items()
    }
    return {day: items for day, items in found.items() if items}


def _without(deps: AgentDeps[ThemeTask], lost: Container[int]) -> AgentDeps[ThemeTask]:
    days = [day for day in deps.task.days if day.day not in lost]
    return replace(deps, task=deps.task.model_copy(update={"days": days}))


def _by_day(answer: ThemeSlice) -> dict[int, str]:
    return {day.day: day.theme for day in answer.days}


def _violation(rule_id: str, path: str, message: str) -> Violation:
    return Violation(rule_id=rule_id, severity="hard", path=path, message=message)
