"""Which texts of a provider are kept: those in the form of a code."""

import re

from agents.redact import redact

_CODE = re.compile(r"[A-Za-z]+\d{0,4}(?:[_.-](?:[A-Za-z]+\d{0,4}|\d{1,4}))*|[45]\d\d")
_LONGEST = 60
_LARGEST = 100_000


def code_of(value: object) -> str | None:
    """Return a value that looks like an error's code: words joined by underscores, or a short number. Else None."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value) if 0 <= value < _LARGEST else None
    if not isinstance(value, str) or len(value) > _LONGEST:
        return None
    return value if _CODE.fullmatch(value) and redact(value) == value else None
