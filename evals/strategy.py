"""Evals of the strategy feature: a calendar's guarantees, checked independently of the code that plans it."""

from dataclasses import dataclass

from pydantic_evals import Dataset
from pydantic_evals.evaluators import EvaluationReason, Evaluator, EvaluatorContext

from evals import calendar_rules as rules
from evals.cases import BusinessCase, Market, Month, brief_of, dataset_path
from evals.results import ALL, FeatureResult, evaluated
from evals.studio import Studio
from evals.text_checks import in_language, stems, ungrounded_on, verdict
from models.brief import Brief
from models.calendar_quality import MAX_NEAR_DUPLICATES, distinct_2, near_duplicates, repeated_openers
from models.strategy import CalendarDay
from models.vocabulary import Feature

Context = EvaluatorContext[BusinessCase, Month, Market]
CalendarEvaluator = Evaluator[BusinessCase, Month, Market]

_MIN_DISTINCT_2 = 0.85
_MAX_REPEATED_OPENERS = 0.20
_MIN_OWN_SHARE = 1 / 3


@dataclass
class Days(CalendarEvaluator):
    """The days from 1, each once and in order, of the requested campaign."""

    def evaluate(self, ctx: Context) -> EvaluationReason:
        """Compare days and campaign."""
        days = [day.day for day in _calendar(ctx)]
        asked, answered = ctx.output.campaign_id, ctx.output.strategy.campaign_id
        wrong_days = [] if days == list(range(1, ctx.output.days + 1)) else [f"days are {days}"]
        return verdict(wrong_days + ([] if asked == answered else [f"made for campaign {answered}"]))


@dataclass
class Dates(CalendarEvaluator):
    """All dates from the start that are not rest days, and no others."""

    def evaluate(self, ctx: Context) -> EvaluationReason:
        """Compare with dates that are counted independently."""
        return verdict(rules.wrong_dates(_calendar(ctx), _brief(ctx)))


@dataclass
class KeyDates(CalendarEvaluator):
    """The campaign's key dates and public holidays are on their days, and on no others."""

    def evaluate(self, ctx: Context) -> EvaluationReason:
        """Compare with the brief and the country's public holidays."""
        return verdict(rules.wrong_key_dates(_calendar(ctx), _brief(ctx)))


@dataclass
class Offers(CalendarEvaluator):
    """Every promotion is a valid offer of the brief; none is left out."""

    def evaluate(self, ctx: Context) -> EvaluationReason:
        """Compare with the offers of the brief."""
        return verdict(rules.wrong_offers(_calendar(ctx), _brief(ctx)))


@dataclass
class OfferNamed(CalendarEvaluator):
    """The theme of a promotion day names its offer."""

    def evaluate(self, ctx: Context) -> EvaluationReason:
        """Search for a longer word of the offer."""
        return verdict(rules.unnamed_offers(_calendar(ctx)))


@dataclass
class PromoShare(CalendarEvaluator):
    """Promotion takes 10 to 30 % of the days and never three days in a row (`c.mix`)."""

    def evaluate(self, ctx: Context) -> EvaluationReason:
        """Count the promotion days."""
        return verdict(rules.wrong_promo_share(_calendar(ctx), _brief(ctx)))


@dataclass
class Arc(CalendarEvaluator):
    """Teaser, launch, proof, offer and recap come in this order, and every funnel stage occurs (`c.arc`)."""

    def evaluate(self, ctx: Context) -> EvaluationReason:
        """Compare the first day of each role."""
        return verdict(rules.wrong_arc(_calendar(ctx), _brief(ctx)))


@dataclass
class Formats(CalendarEvaluator):
    """Formats vary (`c.type`) and suit their network, which is one of the brief's (`c.enum`)."""

    def evaluate(self, ctx: Context) -> EvaluationReason:
        """Count formats and compare networks."""
        return verdict(rules.wrong_formats(_calendar(ctx), _brief(ctx)))


@dataclass
class Pillars(CalendarEvaluator):
    """At least three pillars, each on at least a tenth of the days, none on three days in a row (`c.pillar`)."""

    def evaluate(self, ctx: Context) -> EvaluationReason:
        """Count the days of each pillar."""
        names = [pillar.name for pillar in ctx.output.strategy.pillars]
        return verdict(rules.wrong_pillars(_calendar(ctx), names))


