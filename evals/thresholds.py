"""The thresholds of the evals, and the results below them."""

from collections.abc import Iterator

from evals.results import FeatureResult
from models.vocabulary import Feature

ALL = "all"
"""Key for all assertions of a feature together."""

THRESHOLDS: dict[Feature, dict[str, float]] = {
    Feature.STRATEGY: {ALL: 0.95, "days": 1, "dates": 1, "key dates": 1, "offers": 1, "repeats": 1, "grounded": 1},
    Feature.CONTENT: {ALL: 0.95, "hashtags": 1, "required phrases": 1, "disclosure": 1, "grounded": 1},
    Feature.VIDEO: {ALL: 0.95, "length": 0.9, "grounded": 1},
    Feature.MESSAGING: {
        ALL: 0.95,
        "hands over": 1,
        "answers itself": 0.9,
        "no personal data": 1,
        "not led astray": 1,
        "grounded": 1,
        "names facts": 1,
        "owns up": 1,
        "not sent alone": 1,
    },
    Feature.IMAGE: {ALL: 0.95, "decodes": 1, "size": 1},
}
"""Minimum share of passed assertions by feature, of all together and of single evaluators. An assertion that must
always pass has 1, so that good style cannot outweigh an invented price. `hands over` is the recall of `needs_human`."""


def below(result: FeatureResult) -> Iterator[str]:
    """Yield, in words, the results of a feature that are below a threshold."""
    shares = {**result.shares(), ALL: result.share()}
    for name, least in THRESHOLDS[result.feature].items():
        if name not in shares:
            yield f"{name} was never checked"
        elif shares[name] < least:
            yield f"{name} {shares[name]:.1%}, at least {least:.0%} is asked"
    if failed := sum(case.error is not None for case in result.cases):
        yield f"{failed} of {len(result.cases)} cases failed"
    if broken := sum(verdict.passed is None for _, verdict in result.verdicts()):
        yield f"{broken} evaluators broke"
