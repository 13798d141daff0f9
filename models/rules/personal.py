"""Finds personal data in a customer's messages and checks that a reply does not repeat it.

Detected: card numbers (Luhn), IBANs, phone numbers, email addresses, order, account and document numbers, full dates,
street addresses, and names that the context marks as names. The business's own data from its brief is not personal, and
a reply may greet the customer by first name.
"""

from collections.abc import Iterable
from typing import NamedTuple

import regex

from models.grounding import normalised
from models.rules.addresses import addresses
from models.rules.dates import FoundDate, dates_in, is_said
from models.rules.finders import phones
from models.rules.names import names
from models.vocabulary import Violation

_EMAIL = regex.compile(r"(?<![\w.+-])[\w.+-]++@[\w-]++(?:\.[\w-]++)+")
_CARD = regex.compile(r"(?<![\w-])\d(?:[ -]?\d){12,18}(?![\w-])")
_IBAN = regex.compile(r"(?<!\w)[A-Z]{2}\d{2}(?:[ ]?[A-Z0-9]){11,30}(?!\w)")
_DOCUMENT = regex.compile(
    r"(?<![\w@./-])(?=[A-Z]*\d)(?=[\d]*[A-Z])[A-Z0-9]{6,20}(?!\w)|(?<!\w)[A-Z]{2}(?: ?\d{2}){3} ?[A-D](?!\w)"
)
_NUMBERED = regex.compile(
    r"(?:[#№]|(?<!\w)(?:no\.?|nr\.?|n°|n\.º|nº|numéro|nummer|number|número))\s?(?P<number>\d{3,12})(?!\d)", regex.I
)
_NUMBER = regex.compile(r"(?<![\d.,])\d{5,}(?![.,]?\d)")
_DIGITS = regex.compile(r"\d(?:[\s.,()/+–-]{0,2}\d)*+")
_GREETING = regex.compile(r"^[^\n,.!?:;،、。！]{0,60}")
_LAST_OF_CARD, _NATIONAL = 4, 8
_DECLINED = 5
"""Minimum length, in letters, of a name that may take a grammatical ending."""


class PersonalData(NamedTuple):
    """The personal data in some texts."""

    cards: list[str]
    """Digits of payment card numbers."""
    numbers: list[str]
    """Digits of all other numbers: phones, accounts, orders, documents."""
    codes: list[str]
    """Email addresses and alphanumeric document numbers, in lower case without spaces."""
    names: list[str]
    """Surnames, other people's names, and streets."""
    first_names: list[str]
    """First names of the writer, which are allowed in a greeting."""
    dates: list[FoundDate]
    """Dates with a year, such as a birth date or an appointment."""


def personal_data(texts: Iterable[str]) -> PersonalData:
    """Return the personal data in a customer's messages."""
    found = PersonalData([], [], [], [], [], [])
    for text in map(normalised, texts):
        codes = [match[0] for pattern in (_EMAIL, _IBAN, _DOCUMENT) for match in pattern.finditer(text)]
        found.cards.extend(digits for match in _CARD.finditer(text) if _is_card(digits := _only_digits(match[0])))
        found.numbers.extend(_numbers(text))
        found.codes.extend(map(_spelt, codes))
        found.names.extend(addresses(text).values())
        found.dates.extend(date for date in dates_in(text) if any(reading[0] for reading in date.readings))
        for name in names(text):
            found.names.extend(name.rest)
            found.first_names.extend([name.first] if name.first else [])
    return found


def repeated(path: str, text: str, personal: PersonalData, *, stated: Iterable[str]) -> list[Violation]:
    """Return a violation for each kind of `personal` data that `text` repeats; `stated` is the business's own data.

    The messages name the kind of data, never the data.
    """
    said, own = normalised(text), normalised("\n".join(stated))
    kinds = {
        "card number": any(_has_card(said, card) for card in personal.cards),
        "phone, order or account number": _repeats_number(said, own, personal.numbers),
        "email, code or document": any(code in _spelt(said) and code not in _spelt(own) for code in personal.codes),
        "name or address": _repeats_name(said, own, personal.names)
        or _repeats_name(_GREETING.sub("", said, count=1), own, personal.first_names),
        "date": _repeats_date(said, own, personal.dates),
    }
    return [_violation(path, kind) for kind, is_repeated in kinds.items() if is_repeated]


def _numbers(text: str) -> list[str]:
    found = [text[span.start : span.end] for span in phones(text)]
    found += [match[0] for pattern in (_NUMBER, _IBAN, _CARD) for match in pattern.finditer(text)]
    return [_only_digits(number) for number in found] + [match["number"] for match in _NUMBERED.finditer(text)]


def _only_digits(text: str) -> str:
    return "".join(character for character in text if character.isdigit())


def _spelt(text: str) -> str:
    return text.replace(" ", "").casefold()


def _is_card(digits: str) -> bool:
    """Return whether the digits pass the Luhn check."""
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits))]
    return len(set(digits)) > 1 and sum(number - 9 * (number > 9) for number in doubled) % 10 == 0


def _runs(text: str) -> list[str]:
    return [_only_digits(match[0]) for match in _DIGITS.finditer(text)]


def _has_card(said: str, card: str) -> bool:
    runs = [_only_digits(match[0]) for match in regex.finditer(r"\d++", said)]
    return card[-_LAST_OF_CARD:] in runs or any(card in run for run in _runs(said))


def _repeats_number(said: str, own: str, numbers: Iterable[str]) -> bool:
    runs, known = _runs(said), _runs(own)
    # A number may be repeated without its country code.
    parts = (number[-_NATIONAL:] for number in numbers)
    return any(_is_among(part, runs) and not _is_among(part, known) for part in parts)


def _is_among(number: str, runs: Iterable[str]) -> bool:
    return any(number == run if len(number) < _NATIONAL else number in run for run in runs)


def _repeats_name(said: str, own: str, found: Iterable[str]) -> bool:
    return any(_has_name(said, name) and not _has_name(own, name) for name in set(found))


def _has_name(text: str, name: str) -> bool:
    """Return whether a text contains a name, capitalised as a name: Will, May and Long are also words."""
    if name[0].upper() == name[0].lower():
        return name in text
    ending = r"\w{0,2}" if len(name) >= _DECLINED else ""
    return (
        regex.search(rf"(?<!\w)(?:{regex.escape(name)}|{regex.escape(name.upper())}){ending}(?!\w)", text) is not None
    )


def _repeats_date(said: str, own: str, dates: Iterable[FoundDate]) -> bool:
    known = [*dates]
    again = [date for date in dates_in(said) if is_said(date, known)] if known else []
    return any(not is_said(date, dates_in(own)) for date in again)


def _violation(path: str, kind: str) -> Violation:
    fix = "leave it out"
    message = f"it repeats personal data ({kind}) from the customer's message: {fix}"
    return Violation(rule_id="reply.personal", severity="hard", path=path, message=message, fix=fix)
