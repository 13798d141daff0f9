"""BCP 47 tags of languages, and reading other ways to write one."""

from functools import cache
from pathlib import Path
from typing import Annotated

import regex
from babel import Locale
from babel.core import get_global
from pydantic import BeforeValidator, StringConstraints

from models.codes import country_code

UNDETERMINED = "und"
"""The tag of a language that isn't known."""
_PATTERN = r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$"
_TAG = regex.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*+")
_NO_ONES = {UNDETERMINED, "mul", "zxx"}
"""Codes for texts of no one language."""
_REMARK = regex.compile(r"\s*\([^()]*+\)\s*$")


def language_tag(text: str) -> str | None:
    """Return the tag that `text` writes: `fr-FR` of `fr_FR`, `en` of `EN`, `de` of `German`, `Deutsch` or `deu`.

    A language's name counts in English and in itself. None: it is no language that is known.
    """
    name = _REMARK.sub("", text.strip()).strip(" .'\"`")
    code, *subtags = regex.split("[-_]", name) if _TAG.fullmatch(name) else [name]
    code = code.casefold()
    known = _codes().get(code)
    if known is None:
        return None
    return "-".join([known, *map(_as_subtag, subtags)])


def assigned_tag(text: str) -> str | None:
    """Return the tag that `text` writes in another case or with underscores: `en-US` of `en_us`, `he` of `iw`.

    None: it is no tag, or its language or country is not assigned.
    """
    if not _TAG.fullmatch(text):
        return None
    code, *subtags = regex.split("[-_]", text)
    tag = [_assigned(code.casefold()), *map(_assigned_subtag, subtags)]
    return None if None in tag else "-".join(filter(None, tag))


def _assigned(code: str) -> str | None:
    if code in _NO_ONES:
        return None
    if code in (aliases := get_global("language_aliases")):
        return aliases[code].replace("_", "-")
    return code if code in _likely() or code in Locale("en").languages else None


@cache
def _likely() -> frozenset[str]:
    """Return the codes of the languages that CLDR knows where to place; English names it has for fewer."""
    return frozenset(tag.partition("_")[0] for tag in get_global("likely_subtags"))


def _assigned_subtag(subtag: str) -> str | None:
    return country_code(subtag) if len(subtag) == 2 and subtag.isalpha() else _as_subtag(subtag)


def _as_assigned(value: object) -> object:
    if not isinstance(value, str):
        return value
    if tag := assigned_tag(value.strip()):
        return tag
    example = assigned_tag(language_tag(value) or "") or "pt-BR"
    raise ValueError(f"{value[:_SHOWN]!r} is no language's tag: write its BCP 47 tag, e.g. {example}")


def _as_subtag(subtag: str) -> str:
    """Return a subtag in its usual case: a script in title case, a region in capitals."""
    if len(subtag) == 4 and subtag.isalpha():
        return subtag.title()
    return subtag.upper() if len(subtag) == 2 and subtag.isalpha() else subtag


def _as_tag(value: object) -> object:
    """Accept other ways to write a tag; one that can't be read is undetermined, for code to work out."""
    if not isinstance(value, str):
        return UNDETERMINED
    return language_tag(value) or (value if regex.match(_PATTERN, value) else UNDETERMINED)


_SHOWN = 40
"""Characters of a wrong tag that an error shows."""

Language = Annotated[str, StringConstraints(pattern=_PATTERN), BeforeValidator(_as_assigned)]
"""A BCP 47 tag of an assigned language, from a caller."""
LanguageTag = Annotated[str, StringConstraints(pattern=_PATTERN), BeforeValidator(_as_tag)]
"""A BCP 47 tag from a model, `und` where it wrote none."""


@cache
def _codes() -> dict[str, str]:
    """Return the code by each way to write it, case folded."""
    rows = (Path(__file__).parent / "language_names.txt").read_text(encoding="utf-8").splitlines()
    listed = [row.split("\t") for row in rows if not row.startswith("#")]
    return {spelling.casefold(): code for code, *others in listed for spelling in (code, *others)}
