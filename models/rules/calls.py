"""Calls to action in a text."""

from models.rules.lexicons import find, speaks


def distinct_calls(text: str, language: str, *, own: str | None = None) -> int | None:
    """Return how many different things `text` asks for; None: there is no list of calls for the language.

    `own` is the call of the brief: where it stands in the text word for word it is one.
    """
    has_own = bool(own) and own.casefold().rstrip(".!") in text.casefold()
    if not has_own and not speaks("calls", "calls", language):
        return None
    rest = _without(text, own) if own and has_own else text
    calls = {rest[span.start : span.end].casefold() for span in find(rest, "calls", "calls", [language])}
    return len(calls) + has_own


def _without(text: str, own: str) -> str:
    call = own.rstrip(".!")
    start = text.casefold().find(call.casefold())
    return f"{text[:start]} {text[start + len(call) :]}"
