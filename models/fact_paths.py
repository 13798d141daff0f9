"""Paths of what a brief says, such as `business.facts.0`, and reading other ways to write them."""

from collections.abc import Iterator
from typing import cast

import regex

from models.brief import BusinessContext, CampaignContext

PATTERN = r"^(business|campaign)\.[a-z_]+(\.[0-9]+)?(\.[a-z_]+)?$"
_INDEX = regex.compile(r"\[\s*['\"]?(\w+)['\"]?\s*\]")
_PATH = regex.compile(r"(?:[a-z_.]*?\b(business|campaign)\.)?([a-z_]+)((?:\.[0-9]+)?(?:\.[a-z_]+)?)")
_ENDS = regex.compile(r"[,;\s|]+")
_MOST = 10
_FIELDS = {"business": BusinessContext.model_fields, "campaign": CampaignContext.model_fields}


def fact_paths(value: object) -> object:
    """Return the paths in what a model wrote as its sources, each once; what is no path is left out."""
    items = cast(list[object], value) if isinstance(value, list) else [value]
    texts = [text for item in items if isinstance(item, str) for text in _ENDS.split(item)]
    return list(dict.fromkeys(path for text in texts for path in _path(text)))[:_MOST]


def _path(text: str) -> Iterator[str]:
    """Yield the path that `text` writes: brackets are dots, and a field of one half of the brief needs not name it."""
    found = _PATH.fullmatch(_INDEX.sub(r".\1", text.casefold()).replace("/", ".").strip("$.`'\""))
    if found is None:
        return
    roots = [found[1]] if found[1] else [root for root, fields in _FIELDS.items() if found[2] in fields]
    if len(roots) == 1:
        yield f"{roots[0]}.{found[2]}{found[3]}"