@dataclass
class Repeats(CalendarEvaluator):
    """At most one theme nearly repeats an earlier one (`c.dup`)."""

    def evaluate(self, ctx: Context) -> EvaluationReason:
        """Name the themes that repeat."""
        themes = _themes(ctx)
        copies = near_duplicates(themes, brand=_brief(ctx).business.name)
        return verdict(f"repeats: {themes[index]!r}" for index in copies if len(copies) > MAX_NEAR_DUPLICATES)


@dataclass
class Variety(CalendarEvaluator):
    """Themes rarely share pairs of words (`c.distinct2`)."""

    def evaluate(self, ctx: Context) -> EvaluationReason:
        """Measure the share of pairs that are unique."""
        share = distinct_2(_themes(ctx))
        return verdict([f"distinct-2 is {share:.2f}"] if share < _MIN_DISTINCT_2 else [])


@dataclass
class Openers(CalendarEvaluator):
    """At most a fifth of the themes begin like an earlier one (`c.opener`)."""

    def evaluate(self, ctx: Context) -> EvaluationReason:
        """Measure the share of repeated openings."""
        share = repeated_openers(_themes(ctx))
        return verdict([f"{share:.0%} begin alike"] if share > _MAX_REPEATED_OPENERS else [])


@dataclass
class OwnWords(CalendarEvaluator):
    """At least a third of the themes name something of this brief, and so would not fit another business."""

    def evaluate(self, ctx: Context) -> EvaluationReason:
        """Count the themes that share a longer word with the brief."""
        brief = _brief(ctx)
        business, campaign = brief.business, brief.campaign
        said = [business.name, business.industry, *business.facts, campaign.name, campaign.goal or ""]
        own = stems(" ".join([*said, *(offer.text for offer in business.offers)]))
        named = [bool(stems(theme) & own) for theme in _themes(ctx)]
        few = sum(named) < _MIN_OWN_SHARE * len(named)
        return verdict([f"{sum(named)} themes name something of the brief"] if few else [])


@dataclass
class Grounded(CalendarEvaluator):
    """Pillars and themes promise nothing beyond the brief and the day's offer."""

    def evaluate(self, ctx: Context) -> EvaluationReason:
        """Check each day against its own offer only, and pillars against none."""
        brief, calendar = _brief(ctx), _calendar(ctx)
        pillars = {f"pillar {pillar.name}": pillar.description for pillar in ctx.output.strategy.pillars}
        found = ungrounded_on(calendar[0].model_copy(update={"offer": None}), pillars, brief)
        for day in calendar:
            found += ungrounded_on(day, {f"day {day.day}": day.theme}, brief)
        return verdict(found)


@dataclass
class Language(CalendarEvaluator):
    """Themes and pillars are in the requested language (`c.lang`)."""

    def evaluate(self, ctx: Context) -> EvaluationReason:
        """Read all of them together: single themes are too short to detect a language."""
        pillars = " ".join(pillar.description for pillar in ctx.output.strategy.pillars)
        language, brief = ctx.output.language, _brief(ctx)
        themes = " ".join(_themes(ctx))
        return verdict([*in_language(themes, language, brief=brief), *in_language(pillars, language, brief=brief)])


EVALUATORS: tuple[CalendarEvaluator, ...] = (
    Days(),
    Dates(),
    KeyDates(),
    Offers(),
    OfferNamed(),
    PromoShare(),
    Arc(),
    Formats(),
    Pillars(),
    Repeats(),
    Variety(),
    Openers(),
    OwnWords(),
    Grounded(),
    Language(),
)
THRESHOLDS = {ALL: 0.95, "days": 1, "dates": 1, "key dates": 1, "offers": 1, "repeats": 1, "grounded": 1}


def load_dataset() -> Dataset[BusinessCase, Month, Market]:
    """Return the cases with their evaluators."""
    dataset = Dataset[BusinessCase, Month, Market].from_file(dataset_path(Feature.STRATEGY))
    dataset.evaluators.extend(EVALUATORS)
    return dataset


async def evaluate(studio: Studio) -> FeatureResult:
    """Generate the calendars and evaluate them."""

    async def plan(case: BusinessCase) -> Month:
        return await studio.month(case.business)

    return await evaluated(Feature.STRATEGY, load_dataset(), plan)


def _calendar(ctx: Context) -> list[CalendarDay]:
    return ctx.output.strategy.calendar


def _themes(ctx: Context) -> list[str]:
    return [day.theme for day in _calendar(ctx)]


def _brief(ctx: Context) -> Brief:
    return brief_of(ctx.inputs.business)
