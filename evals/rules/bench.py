"""The two measurements: recall on seeded defects, with each rule on and off, and false alarms on valid outputs."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple, TypeVar

from evals.rules.judge import applicable, every_rule, judged
from evals.rules.mutators import changes, lengths, words, wrong_replies
from evals.rules.samples import Defect, Sample
from evals.rules.valid_outputs import valid_outputs

LEAST_RECALL = 0.99
MOST_FALSE_ALARMS = 0.01
LEAST_DEFECTS = 5
HELD_OUT = 4
"""Every fourth defect of a rule and every fourth valid output was held out while the rules were tuned."""


ItemT = TypeVar("ItemT")


class Line(NamedTuple):
    """The measures of one rule."""

    rule: str
    defects: int
    missed: list[Defect]
    applicable: int
    alarms: list[Sample]
    found_off: int
    """Defects whose rule is reported although it is switched off."""

    @property
    def recall(self) -> float:
        """Share of the defects found."""
        return 1 - len(self.missed) / self.defects if self.defects else 0.0

    @property
    def false_alarms(self) -> float:
        """Share of the applicable valid outputs in which it finds something."""
        return len(self.alarms) / self.applicable if self.applicable else 0.0

    @property
    def is_red_when_off(self) -> bool:
        """Whether the recall falls below its goal when the rule is switched off."""
        return self.found_off < LEAST_RECALL * self.defects

    @property
    def is_worth_naming(self) -> bool:
        """Whether it missed a defect or gave a false alarm."""
        return bool(self.missed or self.alarms)

    @property
    def is_met(self) -> bool:
        """Whether the rule reaches its goals."""
        return (
            self.defects >= LEAST_DEFECTS
            and self.recall >= LEAST_RECALL
            and self.applicable > 0
            and self.false_alarms <= MOST_FALSE_ALARMS
            and self.is_red_when_off
        )


def defects() -> list[Defect]:
    """Return all seeded defects."""
    valid = valid_outputs()
    return [
        *lengths.too_long(valid),
        *changes.changed_posts(valid),
        *changes.changed_templates(valid),
        *words.said_wrongly(valid),
        *wrong_replies.answered_wrongly(),
        *wrong_replies.for_a_person(),
    ]


def at_limit() -> list[tuple[str, Sample]]:
    """Return valid posts and templates at the limit of a rule."""
    valid = valid_outputs()
    return [*lengths.at_limit(valid), *changes.posts_at_limit(valid), *changes.templates_at_limit(valid)]


def measure(
    seeded: Sequence[Defect], valid: Sequence[Sample], edges: Sequence[tuple[str, Sample]], *, rules: Iterable[str] = ()
) -> list[Line]:
    """Return a line for each rule; `rules` empty means all."""
    every = tuple(rules) or every_rule()
    by_rule: dict[str, list[Defect]] = defaultdict(list)
    for defect in seeded:
        by_rule[defect.rule].append(defect)
    applied, alarms = _alarms(valid, edges, every)
    return [
        Line(
            rule=rule,
            defects=len(by_rule[rule]),
            missed=[defect for defect in by_rule[rule] if not is_found(defect)],
            applicable=applied[rule],
            alarms=alarms[rule],
            found_off=sum(is_found(defect, without=frozenset({rule})) for defect in by_rule[rule]),
        )
        for rule in every
    ]


def is_found(defect: Defect, *, without: frozenset[str] = frozenset()) -> bool:
    """Return whether the checks report the rule of a defect, in one of its fields."""
    return any(
        found.rule == defect.rule and found.path.partition(".")[0] in defect.paths
        for found in judged(defect.sample, without=without)
    )


def _alarms(
    valid: Sequence[Sample], edges: Sequence[tuple[str, Sample]], every: tuple[str, ...]
) -> tuple[dict[str, int], dict[str, list[Sample]]]:
    applied: dict[str, int] = defaultdict(int)
    alarms: dict[str, list[Sample]] = defaultdict(list)
    for rules, sample in [(every, sample) for sample in valid] + [((rule,), sample) for rule, sample in edges]:
        found = {found.rule for found in judged(sample)}
        for rule in applicable(sample, rules):
            applied[rule] += 1
            if rule in found:
                alarms[rule].append(sample)
    return applied, alarms


def held_out_of(seeded: Sequence[Defect]) -> list[Defect]:
    """Return every fourth defect of each rule."""
    by_rule: dict[str, list[Defect]] = defaultdict(list)
    for defect in seeded:
        by_rule[defect.rule].append(defect)
    return [defect for of_rule in by_rule.values() for defect in every_fourth(of_rule)]


def every_fourth(items: Sequence[ItemT]) -> list[ItemT]:
    """Return the items that are held out."""
    return list(items[HELD_OUT - 1 :: HELD_OUT])
