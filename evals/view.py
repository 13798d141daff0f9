"""The results of a run, for people and for machines."""

from collections.abc import Sequence

from pydantic import JsonValue
from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from evals.results import ALL, CaseResult, FeatureResult, Verdict
from evals.thresholds import THRESHOLDS, below

_MARKS: dict[bool | None, tuple[str, str]] = {True: ("✔", "green"), False: ("✗", "red"), None: ("!", "red reverse")}
_NO_VERDICT = ("·", "dim")


def feature_view(result: FeatureResult) -> RenderableType:
    """Return the verdicts as a table with a mark for each case, followed by the failures and their reasons."""
    businesses = list(dict.fromkeys(case.business for case in result.cases))
    title = f"{result.feature}: {len(result.cases)} cases"
    table = Table(box=box.SIMPLE_HEAD, collapse_padding=True, show_edge=False, title=title, title_justify="left")
    table.add_column(no_wrap=True)
    for business in businesses:
        table.add_column(business.partition("-")[0])
    for heading in ("passed", "least"):
        table.add_column(heading, justify="right")
    for name in result.evaluators:
        cells = [_marks(name, [case for case in result.cases if case.business == business]) for business in businesses]
        table.add_row(name, *cells, *_numbers(result, name))
    table.add_section()
    table.add_row(ALL, *("" for _ in businesses), *_numbers(result, ALL))
    problems = [_problem(result, line) for line in below(result)]
    return Group(table, *_failures(result), *problems, Text())


def summary_view(results: Sequence[FeatureResult], *, model: str, seconds: float) -> RenderableType:
    """Return the run in one line."""
    verdicts = [verdict for result in results for _, verdict in result.verdicts()]
    cases = sum(len(result.cases) for result in results)
    failing = [result.feature.value for result in results if any(below(result))]
    counts = f"{sum(verdict.passed is True for verdict in verdicts)} of {len(verdicts)} checks passed"
    outcome = Text(f"BELOW: {', '.join(failing)}", "bold red") if failing else Text("passed", "bold green")
    return Text.assemble(outcome, f" · {model} · {cases} cases · {counts} · {seconds:.1f} s")


def as_json(results: Sequence[FeatureResult], *, model: str) -> JsonValue:
    """Return the run as a JSON document."""
    return {
        "passed": not any(line for result in results for line in below(result)),
        "model": model,
        "features": {result.feature.value: _feature_json(result) for result in results},
    }


def _feature_json(result: FeatureResult) -> JsonValue:
    return {
        "share": round(result.share(), 4),
        "shares": {name: round(share, 4) for name, share in result.shares().items()},
        "thresholds": {**THRESHOLDS[result.feature]},
        "below": list(below(result)),
        "cases": [_case_json(case) for case in result.cases],
    }


def _case_json(case: CaseResult) -> JsonValue:
    verdicts: dict[str, JsonValue] = {v.name: {"passed": v.passed, "reason": v.reason} for v in case.verdicts}
    return {"name": case.name, "business": case.business, "error": case.error, "verdicts": verdicts}


def _marks(name: str, cases: Sequence[CaseResult]) -> Text:
    return Text("").join(Text(*_mark(name, case)) for case in cases)


def _mark(name: str, case: CaseResult) -> tuple[str, str]:
    if case.error is not None:
        return _MARKS[None]
    found = next((verdict for verdict in case.verdicts if verdict.name == name), None)
    return _MARKS[found.passed] if found else _NO_VERDICT


def _numbers(result: FeatureResult, name: str) -> tuple[str, str]:
    share = {**result.shares(), ALL: result.share()}.get(name)
    least = THRESHOLDS[result.feature].get(name)
    return "-" if share is None else f"{share:.1%}", "" if least is None else f"{least:.0%}"


def _failures(result: FeatureResult) -> list[Text]:
    """Return a line for each verdict that did not pass; cases with the same failure share one."""
    alike: dict[str, list[str]] = {}
    for case in result.cases:
        if case.error is not None:
            alike.setdefault(case.error, []).append(case.name)
    mark, style = _MARKS[None]
    failed = [Text.assemble((mark, style), (f" {_together(names)}: ", "bold"), error) for error, names in alike.items()]
    return failed + [_failure(case, verdict) for case, verdict in result.verdicts() if not verdict.passed]


def _together(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1} more"


def _failure(case: CaseResult, verdict: Verdict) -> Text:
    mark, style = _MARKS[verdict.passed]
    return Text.assemble((f"{mark} ", style), (f"{case.name}, {verdict.name}: ", "bold"), verdict.reason)


def _problem(result: FeatureResult, line: str) -> Text:
    return Text(f"{result.feature}: {line}", "bold red")
