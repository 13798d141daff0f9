"""What the evals must reach, and what of a feature's results is below it."""

from collections.abc import Iterator
from importlib import import_module

from evals.results import ALL, FeatureResult
from models.vocabulary import Feature

THRESHOLDS: dict[Feature, dict[str, float]] = {
    feature: import_module(f".{feature}", __package__).THRESHOLDS for feature in Feature
}
"""Least share of passed assertions by feature, of all together and of an evaluator's own. What may never go wrong has
1, so that good style can't make up for an invented price."""


def below(result: FeatureResult) -> Iterator[str]:
    """Yield, in words, what of a feature keeps a run from passing."""
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
