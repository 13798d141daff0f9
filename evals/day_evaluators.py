"""Evaluators of every output for one day."""

from dataclasses import dataclass

from pydantic_evals.evaluators import EvaluationReason, Evaluator, EvaluatorContext

from evals.cases import DayCase, DayWork, Market, brief_of
from evals.text_checks import in_language, stems, ungrounded_on, verdict, written
from models.base import Output

Context = EvaluatorContext[DayCase, DayWork[Output], Market]
DayEvaluator = Evaluator[DayCase, DayWork[Output], Market]

_MIN_THEME_SHARE = 0.3


@dataclass
class Grounded(DayEvaluator):
    """It promises nothing beyond the brief and the day's offer."""

    def evaluate(self, ctx: Context) -> EvaluationReason:
        """Check all texts against the day's theme and offer only; the theme itself is checked with its calendar."""
        day, texts = ctx.output.day, written(ctx.output.output)
        return verdict(ungrounded_on(day, texts, brief_of(ctx.inputs.business), supplied=[day.theme]))


@dataclass
class OnTheme(DayEvaluator):
    """It is about the day's theme."""

    def evaluate(self, ctx: Context) -> EvaluationReason:
        """Measure the share of the theme's longer words in it, without the business's name."""
        wanted = stems(ctx.output.day.theme) - stems(brief_of(ctx.inputs.business).business.name)
        found = wanted & stems(" ".join(written(ctx.output.output).values()))
        few = len(found) < _MIN_THEME_SHARE * len(wanted)
        return verdict([f"has {sorted(found)} of the theme {ctx.output.day.theme!r}"] if few else [])


@dataclass
class Language(DayEvaluator):
    """It is in the requested language."""

    def evaluate(self, ctx: Context) -> EvaluationReason:
        """Read all texts together."""
        text = " ".join(written(ctx.output.output).values())
        return verdict(in_language(text, ctx.output.language, brief=brief_of(ctx.inputs.business)))
