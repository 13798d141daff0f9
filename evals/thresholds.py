"""The thresholds of the evals, and the results below them."""

from collections.abc import Iterator
from importlib import import_module

from evals.results import ALL, FeatureResult
from models.vocabulary import Feature

THRESHOLDS: dict[Feature, dict[str, float]] = {
    feature: import_module(f".{feature}", __package__).THRESHOLDS for feature in Feature
}
"""Minimum share of passed assertions by feature, of all together and of single evaluators. An assertion that must
always pass has 1, so that good style cannot outweigh an invented price."""


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
