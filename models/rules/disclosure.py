"""Checks that advertising is disclosed (FTC 16 CFR 255) by a label in the first line."""

import regex

from models.brief import BusinessContext
from models.domains import Span
from models.rules.finders import hashtags
from models.rules.lexicons import find, lexicon, primary, speaks

_DEFAULT = "en"
_LABEL_END = regex.compile(r"\s*(?:$|[^\w\s])")


def label(language: str) -> str:
    """Return the usual advertising label of a language (`Anzeige`); the English one where there is no list."""
    code = primary(language) if speaks("disclosure", "label", language) else _DEFAULT
    word = lexicon("disclosure")["label"][code][0]
    return f"{word[0].upper()}{word[1:]}"


def undisclosed(path: str, text: str, business: BusinessContext) -> list[Span]:
    """Return one empty span when a caption's first line has no label before its first hashtag."""
    if path.rpartition(".")[2] != "caption":
        return []
    line = text.strip().partition("\n")[0]
    return [] if _has_label(line, business) else [Span(0, 0)]


def undisclosed_speech(path: str, text: str, business: BusinessContext) -> list[Span]:
    """Return one empty span when a video's hook does not say that it is advertising."""
    if path.rpartition(".")[2] != "hook":
        return []
    return [] if find(text, "disclosure", "label", _languages(business)) else [Span(0, 0)]


def _languages(business: BusinessContext) -> list[str]:
    known = [language for language in business.languages if speaks("disclosure", "label", language)]
    return [primary(language) for language in known] or [_DEFAULT]


def _has_label(line: str, business: BusinessContext) -> bool:
    labels = [label for label in find(line, "disclosure", "label", _languages(business)) if _is_label(line, label)]
    other_tags = [tag.start for tag in hashtags(line) if tag.start + 1 not in {label.start for label in labels}]
    return bool(labels) and labels[0].start < min(other_tags, default=len(line))


def _is_label(line: str, found: Span) -> bool:
    """Return whether a match is used as a label: a hashtag, bracketed, several words, or alone before punctuation."""
    before = line[: found.start]
    if before.endswith(("#", "＃", "(", "[", "【")) or " " in line[found.start : found.end]:
        return True
    is_first = not regex.search(r"\w", before)
    return is_first and bool(_LABEL_END.match(line, found.end))
