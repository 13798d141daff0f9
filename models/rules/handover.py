"""What of a customer's message a person must decide on, as far as word lists can see it: never a machine alone.

The lists are made to miss little: they also find a customer who only asks how refunds work. They know seventeen
languages, and all of them are searched in every message, since a short one doesn't tell its own.
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
    r"|lat(?!\w)|lata|år|років|роки|рік|річн\w*+|歳|才|살|세|saal|سنة|سنوات|عام|שנים)|\s?$|\s?[,.!?](?!\d))",
    regex.I,
)
_ADDRESS = regex.compile(r"https?://\S++|(?<![\w.+-])[\w.+-]*+@[\w.-]++", regex.I)
_NEAR, _NEXT = 25, 1


def reasons(*messages: str) -> list[Handover]:
    """Return why a person must decide on what a customer wrote, in the order of `Handover`; empty: no list says so."""
    return [*_reasons(messages)]


@lru_cache(maxsize=8)
def _reasons(messages: tuple[str, ...]) -> list[Handover]:
    texts = [_ADDRESS.sub(" ", normalised(message)) for message in messages]
    return [
        reason for reason in Handover if any(find(text, "handover", reason) or _young(text, reason) for text in texts)
    ]


def _young(text: str, reason: Handover) -> bool:
    """Whether somebody below eighteen is spoken of: an age beside a child, or one's own."""
    if reason is not Handover.MINOR:
        return False
    plain = with_all_digits(text)
    ages = [Span(*found.span()) for found in _AGE.finditer(plain)]
    return bool(ages) and (_beside(plain, ages, "child", _NEAR) or _follows(plain, ages))


def _beside(text: str, ages: Iterable[Span], group: str, characters: int) -> bool:
    return bool(near(text, ages, find(text, "handover", group), characters=characters))


def _follows(text: str, ages: Iterable[Span]) -> bool:
    ends = {span.end for span in find(text, "handover", "my_age")}
    return any(age.start - gap in ends for age in ages for gap in range(_NEXT + 1))
