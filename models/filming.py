"""Turns a model's video script into one that can be filmed: checked, timed and labelled."""

from collections.abc import Iterable
from dataclasses import dataclass

from models.brief import Brief
from models.publishing import flagging, violations
from models.rules.copy_quality import measure_copy
from models.rules.disclosure import label
from models.rules.speech import HOOK_S, LENGTH_TOLERANCE, check_script, spoken_seconds
from models.texts import texts_of
from models.video import SpokenSeconds, VideoCopy, VideoScript
from models.vocabulary import Quality, Violation

_SHOWN = frozenset({"law.disclosure.spoken"})
"""Rules that code satisfies: the label is shown on screen."""


@dataclass(frozen=True, kw_only=True)
class Take:
    """The requirements of a script."""

    language: str
    """BCP 47 tag of the spoken language."""
    duration_s: float
    """Requested speaking time in seconds."""
    theme: str
    """Its theme, which the hook must not repeat."""


def broken_rules(
    copy: VideoCopy,
    take: Take,
    brief: Brief,
    *,
    supplied: Iterable[str],
) -> list[Violation]:
    """Return a violation for each rule a script breaks, hard and soft; `supplied` are texts that code put in."""
    found = violations(texts_of(copy), brief, supplied=supplied, without=_SHOWN)
    return found + check_script(
        copy,
        language=take.language,
        duration_s=take.duration_s,
        theme=take.theme,
        call_to_action=brief.campaign.call_to_action,
    )


def filmable(
    copy: VideoCopy,
    take: Take,
    brief: Brief,
    *,
    found: Iterable[Violation],
) -> VideoScript:
    """Return the script with its seconds, the label if required, the soft violations of `found`, and its quality."""
    business, seconds = brief.business, _seconds(copy, take.language)
    spoken = f"{copy.hook}\n{copy.body}\n{copy.cta}"
    measured = measure_copy(spoken, business, business.past_posts, call_to_action=brief.campaign.call_to_action)
    return VideoScript(
        **copy.model_dump(),
        seconds=seconds,
        on_screen=label(business.language) if business.material_connection else None,
        flags=flagging(found),
        quality=[*_times(seconds, take.duration_s), *measured],
    )


def _seconds(copy: VideoCopy, language: str) -> SpokenSeconds:
    parts = {name: spoken_seconds(getattr(copy, name), language) for name in ("hook", "body", "cta")}
    rounded = {name: round(seconds, 1) for name, seconds in parts.items()}
    return SpokenSeconds(**rounded, total=round(sum(parts.values()), 1))


def _times(seconds: SpokenSeconds, duration_s: float) -> list[Quality]:
    off_by = round(abs(seconds.total - duration_s) / duration_s, 2)
    return [
        Quality(name="v.hook", value=seconds.hook, target=HOOK_S, severity="hard", passed=seconds.hook <= HOOK_S),
        Quality(
            name="v.length",
            value=off_by,
            target=LENGTH_TOLERANCE,
            severity="hard",
            passed=off_by <= LENGTH_TOLERANCE,
        ),
    ]
