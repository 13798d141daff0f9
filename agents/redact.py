"""Removes personal data and secrets from the answers and errors that the ledger keeps."""

import re

_KEY = re.compile(r"\b(?:sk|pk|rk)-[A-Za-z0-9_-]{8,}")
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]++@[\w-]++\.[\w.-]+")
_NUMBERS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(?<![\w-])\d(?:[ -]?\d){12,18}(?![\w-])"), "[card]"),
    (re.compile(r"(?<![\w-])\+?\d(?:[ ().-]{0,2}\d){8,14}(?![\w-])"), "[phone]"),
)
_NINE_DIGITS = re.compile(r"\d(?:[ ().-]{0,2}\d){8}")


def redact(text: str) -> str:
    """Return `text` with keys, e-mail addresses, card and phone numbers replaced by their kind."""
    # what each kind can't be without is looked for first: most answers have none of it
    if "k-" in text:
        text = _KEY.sub("[key]", text)
    if "@" in text:
        text = _EMAIL.sub("[email]", text)
    if _NINE_DIGITS.search(text):
        for pattern, replacement in _NUMBERS:
            text = pattern.sub(replacement, text)
    return text
