"""The results of a run: pydantic-evals runs and evaluates the cases; this module reads its report."""

import re
from collections.abc import Awaitable, Callable, Iterator
from typing import NamedTuple, TypeVar

from pydantic_evals import Dataset
from pydantic_evals.reporting import ReportCase, ReportCaseFailure

from evals.cases import BusinessCase, Market
from models.vocabulary import Feature

CaseT = TypeVar("CaseT", bound=BusinessCase)
MarketT = TypeVar("MarketT", bound=Market)
OutputT = TypeVar("OutputT")

ALL = "all"
"""Key for all assertions of a feature together."""

_CASES_AT_ONCE = 4
"""Maximum number of concurrent cases, so that the provider is not overloaded."""
_CAPITAL = re.compile(r"(?<=[a-z])(?=[A-Z])")


class Verdict(NamedTuple):
    """One evaluator's verdict on one case."""

    name: str
    """The evaluator's name in words, e.g. `key dates` for `KeyDates`."""
    passed: bool | None
    """None if the evaluator raised an error."""
    reason: str
    """What is wrong; empty if it passed."""


class CaseResult(NamedTuple):
    """The result of one case."""

    name: str
    business: str
    verdicts: list[Verdict]
    error: str | None
    """Why there is no output; None if there is one."""


class FeatureResult(NamedTuple):
    """The results of a feature's cases, in the order of the dataset."""

    feature: Feature
    evaluators: list[str]
    """Names of all evaluators, in words."""
    cases: list[CaseResult]

    def verdicts(self) -> Iterator[tuple[CaseResult, Verdict]]:
        """Yield each verdict with its case."""
        return ((case, verdict) for case in self.cases for verdict in case.verdicts)

    def share(self) -> float:
        """Return the share of passed verdicts; 0 if there are none."""
        passed = [verdict.passed is True for _, verdict in self.verdicts()]
        return sum(passed) / len(passed) if passed else 0.0

    def shares(self) -> dict[str, float]:
        """Return the share of passed verdicts by name."""
        by_name: dict[str, list[bool]] = {}
        for _, verdict in self.verdicts():
            by_name.setdefault(verdict.name, []).append(verdict.passed is True)
        return {name: sum(passed) / len(passed) for name, passed in by_name.items()}


async def evaluated(
    feature: Feature, dataset: Dataset[CaseT, OutputT, MarketT], task: Callable[[CaseT], Awaitable[OutputT]]
) -> FeatureResult:
    """Return the results of the cases of `dataset`, whose outputs `task` makes."""
    report = await dataset.evaluate(task, max_concurrency=_CASES_AT_ONCE, progress=False)
    results = {result.name: result for result in (*map(_result, report.cases), *map(_failure, report.failures))}
    evaluators = [in_words(evaluator.get_default_evaluation_name()) for evaluator in dataset.evaluators]
    return FeatureResult(feature, evaluators, [results[str(case.name)] for case in dataset.cases])


def _result(case: ReportCase[CaseT, OutputT, MarketT]) -> CaseResult:
    verdicts = [
        *(Verdict(in_words(name), found.value, found.reason or "") for name, found in case.assertions.items()),
        *(Verdict(in_words(failure.name), None, failure.error_message) for failure in case.evaluator_failures),
    ]
    return CaseResult(case.name, case.inputs.business, verdicts, None)


def _failure(case: ReportCaseFailure[CaseT, OutputT, MarketT]) -> CaseResult:
    return CaseResult(case.name, case.inputs.business, [], case.error_message)


def in_words(name: str) -> str:
    """Return the name of an evaluator in words: `key dates` for `KeyDates`."""
    return _CAPITAL.sub(" ", name).lower()
