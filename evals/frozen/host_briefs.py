"""The briefs of the host cases: a line that replaces a field, and what the layer must read from it."""

from collections.abc import Callable
from copy import deepcopy
from datetime import date
from typing import Any

import yaml

from ai_service import Brief
from evals.frozen.situations import Situation

_CAMPAIGN = {"start_date", "launch_date"}
_WRITTEN: dict[str, dict[str, Any]] = {
    "empty.subdivision": {"subdivision": "", "country": "GB"},
    "type.brief_bytes": {"name": b"Forge"},
    "date.object": {"start_date": date(2026, 12, 1)},
}
"""Lines that are no YAML."""


# Any: briefs as callers write them
def document_of(brief: dict[str, Any], case: Situation) -> dict[str, Any]:
    """Return the brief of a case as the fields that a host passes."""
    document = deepcopy(brief)
    name = case.id.removeprefix("r3.host.")
    line = str(case.input["brief"]).removesuffix(" on PostgreSQL")
    fields: dict[str, Any] = _WRITTEN.get(name) or yaml.safe_load(line)
    for path, value in fields.items():
        section, _, field = path.rpartition(".")
        document[section or ("campaign" if field in _CAMPAIGN else "business")][field] = value
    return document


def as_meant(case: Situation, document: dict[str, Any]) -> bool:
    """Return whether the layer reads a brief as it is meant."""
    right = _MEANT.get(case.id.removeprefix("r3.host."))
    return right is None or right(Brief.model_validate(document))


_MEANT: dict[str, Callable[[Brief], bool]] = {
    "empty.country": lambda brief: brief.business.country is None,
    "empty.time_zone": lambda brief: brief.business.time_zone is None,
    "empty.subdivision": lambda brief: brief.business.subdivision is None,
    "empty.launch": lambda brief: brief.campaign.launch_date is None,
    "empty.nbsp": lambda brief: not brief.business.audience,
    "empty.price": lambda brief: (
        (brief.business.offers[0].text, brief.business.offers[0].price) == ("Fire poker", None)
    ),
    "empty.fact_line": lambda brief: brief.business.facts == ["Open Thursday to Sunday"],
    "empty.colors": lambda brief: not brief.business.brand_colors,
    "case.network_twitter": lambda brief: [*brief.business.networks] == ["x"],
    "case.language": lambda brief: brief.business.languages == ["en-US"],
    "case.language_script": lambda brief: brief.business.languages == ["zh-Hant-TW"],
    "case.country": lambda brief: brief.business.country == "GB",
    "case.currency": lambda brief: brief.business.offers[0].currency == "EUR",
    "case.weekday": lambda brief: sorted(brief.business.closed_days) == ["monday", "sunday"],
    "case.zone": lambda brief: brief.business.time_zone == "Europe/London",
    "code.country_long": lambda brief: brief.business.country == "GB",
    "type.brief_bytes": lambda brief: brief.business.name == "Forge",
    "date.object": lambda brief: brief.campaign.start_date == date(2026, 12, 1),
    "text.nul_fact": lambda brief: not any("\0" in fact for fact in brief.business.facts),
    "text.crlf": lambda brief: brief.business.facts == ["Open Thursday to Sunday"],
}
