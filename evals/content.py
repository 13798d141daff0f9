"""Evals of the content feature: posts for days of five calendars."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pydantic_evals import Dataset
from pydantic_evals.evaluators import EvaluationReason, Evaluator, EvaluatorContext

from evals.cases import DayCase, DayWork, Market, brief_of, dataset_path
from evals.checks import sentences, stems, verdict, words
from evals.days import Grounded, Language, OnTheme
from evals.results import ALL, FeatureResult, evaluated
from evals.studio import Studio
from models.content import Post
from models.vocabulary import ContentType, Feature, Network

_MIN_CAPTION, _MAX_CAPTION = 40, 2200
_MAX_PUBLISHED = {Network.GOOGLE_BUSINESS: 1500, Network.X: 280, Network.THREADS: 500, Network.PINTEREST: 800}
"""Characters of caption and hashtags together, where a network takes fewer than 2,200 (marketing facts, B2)."""
_MAX_HASHTAGS = 5
_HASHTAG = re.compile(r"#(?!\d+$)\w{2,59}")
_DISCLOSURES = ("ad", "ads", "advertisement", "sponsored", "anzeige", "werbung", "publicité", "sponsorisé")
_CLICHES = (
    *("elevate", "unlock", "game-changer", "game changer", "fast-paced", "look no further", "delve", "unleash"),
    *("incontournable", "à couper le souffle", "sans plus attendre", "nicht mehr wegzudenken", "auf ein neues level"),
)


class ContentCase(DayCase):
    """A post to write."""

    content_type: ContentType | None = None
    """The format; None: as planned."""


Context = EvaluatorContext[ContentCase, DayWork[Post], Market]
PostEvaluator = Evaluator[ContentCase, DayWork[Post], Market]


@dataclass
class Caption(PostEvaluator):
    """The caption says something, fits its network with its hashtags, and says no sentence twice."""

    def evaluate(self, ctx: Context) -> EvaluationReason:
        """Count characters and compare sentences."""
        return verdict(_wrong_caption(ctx.output.output))


@dataclass
class Hashtags(PostEvaluator):
    """One to five hashtags that networks link, each once, outside the caption, none of a banned word."""

    def evaluate(self, ctx: Context) -> EvaluationReason:
        """Check each hashtag and the caption."""
        business = brief_of(ctx.inputs.business).business
        return verdict(_wrong_hashtags(ctx.output.output, [*business.banned_phrases, *business.competitors]))


@dataclass
class RequiredPhrases(PostEvaluator):
    """What the business must always say stands in the caption, word for word."""

    def evaluate(self, ctx: Context) -> EvaluationReason | dict[str, bool]:
        """Look for each phrase; no verdict where there is none."""
        phrases = brief_of(ctx.inputs.business).business.required_phrases
        missing = (f"lacks {phrase!r}" for phrase in phrases if phrase not in ctx.output.output.caption)
        return verdict(missing) if phrases else {}


@dataclass
class Disclosure(PostEvaluator):
    """A caption that somebody pays for says so in its first line."""

    def evaluate(self, ctx: Context) -> EvaluationReason | dict[str, bool]:
        """Look for a usual word; no verdict where nobody pays."""
        if brief_of(ctx.inputs.business).business.material_connection is None:
            return {}
        first = ctx.output.output.caption.partition("\n")[0]
        return verdict([] if set(words(first)) & set(_DISCLOSURES) else [f"begins with {first!r}"])


@dataclass
class CallToAction(PostEvaluator):
    """The caption asks once for what the calendar asks for on that day."""

    def evaluate(self, ctx: Context) -> EvaluationReason | dict[str, bool]:
        """Look for its words; no verdict on a day that asks for nothing."""
        asked = ctx.output.day.call_to_action
        if asked is None:
            return {}
        caption = ctx.output.output.caption
        missing = stems(asked) - stems(caption)
        twice = caption.casefold().count(asked.casefold()) > 1
        return verdict(
            [
                *([f"lacks {sorted(missing)} of {asked!r}"] if 2 * len(missing) > len(stems(asked)) else []),
                *([f"says {asked!r} twice"] if twice else []),
            ]
        )


@dataclass
class NoCliches(PostEvaluator):
    """None of the phrases that give away a machine."""

    def evaluate(self, ctx: Context) -> EvaluationReason:
        """Look for each of them."""
        caption = ctx.output.output.caption.casefold()
        return verdict(f"says {phrase!r}" for phrase in _CLICHES if phrase in caption)


EVALUATORS: tuple[PostEvaluator, ...] = (
    Caption(),
    Hashtags(),
    OnTheme(),
    CallToAction(),
    RequiredPhrases(),
    Disclosure(),
    NoCliches(),
    Grounded(),
    Language(),
)
THRESHOLDS = {ALL: 0.95, "hashtags": 1, "required phrases": 1, "disclosure": 1, "grounded": 1}


def load_dataset() -> Dataset[ContentCase, DayWork[Post], Market]:
    """Return the cases with their evaluators."""
    dataset = Dataset[ContentCase, DayWork[Post], Market].from_file(dataset_path(Feature.CONTENT))
    dataset.evaluators.extend(EVALUATORS)
    return dataset


async def evaluate(studio: Studio) -> FeatureResult:
    """Write the posts and evaluate them."""

    async def write(case: ContentCase) -> DayWork[Post]:
        return await studio.day_work(
            case,
            lambda ids: studio.ai.generate_content(ids.business_id, ids.campaign_id, case.day, case.content_type),
        )

    return await evaluated(Feature.CONTENT, load_dataset(), write)


def _wrong_caption(post: Post) -> Iterator[str]:
    network = post.network
    most = _MAX_PUBLISHED.get(network, _MAX_CAPTION) if network else _MAX_CAPTION
    published = f"{post.caption}\n{' '.join(post.hashtags)}"
    if len(post.caption) < _MIN_CAPTION:
        yield f"has {len(post.caption)} characters"
    if (length := len(published.encode("utf-16-le")) // 2) > most:
        yield f"has {length} characters with its hashtags, {network} takes {most}"
    said = [" ".join(words(sentence)) for sentence in sentences(post.caption)]
    yield from (f"says {sentence!r} twice" for sentence in sorted(set(said)) if said.count(sentence) > 1)


def _wrong_hashtags(post: Post, unwanted: list[str]) -> Iterator[str]:
    folded = [tag.casefold() for tag in post.hashtags]
    if not 1 <= len(folded) <= _MAX_HASHTAGS:
        yield f"{len(folded)} hashtags"
    yield from (f"{tag!r} is no hashtag" for tag in post.hashtags if not _HASHTAG.fullmatch(tag))
    yield from (f"{tag!r} stands there twice" for tag in sorted(set(folded)) if folded.count(tag) > 1)
    yield from (f"the caption holds {tag!r}" for tag in _HASHTAG.findall(post.caption))
    joined = ["".join(words(phrase)) for phrase in unwanted]
    yield from (f"{tag!r} holds {word!r}" for tag in folded for word in joined if word == tag[1:])
