"""BCP 47 tags of languages, and reading other ways to write one."""

from functools import cache
from pathlib import Path
from typing import Annotated

import regex
from pydantic import BeforeValidator, StringConstraints

UNDETERMINED = "und"
"""The tag of a language that isn't known."""
_PATTERN = r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$"
_TAG = regex.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*+")
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


LanguageTag = Annotated[str, StringConstraints(pattern=_PATTERN), BeforeValidator(_as_tag)]
"""A BCP 47 tag, `und` where a model wrote none."""


@cache
def _codes() -> dict[str, str]:
    """Return the code by each way to write it, case folded."""
    rows = (Path(__file__).parent / "language_names.txt").read_text(encoding="utf-8").splitlines()
    listed = [row.split("\t") for row in rows if not row.startswith("#")]
    return {spelling.casefold(): code for code, *others in listed for spelling in (code, *others)}
