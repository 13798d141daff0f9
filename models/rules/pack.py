"""The rule pack: the publishing rules of the networks as data."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import yaml

from models.base import Frozen
from models.vocabulary import ContentType, Network, Severity

_FOLDER = Path(__file__).parent


class Rule(Frozen):
    """One rule: a field of a post, measured in a unit, stays within a bound."""

    id: str
    """For instance `ig.tags`."""
    network: Network
    """The network it applies to."""
    field: str
    """What it checks: a name in `models.rules.fields`."""
    unit: str
    """The unit of measure: a name in `models.rules.measures`."""
    at_least: float | None = None
    """Minimum; None if there is none."""
    at_most: float | None = None
    """Maximum; None if there is none."""
    one_of: list[str] | None = None
    """Allowed values; None if the rule has numeric bounds."""
    formats: list[ContentType] | None = None
    """Content types it applies to; None means all."""
    severity: Severity
    """`hard`: the network refuses the post."""
    source: str
    """Keys of `sources`, the most reliable first."""
    date: date
    """The day the source was read."""
    fix: str
    """How to comply."""


class RulePack(Frozen):
    """Rules with their sources."""

    date: date
    """The day the sources were read."""
    sources: dict[str, str]
    """Source by key."""
    rules: list[Rule]
    """In the order of the networks."""


class Change(NamedTuple):
    """A caller's changes to a rule; None means unchanged."""

    at_most: float | None = None
    severity: Severity | None = None


@cache
def rule_pack() -> RulePack:
    """Return the pack that ships with the package."""
    loaded = yaml.load((_FOLDER / "pack.yaml").read_bytes(), Loader=yaml.CSafeLoader)
    rules = [{"date": loaded["date"], **rule} for rule in loaded["rules"]]
    return RulePack.model_validate({**loaded, "rules": rules})


def with_changes(changes: Mapping[str, Change]) -> list[Rule]:
    """Return the shipped rules with changes by rule id, e.g. `{"x.text": Change(at_most=25_000)}`.

    Raises:
        KeyError: There is no rule with that id.
    """
    rules = {rule.id: rule for rule in rule_pack().rules}
    for rule_id, change in changes.items():
        rule = rules[rule_id]
        at_most = rule.at_most if change.at_most is None else change.at_most
        rules[rule_id] = rule.model_copy(update={"at_most": at_most, "severity": change.severity or rule.severity})
    return list(rules.values())


def _version() -> str:
    """Return the date and a hash of all rules and word lists, so that every change yields a new version."""
    digest = sha256()
    for path in sorted(_FOLDER.rglob("*.yaml")):
        digest.update(path.read_bytes())
    return f"2026-11-22.{digest.hexdigest()[:8]}"


RULE_PACK_VERSION = _version()
"""Version of the rules and word lists, recorded in every result and row."""
