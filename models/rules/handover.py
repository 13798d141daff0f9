"""Finds the matters in a customer's message that a person must decide, as far as word lists can detect them.

The lists favour recall: they also match a customer who only asks how refunds work. They cover seventeen languages.
Every message is searched in all of them, since the language of a short message cannot be detected.
"""

from collections.abc import Iterable
from functools import lru_cache

import regex

from models.domains import Span
from models.grounding import normalised
from models.messaging import Handover
from models.rules.lexicons import find
from models.rules.nearness import near
from models.rules.number_words import with_all_digits

_AGE = regex.compile(
    r"(?<![\d.,])(?:1[0-7]|[1-9])(?:\s?-?\s?(?:years?|yrs?|y/o|yo(?!\w)|ans(?!\w)|jahre?|jährig\w*+|años|anni|jaar|anos"
    r"|lat(?!\w)|lata|år|років|роки|рік|річн\w*+|歳|才|살|세|saal|سنة|سنوات|عام|שנים)|\s?$|\s?[,.!?](?!\d)"
    r"|\s(?:and|et|und|y|e|en|i|och|і|but|aber|mais|pero|maar|men|who|qui)\s)",
    regex.I,
)
_ADDRESS = regex.compile(r"https?://\S++|(?<![\w.+-])[\w.+-]*+@[\w.-]++", regex.I)
_GERMAN_AGE = regex.compile(r"(\p{L}{3,})(jährig)", regex.I)
_BETWEEN = "\n.\n"
"""Separator of messages: a phrase does not continue in the next message."""
_NEAR, _NEXT = 25, 1


def reasons(*messages: str, without: frozenset[str] = frozenset()) -> list[Handover]:
    """Return why a person must decide on a customer's messages, in the order of `Handover`; empty if no list matches.

    `without` holds the ids of reasons to skip, for instance `handover.refund`.
    """
    return [reason for reason in _reasons(messages) if f"handover.{reason}" not in without]


@lru_cache(maxsize=8)
def _reasons(messages: tuple[str, ...]) -> list[Handover]:
    text = _without_harmless(_ADDRESS.sub(" ", normalised(_BETWEEN.join(messages))))
    return [reason for reason in Handover if find(text, "handover", reason) or _young(text, reason)]


def _without_harmless(text: str) -> str:
    """Return `text` without people and places that are only mentioned: a doctor next door, a friend who is a lawyer."""
    harmless = find(text, "handover", "harmless")
    starts, ends = [0, *(span.end for span in harmless)], [*(span.start for span in harmless), len(text)]
    return " ".join(text[start:end] for start, end in zip(starts, ends, strict=True))


def _young(text: str, reason: Handover) -> bool:
    """Return whether the text is about somebody under eighteen: a child's age, or the writer's own."""
    if reason is not Handover.MINOR:
        return False
    plain = with_all_digits(_GERMAN_AGE.sub(r"\1 \2", text.replace("-", " ")))
    ages = [Span(*found.span()) for found in _AGE.finditer(plain)]
    return bool(ages) and (_beside(plain, ages, "child", _NEAR) or _follows(plain, ages))


def _beside(text: str, ages: Iterable[Span], group: str, characters: int) -> bool:
    return bool(near(text, ages, find(text, "handover", group), characters=characters))


def _follows(text: str, ages: Iterable[Span]) -> bool:
    ends = {span.end for span in find(text, "handover", "my_age")}
    return any(age.start - gap in ends for age in ages for gap in range(_NEXT + 1))
