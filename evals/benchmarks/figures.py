"""The report of a benchmark: figures with their goals, and the statistics for them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

Counts = dict[str, int | float | str]


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One measured value."""

    name: str
    value: float
    unit: str = ""
    at_most: float | None = None
    """The goal; None if there is no upper bound."""
    at_least: float | None = None
    note: str = ""
    """An explanation that the name cannot give."""

    @property
    def reached(self) -> bool | None:
        """Whether the goal is reached; None if there is none."""
        if self.at_most is None and self.at_least is None:
            return None
        return (self.at_most is None or self.value <= self.at_most) and (
            self.at_least is None or self.value >= self.at_least
        )

    @property
    def goal(self) -> str:
        """The goal in words; empty if there is none."""
        bounds = [("at most", self.at_most), ("at least", self.at_least)]
        return ", ".join(f"{word} {number(bound)}" for word, bound in bounds if bound is not None)


@dataclass(frozen=True, kw_only=True)
class Report:
    """The figures of one benchmark, and its counts."""

    counts: Counts
    figures: list[Figure] = field(default_factory=list[Figure])


def percentile(values: Sequence[float], percent: float) -> float:
    """Return the smallest value that `percent` % of the values do not exceed (nearest rank)."""
    if not values:
        raise ValueError("a percentile of no values: measure at least one")
    ranked = sorted(values)
    return ranked[max(0, -int(-len(ranked) * percent // 100) - 1)]


def ratios(values: Sequence[float], baseline: Sequence[float]) -> list[float]:
    """Return the ratio of each round, `values` over the `baseline` of the same round."""
    return [value / base for value, base in zip(values, baseline, strict=True)]


def spread(values: Sequence[float]) -> str:
    """Return the interquartile range of some rounds and their number, e.g. `1.18-1.24 in half of 15 rounds`."""
    low, high = percentile(values, 25), percentile(values, 75)
    return f"{number(low)}-{number(high)} in half of {len(values)} rounds"


def middle(values: Sequence[float]) -> float:
    """Return the median."""
    return median(values)


def number(value: float) -> str:
    """Return a number for readers: three significant digits, thousands separators, no trailing zeros."""
    if abs(value) >= 100 or value == int(value):
        return f"{value:,.0f}"
    return f"{value:.3g}"
