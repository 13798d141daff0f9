"""Evals of the content feature: posts for days of five calendars."""

from collections.abc import Iterator
from dataclasses import dataclass

from pydantic_evals import Dataset
from pydantic_evals.evaluators import EvaluationReason, Evaluator, EvaluatorContext

from evals.cases import DayCase, DayWork, Market, brief_of, dataset_path
from evals.day_evaluators import Grounded, Language, OnTheme
from evals.results import ALL, FeatureResult, evaluated
from evals.studio import Studio
from evals.text_checks import sentences, stems, verdict, words
from models.content import Post
from models.hashtags import is_hashtag
from models.rules.finders import hashtags
from models.vocabulary import ContentType, Feature, Network

_MIN_CAPTION, _MAX_CAPTION = 40, 2200
_MAX_PUBLISHED = {Network.GOOGLE_BUSINESS: 1500, Network.X: 280, Network.THREADS: 500, Network.PINTEREST: 800}
"""Maximum characters of caption and hashtags together, for networks that accept fewer than 2,200."""
_MAX_HASHTAGS = 5
_LONGEST_HASHTAG = 60
_DISCLOSURES = ("ad", "ads", "advertisement", "sponsored", "anzeige", "werbung", "publicité", "sponsorisé")
_CLICHES = (
    *("elevate", "unlock", "game-changer", "game changer", "fast-paced", "look no further", "delve", "unleash"),
    *("incontournable", "à couper le souffle", "sans plus attendre", "nicht mehr wegzudenken", "auf ein neues level"),
)


class ContentCase(DayCase):
    """A post to write."""

    content_type: ContentType | None = None
    """The format; None means as planned."""


Context = EvaluatorContext[ContentCase, DayWork[Post], Market]
PostEvaluator = Evaluator[ContentCase, DayWork[Post], Market]


@dataclass
class Caption(PostEvaluator):
    """The caption is not empty, fits its network together with its hashtags, and repeats no sentence."""

    def evaluate(self, ctx: Context) -> EvaluationReason:
        """Count characters and compare sentences."""
        return verdict(_wrong_caption(ctx.output.output))


@dataclass
class Hashtags(PostEvaluator):
    """One to five hashtags that networks link, all different, outside the caption, none with a banned word."""

    def evaluate(self, ctx: Context) -> EvaluationReason:
        """Check each hashtag and the caption."""
        business = brief_of(ctx.inputs.business).business
        return verdict(_wrong_hashtags(ctx.output.output, [*business.banned_phrases, *business.competitors]))


@dataclass
class RequiredPhrases(PostEvaluator):
    """The caption contains each required phrase of the business, word for word."""

    def evaluate(self, ctx: Context) -> EvaluationReason | dict[str, bool]:
        """Search for each phrase; no verdict if there is none."""
        phrases = brief_of(ctx.inputs.business).business.required_phrases
        missing = (f"lacks {phrase!r}" for phrase in phrases if phrase not in ctx.output.output.caption)
        return verdict(missing) if phrases else {}


@dataclass
class Disclosure(PostEvaluator):
    """A caption that somebody pays for discloses it in its first line."""

    def evaluate(self, ctx: Context) -> EvaluationReason | dict[str, bool]:
        """Search for a usual label; no verdict if nobody pays."""
        if brief_of(ctx.inputs.business).business.material_connection is None:
            return {}
        first = ctx.output.output.caption.partition("\n")[0]
        return verdict([] if set(words(first)) & set(_DISCLOSURES) else [f"begins with {first!r}"])


@dataclass
class CallToAction(PostEvaluator):
    """The caption contains the day's call to action once."""

    def evaluate(self, ctx: Context) -> EvaluationReason | dict[str, bool]:
        """Search for its words; no verdict on a day without a call to action."""
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
    """None of the clichés that mark machine-written text."""

    def evaluate(self, ctx: Context) -> EvaluationReason:
        """Search for each of them."""
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


def _is_linked(tag: str) -> bool:
    return is_hashtag(tag) and 2 < len(tag) <= _LONGEST_HASHTAG and not tag[1:].isdecimal()


def _wrong_hashtags(post: Post, unwanted: list[str]) -> Iterator[str]:
    folded = [tag.casefold() for tag in post.hashtags]
    if not 1 <= len(folded) <= _MAX_HASHTAGS:
        yield f"{len(folded)} hashtags"
    yield from (f"{tag!r} is no hashtag" for tag in post.hashtags if not _is_linked(tag))
    yield from (f"{tag!r} stands there twice" for tag in sorted(set(folded)) if folded.count(tag) > 1)
    yield from (f"the caption holds {post.caption[slice(*tag)]!r}" for tag in hashtags(post.caption))
    joined = ["".join(words(phrase)) for phrase in unwanted]
    yield from (f"{tag!r} holds {word!r}" for tag in folded for word in joined if word == tag[1:])
