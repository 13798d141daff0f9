"""The rule pack: the publishing rules of the networks as data."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import yaml

from models.base import Given
from models.vocabulary import ContentType, Network, Severity

_FOLDER = Path(__file__).parent


class Rule(Given):
    """One rule: a field of a post, measured in a unit, keeps a bound."""

    id: str
    """For instance `ig.tags`."""
    network: Network
    """Where it holds."""
    field: str
    """What it looks at, a name in `models.rules.fields`."""
    unit: str
    """What it is measured in, a name in `models.rules.measures`."""
    at_least: float | None = None
    """Least value; None: none."""
    at_most: float | None = None
    """Largest value; None: none."""
    one_of: list[str] | None = None
    """Values allowed; None: the rule has numbers as bounds."""
    formats: list[ContentType] | None = None
    """Content types it is for; None: all."""
    severity: Severity
    """`hard`: the network refuses the post."""
    source: str
    """Keys of `sources`, the surest first."""
    date: date
    """The day the source was read."""
    fix: str
    """The way out."""


class RulePack(Given):
    """Rules with the sources they name."""

    date: date
    """The day the sources were read."""
    sources: dict[str, str]
    """What a source's key stands for."""
    rules: list[Rule]
    """In the order of networks."""


class Change(NamedTuple):
    """What a caller changes of a rule; None: as it is."""

    at_most: float | None = None
    severity: Severity | None = None


@cache
def rule_pack() -> RulePack:
    """Return the pack that is shipped."""
    loaded = yaml.load((_FOLDER / "pack.yaml").read_bytes(), Loader=yaml.CSafeLoader)
    rules = [{"date": loaded["date"], **rule} for rule in loaded["rules"]]
    return RulePack.model_validate({**loaded, "rules": rules})


def with_changes(changes: Mapping[str, Change]) -> list[Rule]:
    """Return the shipped rules with changes by rule id, e.g. `{"x.text": Change(at_most=25_000)}`.

    Raises KeyError when there is no rule of an id.
    """
    rules = {rule.id: rule for rule in rule_pack().rules}
    for rule_id, change in changes.items():
        rule = rules[rule_id]
        at_most = rule.at_most if change.at_most is None else change.at_most
        rules[rule_id] = rule.model_copy(update={"at_most": at_most, "severity": change.severity or rule.severity})
    return list(rules.values())


def _version() -> str:
    """Return the day and a hash of all rules and word lists, so that no change of them goes unnoticed."""
    digest = sha256()
    for path in sorted(_FOLDER.rglob("*.yaml")):
        digest.update(path.read_bytes())
    return f"2026-11-22.{digest.hexdigest()[:8]}"


RULE_PACK_VERSION = _version()
"""Names rules and word lists; it goes into every result and row."""
