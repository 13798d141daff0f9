"""Promises in words: what a reply says that the business will do, give or keep, where the business doesn't say it.

Word lists for sixteen languages see the usual phrasings. A promise is the business's own where one statement of the
brief makes it, of the same thing: parking that is free doesn't make a brioche free.
"""

from collections.abc import Iterable

import regex

from models.domains import Span
from models.grounding import normalised
from models.rules.lexicons import find, primary
from models.rules.number_words import with_all_digits
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
"""Lists of what a business says in its brief of each kind."""
_FIX = "promise nothing; say that a person will look into it"
_DECIDES = "a person decides: say only that one will look into it"
_TIMES_FIX = "name only times from the brief"
_HOUR_WORD = r"(?:[ap]\.?m\.?|o'clock|uhr|heures?|horas?|ore|uur|h)(?!\w)"
_TIME = regex.compile(
    rf"(?<![\d.,:])(?P<n>\d{{1,2}})(?:[:.h]|\sh\s)(?P<n>[0-5]\d)(?![\d.,]?\d|\s?[%€$£])|(?<![\d.,])(?P<n>\d{{1,2}})\s?{_HOUR_WORD}"
    r"|(?<![\d.,])(?P<n>\d{1,2})\s?[時시](?![間간])"
    r"|(?<![\d.,])(?P<n>\d{1,3})\s?(?:hours?|hrs?|minutes?|mins?|days?|weeks?|minuten?|stunden?|tage?n?|wochen?|jours?|semaines?"
    r"|minutos?|días?|dias?|semanas?|minuti|giorni|settimane|dagen|weken|minut\w{0,2}|godzin\w{0,2}|dni|tygodni\w{0,2}|timmar|dagar"
    r"|veckor|minuter|хвилин\w?|годин\w?|дн\w{1,2}|тижн\w{1,2})(?!\w)"
    r"|(?<![\d.,])(?P<n>\d{1,3})\s?(?:時間|分間?|日以内|週間|시간|분|일 이내|주 이내|ساعات|ساعة|أيام|دقيقة"
    r"|שעות|ימים|דקות)",
    regex.I,
)
_NUMBER = regex.compile(r"\d+")
_CLAUSE_END = regex.compile(r"[.!?…,;:–—。、！？،؛\n]")
_WORD = regex.compile(r"[^\W\d_]{4,}")
_STEM, _HALF_A_DAY = 5, 12
_DENSE = {"ja", "ko", "zh", "th"}


def promised(
    reply: str,
    stated: Iterable[str],
    *,
    language: str,
    same_language: bool,
    asked: str = "",
    decides: bool = False,
) -> list[Violation]:
    """Return what `reply` promises that no text of `stated` says, all of it hard.

    `same_language`: whether both are in one language, so that their words can be compared. `asked`: what the customer
    asked, which may name what is promised. `decides`: whether a person must decide on the matter, so that the reply may
    not, not even as the brief says.
    """
    text, known = normalised(reply), [normalised(statement) for statement in stated]
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
    return found + _times(text, known, language)


def _decides(text: str, kind: str, language: str) -> bool:
    return bool(find(text, "promises", kind) if kind == "denial" else _affirmed(text, kind, language))


def _affirmed(text: str, kind: str, language: str) -> list[Span]:
    """Return phrases of a kind that no negation before them in their clause takes back."""
    return [span for span in find(text, "promises", kind) if not _is_denied(text, span, language)]


def _is_denied(text: str, span: Span, language: str) -> bool:
    return bool(find(_clause_before(text, span), "promises", "negation", [language]))


def _clause_before(text: str, span: Span) -> str:
    ends = [found.end() for found in _CLAUSE_END.finditer(text, 0, span.start)]
    return text[ends[-1] if ends else 0 : span.start]


def _is_said(text: str, span: Span, kind: str, known: list[str], asked: set[str] | None) -> bool:
    """Whether a statement makes a promise of this kind, of something that the sentence or the customer speaks of.

    `asked` None: words can't be compared, and the kind alone counts.
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
    """Return the beginnings of the longer words of a text, without those of promises and common ones."""
    words = {word[:_STEM].casefold() for word in _WORD.findall(text)}
    empty = (text[span.start : span.end] for group in (*_KINDS, "common") for span in find(text, "promises", group))
    return words - {word[:_STEM].casefold() for phrase in empty for word in _WORD.findall(phrase)}


def _times(text: str, known: list[str], language: str) -> list[Violation]:
    """Return clock times and durations whose numbers the brief doesn't have: 18 h and 6 pm are the same."""
    plain = with_all_digits(text)
    numbers = {int(number) for statement in known for number in _NUMBER.findall(with_all_digits(statement))}
    hours = {number for number in numbers if number <= 2 * _HALF_A_DAY}
    said = {*numbers, *(hour % _HALF_A_DAY for hour in hours), *(hour + _HALF_A_DAY for hour in hours), 0}
    found = [time for time in _TIME.finditer(plain) if not {int(n) for n in time.captures("n")} <= said]
    return [
        _violation("time", f"time {time[0].strip()!r} is not in the brief", _TIMES_FIX)
        for time in found
        if not _is_denied(plain, Span(*time.span()), language)
    ]


def _violation(kind: str, problem: str, fix: str) -> Violation:
    return Violation(rule_id=f"promise.{kind}", severity="hard", path="reply", message=f"{problem}: {fix}", fix=fix)
