"""Checks a post against the rule pack: whether a network accepts it."""

from collections.abc import Iterable, Iterator

from models.rules.fields import FIELDS
from models.rules.measures import Measured, measured
from models.rules.pack import Rule, rule_pack
from models.rules.publishable import Publishable
from models.vocabulary import Network, Violation

_UNITS = {
    "x_weighted": "weighted characters",
    "utf16": "UTF-16 units",
    "threads": "characters, emoji as bytes",
    "utf8": "bytes",
    "codepoint": "characters",
    "ratio": "wide to high",
    "items": "",
    "number": "",
}


def check(
    content: Publishable,
    network: Network,
    *,
    without: frozenset[str] = frozenset(),
    rules: Iterable[Rule] | None = None,
) -> list[Violation]:
    """Return a violation for each publishing rule of `network` that `content` breaks, in the order of the pack.

    `without` holds the ids of rules to skip. `rules` None means the rules that ship with the package.
    """
    return [
        violation
        for rule in (rule_pack().rules if rules is None else rules)
        if rule.network is network and rule.id not in without and _is_for(rule, content)
        for violation in _broken(rule, content)
    ]


def _is_for(rule: Rule, content: Publishable) -> bool:
    return rule.formats is None or content.content_type in rule.formats


def _broken(rule: Rule, content: Publishable) -> Iterator[Violation]:
    readings = FIELDS[rule.field](content, rule.network)
    for found in measured(readings, rule.unit, limit=rule.at_most):
        bound = _broken_bound(rule, found.value)
        if bound:
            yield Violation(
                rule_id=rule.id,
                severity=rule.severity,
                path=found.path,
                message=f"{_said(rule, found)}, {bound} on {rule.network}: {rule.fix}",
                span=list(found.span) if found.span else None,
                fix=rule.fix,
            )


def _broken_bound(rule: Rule, value: float | str) -> str | None:
    """Return the bound that `value` breaks, in words; None if it is within all bounds."""
    if isinstance(value, str):
        return None if value in (rule.one_of or ()) else f"one of {', '.join(rule.one_of or ())} is taken"
    if rule.at_most is not None and value > rule.at_most:
        return f"at most {_plain(rule.at_most)}" if rule.at_most else "none is taken"
    if rule.at_least is not None and value < rule.at_least:
        return f"at least {_plain(rule.at_least)}"
    return None


def _said(rule: Rule, found: Measured) -> str:
    field = rule.field.replace("_", " ")
    if isinstance(found.value, str):
        return f"{field}: {found.value!r}"
    unit = _UNITS.get(rule.unit, rule.unit.replace("_", " "))
    return f"{field}: {_plain(found.value)} {unit}".rstrip()


def _plain(number: float) -> str:
    return f"{number:.12g}"
