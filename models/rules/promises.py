"""Finds promises in a reply that the brief does not make: what the business will do, give or hold.

Word lists for sixteen languages cover the usual phrasings. A promise is grounded when one statement of the brief makes
it about the same thing: free parking does not make a brioche free.
"""

from collections.abc import Iterable

import regex

from models.domains import Span
from models.grounding import normalised
from models.rules.availability import is_available
from models.rules.clock_times import unsaid_times
from models.rules.lexicons import find, primary
from models.rules.nearness import near
from models.vocabulary import Violation

_KINDS = {
    "refund": "money back or compensation",
    "replacement": "a replacement",
    "free": "something for nothing",
    "guarantee": "a guarantee",
    "exception": "an exception",
    "soon": "a time",
}
_DECISIONS = {
    "refund": "money back or compensation",
    "replacement": "a replacement",
    "denial": "a refusal",
    "advice": "advice, a fault or a liability",
}
_STATED: dict[str, list[tuple[str, str]]] = {
    **{kind: [("promises", kind)] for kind in _KINDS},
    "refund": [("promises", "refund"), ("handover", "refund")],
    "free": [("promises", "free"), ("promises", "free_said")],
}
"""Word lists for statements of each kind in a brief."""
_FIX = "promise nothing; say that a person will look into it"
_DECIDES = "a person decides: say only that one will look into it"
_TIMES_FIX = "name only times from the brief"
_CLAUSE_END = regex.compile(r"[.!?…,;:–—。、！？،؛\n]")
_WORD = regex.compile(r"[^\W\d_]{4,}")
_STEM, _BESIDE = 5, 25
_DENSE = {"ja", "ko", "zh", "th"}


def promised(
    reply: str,
    stated: Iterable[str],
    *,
    language: str,
    stated_in: str,
    asked: str = "",
    decides: bool = False,
) -> list[Violation]:
    """Return a hard violation for each promise of `reply` that no text of `stated` makes.

    `stated_in` is the language of `stated`: where it is the reply's, their words are compared. `asked` is the
    customer's question, which may name what is promised. `decides` says that a person must decide on the matter, so
    that the reply may promise nothing, not even what the brief offers.
    """
    text, known = normalised(reply), [normalised(statement) for statement in stated]
    same_language = primary(language) == primary(stated_in)
    subject = _stems(normalised(asked)) if same_language and primary(language) not in _DENSE else None
    found = [
        _violation(kind, f"{what} is promised that is not in the brief", _FIX)
        for kind, what in _KINDS.items()
        if any(not _is_said(text, span, kind, known, subject) for span in _affirmed(text, kind, language))
    ]
    if decides:
        found += [
            _violation("decision", f"it decides ({what})", _DECIDES)
            for kind, what in _DECISIONS.items()
            if _decides(text, kind, language)
        ]
    return found + _times(text, known, [language, stated_in])


def _decides(text: str, kind: str, language: str) -> bool:
    return _denies(text) if kind == "denial" else bool(_affirmed(text, kind, language))


def _denies(text: str) -> bool:
    """Return whether a refund is refused: by a phrase for it, or by a refusal near a word for refund."""
    if find(text, "promises", "denial"):
        return True
    refusals = find(text, "promises", "refusal")
    return bool(refusals and near(text, refusals, find(text, "handover", "refund"), characters=_BESIDE))


def _affirmed(text: str, kind: str, language: str) -> list[Span]:
    """Return the phrases of a kind that no earlier word of their clause negates."""
    return [
        span
        for span in find(text, "promises", kind)
        if not _is_denied(text, span, language) and not (kind == "free" and is_available(text, span))
    ]


def _is_denied(text: str, span: Span, language: str) -> bool:
    return bool(find(_clause_before(text, span), "promises", "negation", [language]))


def _clause_before(text: str, span: Span) -> str:
    ends = [found.end() for found in _CLAUSE_END.finditer(text, 0, span.start)]
    return text[ends[-1] if ends else 0 : span.start]


def _is_said(text: str, span: Span, kind: str, known: list[str], asked: set[str] | None) -> bool:
    """Return whether a statement makes a promise of this kind about something in the sentence or the question.

    `asked` None means that words cannot be compared, so that the kind alone counts.
    """
    statements = [statement for statement in known if any(find(statement, *group) for group in _STATED[kind])]
    if asked is None:
        return bool(statements)
    subject = asked | _stems(_sentence(text, span))
    return any(_stems(statement) & subject for statement in statements)


def _sentence(text: str, span: Span) -> str:
    ends = [0, *(found.end() for found in regex.finditer(r"[.!?…\n]\s|\n", text)), len(text)]
    start = max(end for end in ends if end <= span.start)
    return text[start : min(end for end in ends if end >= span.end)]


def _stems(text: str) -> set[str]:
    """Return the stems of the longer words of a text, without promise words and common words."""
    words = {word[:_STEM].casefold() for word in _WORD.findall(text)}
    empty = (text[span.start : span.end] for group in (*_KINDS, "common") for span in find(text, "promises", group))
    return words - {word[:_STEM].casefold() for phrase in empty for word in _WORD.findall(phrase)}


def _times(text: str, known: list[str], languages: list[str]) -> list[Violation]:
    return [
        _violation("time", f"time {said!r} is not in the brief", _TIMES_FIX)
        for said, span in unsaid_times(text, known, languages)
        if not _is_denied(text, span, languages[0])
    ]


def _violation(kind: str, problem: str, fix: str) -> Violation:
    return Violation(rule_id=f"promise.{kind}", severity="hard", path="reply", message=f"{problem}: {fix}", fix=fix)
