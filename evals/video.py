"""Evals of the video feature: scripts for days of five calendars, of several lengths."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from pydantic import Field
from pydantic_evals import Dataset
from pydantic_evals.evaluators import EvaluationReason, Evaluator, EvaluatorContext
from rapidfuzz.fuzz import ratio

from evals.cases import DayCase, DayWork, Market, brief_of, dataset_path
from evals.day_evaluators import Grounded, Language, OnTheme
from evals.results import ALL, FeatureResult, evaluated
from evals.studio import Studio
from evals.text_checks import sentences, stems, verdict, without_quotes, words
from models.rules.lexicons import find
from models.rules.speech import HOOK_S, LENGTH_TOLERANCE, spoken_seconds
from models.video import VideoScript
from models.vocabulary import Feature

_ROUNDING_S = 0.2
_ALIKE = 80
_MIN_OPENER = 3
_GREETING = re.compile(r"(hi|hello|hey|welcome|bonjour|bonsoir|salut|coucou|bienvenue|hallo|guten|servus|moin)\b", re.I)
_NOT_SPOKEN = re.compile(r"[\[\](){}*_#<>]|https?://|^\s*\w+\s*:\s*$|^\s*[-•–]\s", re.M)


class VideoCase(DayCase):
    """A script to write."""

    duration_s: int = Field(ge=6, le=180)


Context = EvaluatorContext[VideoCase, DayWork[VideoScript], Market]
ScriptEvaluator = Evaluator[VideoCase, DayWork[VideoScript], Market]


@dataclass
class Length(ScriptEvaluator):
    """Speaking the script takes the requested time within 15 %, and its stated seconds are right."""

    def evaluate(self, ctx: Context) -> EvaluationReason:
        """Compute the time at the speaking rate of the business's language."""
        script, wanted_s = ctx.output.output, ctx.inputs.duration_s
        spoken_s = spoken_seconds(f"{script.hook} {script.body} {script.cta}", _language(ctx))
        return verdict(
            [
                *(
                    [f"{spoken_s:.0f} s, not {wanted_s}"]
                    if abs(spoken_s - wanted_s) > LENGTH_TOLERANCE * wanted_s
                    else []
                ),
                *([f"says {script.seconds.total} s"] if abs(spoken_s - script.seconds.total) > _ROUNDING_S else []),
            ]
        )


@dataclass
class Hook(ScriptEvaluator):
    """The hook takes at most three seconds, is not a greeting, and does not repeat the theme."""

    def evaluate(self, ctx: Context) -> EvaluationReason:
        """Compute its time and compare it with the theme."""
        hook, theme = ctx.output.output.hook, ctx.output.day.theme
        hook_s = round(spoken_seconds(hook, _language(ctx)), 1)
        return verdict(
            [
                *([f"{hook_s} s: {hook!r}"] if hook_s > HOOK_S else []),
                *([f"greets: {hook!r}"] if _GREETING.match(hook) else []),
                *([f"is the theme again: {hook!r}"] if _alike(hook, theme) else []),
            ]
        )


@dataclass
class CallToAction(ScriptEvaluator):
    """The call to action is one sentence, occurs only once, and is the day's own if there is one."""

    def evaluate(self, ctx: Context) -> EvaluationReason:
        """Count its sentences and compare it with the rest of the script."""
        return verdict(_wrong_cta(ctx.output.output, ctx.output.day.call_to_action))


@dataclass
class Distinct(ScriptEvaluator):
    """No sentence of the script nearly repeats another one, or begins with all of it."""

    def evaluate(self, ctx: Context) -> EvaluationReason:
        """Compare all pairs of sentences."""
        script = ctx.output.output
        said = [sentence for part in (script.hook, script.body, script.cta) for sentence in sentences(part)]
        pairs = combinations(said, 2)
        return verdict(f"{one!r} and {other!r}" for one, other in pairs if _alike(one, other) or _begins(one, other))


@dataclass
class Shots(ScriptEvaluator):
    """There are several shots, no two alike, and a phone can film all of them."""

    def evaluate(self, ctx: Context) -> EvaluationReason:
        """Compare them with each other, and search for what is hard to film."""
        shots = ctx.output.output.shots
        hard = [shot for shot in shots if find(shot, "filming", "hard_to_film")]
        alike = [pair for pair in combinations(shots, 2) if _alike(*pair)]
        return verdict(
            [*(f"{shot!r} is hard to film" for shot in hard), *(f"{one!r} and {other!r}" for one, other in alike)]
        )


@dataclass
class Speakable(ScriptEvaluator):
    """All of it can be read aloud: no stage directions, lists, links or hashtags."""

    def evaluate(self, ctx: Context) -> EvaluationReason:
        """Search for their marks, except in the brief's own words."""
        brief = brief_of(ctx.inputs.business)
        script = ctx.output.output
        spoken = {"hook": script.hook, "body": script.body, "cta": script.cta}
        parts = {name: without_quotes(text, brief) for name, text in spoken.items()}
        found = {name: match for name, text in parts.items() if (match := _NOT_SPOKEN.search(text))}
        return verdict(f"{name} holds {match[0]!r}" for name, match in found.items())


EVALUATORS: tuple[ScriptEvaluator, ...] = (
    Length(),
    Hook(),
    CallToAction(),
    Distinct(),
    Shots(),
    Speakable(),
    OnTheme(),
    Grounded(),
    Language(),
)
THRESHOLDS = {ALL: 0.95, "length": 0.9, "grounded": 1}


def load_dataset() -> Dataset[VideoCase, DayWork[VideoScript], Market]:
    """Return the cases with their evaluators."""
    dataset = Dataset[VideoCase, DayWork[VideoScript], Market].from_file(dataset_path(Feature.VIDEO))
    dataset.evaluators.extend(EVALUATORS)
    return dataset


async def evaluate(studio: Studio) -> FeatureResult:
    """Write the scripts and evaluate them."""

    async def write(case: VideoCase) -> DayWork[VideoScript]:
        return await studio.day_work(
            case,
            lambda ids: studio.ai.generate_video_script(ids.business_id, ids.campaign_id, case.day, case.duration_s),
        )

    return await evaluated(Feature.VIDEO, load_dataset(), write)


def _wrong_cta(script: VideoScript, asked: str | None) -> Iterator[str]:
    if len(sentences(script.cta)) != 1:
        yield f"{len(sentences(script.cta))} sentences: {script.cta!r}"
    if script.cta.casefold().rstrip(".!") in f"{script.hook} {script.body}".casefold():
        yield f"{script.cta!r} is said before the end"
    if asked and 2 * len(stems(asked) & stems(script.cta)) < len(stems(asked)):
        yield f"{script.cta!r} is not {asked!r}"


def _language(ctx: Context) -> str:
    return ctx.metadata.language if ctx.metadata else ctx.output.language


def _alike(one: str, other: str) -> bool:
    return ratio(one.casefold(), other.casefold()) >= _ALIKE


def _begins(one: str, other: str) -> bool:
    shorter, longer = sorted((words(one), words(other)), key=len)
    return len(shorter) >= _MIN_OPENER and longer[: len(shorter)] == shorter
