"""Whether a provider's refusal is about the size of the one request: such a request will never be let through."""

import re

from pydantic_ai.exceptions import ModelAPIError

_TOO_LARGE = re.compile(r"too[ _-](?:large|long|big)|context[ _-]?(?:length|window)", re.IGNORECASE)
_LIMIT = re.compile(r"limit\W{0,3}(\d[\d,]*)", re.IGNORECASE)
_REQUESTED = re.compile(r"requested\W{0,3}(\d[\d,]*)", re.IGNORECASE)
_MOST_READ = 4_000


def is_about_size(error: ModelAPIError) -> bool:
    """Return whether the request alone is more than a limit, however little else is sent.

    Some providers say so with the status and the code of a rate limit. The words are read here and kept nowhere.
    """
    said = f"{error.provider_error_code} {error.provider_error_type} {error.body or error}"[:_MOST_READ]
    if _TOO_LARGE.search(said):
        return True
    limit, requested = _LIMIT.search(said), _REQUESTED.search(said)
    return bool(limit and requested and _number(requested[1]) > _number(limit[1]))


def _number(digits: str) -> int:
    return int(digits.replace(",", ""))
