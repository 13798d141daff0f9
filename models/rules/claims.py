"""Grounding of claims that cannot be looked up as a number or a link: dates, awards, reviews, star ratings, quotes."""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

import regex

from models.domains import Span
from models.grounding import normalised
from models.rules.dates import dates_in, is_said
from models.rules.deadlines import deadlines
from models.rules.lexicons import find
from models.rules.nearness import near
from models.rules.number_words import with_digits
from models.vocabulary import Violation

_STAR_WORD = (
    r"stars?|étoiles?|sterne?n?|estrellas?|stell[ae]|sterren|ster|estrelas?|gwiazd(?:ki|ek|ka|kowy|kowa)?"
    r"|stjärn(?:or|iga|ig)|зір(?:ок|ки)|כוכבים|نجوم"
)
_OUT_OF = r"/|out of|sur|von|de|su|van de|z|av|из|з"
_STARS = regex.compile(
    rf"(?<![\d.,])(?P<words>[0-5](?:[.,]\d)?)[\s-]?(?:{_STAR_WORD})(?!\w)|(?P<words>[0-5][.,]\d)\s?(?:{_OUT_OF})\s?5(?![\d.,]\d|\d)"
    r"|(?<![\d.,])(?P<words>\d[.,]\d)\s?/\s?10(?![\d.,]\d|\d)|(?:[★⭐]|별점|평점)\s?(?P<words>[0-5][.,]\d)(?!\d)|(?P<words>[0-5](?:[.,]\d)?)\s?つ星|(?P<signs>(?:[★⭐🌟]\ufe0f?){3,5})",
    regex.I,
)
_STAR_PART = re.compile(r"[0-9★⭐🌟](?:(?<=[★⭐🌟])|[\s-]?[^\W\d_]|[.,]\d)")
"""A cheap test that every rating matches; most texts fail it and need no further search."""
_THOUSAND = r"(?:k|mil|mila|mille|thousand|tausend|tysięcy|tys\.|tusen|duizend|тис\.|тисяч|万|만|천|ألف|אלף)(?!\w)"
_COUNT = regex.compile(
    rf"(?<![\w.,])(?:\d{{1,3}}(?:[.,]\d)?\s?(?P<thousand>{_THOUSAND})"
    r"|\d{1,3}(?:[ .,'’]\d{3})++(?!\d)|\d{2,}+(?![.,]?\d))"
)
_COUNT_AFTER_NOUN = regex.compile(r"(?:口コミ|レビュー|리뷰|후기)\s?[はが数:：]{0,2}\s?\d[\d,]{1,9}\s?(?:件|개)")
_GRAND = regex.compile(
    r"(?<!\w)(?:(?:thousands|hundreds|millions) of|(?:des )?(?:milliers|centaines) d[e']|tausende|hunderte"
    r"|(?:miles|cientos) de|(?:migliaia|centinaia) di|duizenden|honderden|(?:milhares|centenas) de|tysiące|tysięcy"
    r"|setki|tusentals|hundratals|(?:(?:\p{L}+\s)?(?:thousand|hundred|million)|mille|mil|\p{L}*tausend|\p{L}*hundert"
    r"|آلاف|مئات|ملايين|אלפי|מאות|тисячі|сотні|duizend|honderd|tysiąc|tusen|hundra)(?!\w)(?!\s(?:thank|merci|gracias|grazie|dank|tack|obrigad|dzięk)))",
    regex.I,
)
_OF_THE_YEAR = regex.compile(
    r"(?<!\w)(?!Time|Day|Night|Season|Month|Part|Week|End|Rest)\p{Lu}\p{Ll}+ of the Year(?!\w)"
)
_QUOTE = regex.compile(
    r'"(?P<said>[^"\n]{2,300})"|“(?P<said>[^“”\n]{2,300})”|„(?P<said>[^„“”\n]{2,300})[“”]|«(?P<said>[^«»\n]{2,300})»'
    r"|»(?P<said>[^«»\n]{2,300})«|”(?P<said>[^”\n]{2,300})”|(?<!\w)״(?P<said>[^״\n]{2,300})״(?!\w)|「(?P<said>[^「」\n]{2,300})」"
)
_SIGNED = regex.compile(
    r"[\s,.!]{0,3}(?:[-–—~]\s?\p{Lu}\p{Ll}+(?:\s\p{Lu}[\p{Ll}.]{0,20}|\s(?:e|et|und|and|y|en|och|i|&)\s\p{Lu}\p{Ll}+)?\s?(?:$|[\n,.)\d])|\(\p{Lu}\p{Ll}+(?:\s\p{Lu}[\p{Ll}.]{0,20})?[,)])"
)
_NAMED = regex.compile(r"\p{Lu}\p{Ll}+\s*$")
_AROUND = 40
_REACH = 18


class _Kind(NamedTuple):
    name: str
    unsupported: Callable[[str, str, str], list[Span]]
    """Takes a text, the business's statements and its reviews; returns the spans that neither supports."""
    fix: str


def unsupported(
    texts: Mapping[str, str],
    *,
    stated: Iterable[str],
    reviews: Iterable[str] = (),
    without: frozenset[str] = frozenset(),
) -> list[Violation]:
    """Return the dates, awards, opinions and quotes in `texts` (path to text) that the brief does not support.

    `stated` holds the business's statements. `reviews` support only star ratings and quotes. `without` holds the ids
    of rules to skip.
    """
    said, reviewed = _joined(tuple(stated)), _joined(tuple(reviews))
    plain = {path: _plain(text) for path, text in texts.items()}
    kinds = [kind for kind in _KINDS if f"ground.{kind.name}" not in without]
    return [
        Violation(
            rule_id=f"ground.{kind.name}",
            severity="hard",
            path=path,
            message=f"{kind.name} {text[span.start : span.end]!r} is not in the brief: {kind.fix}",
            fix=kind.fix,
        )
        for path, text in plain.items()
        for kind in kinds
        for span in kind.unsupported(text, said, reviewed)
    ]


@lru_cache(maxsize=128)
def _joined(texts: tuple[str, ...]) -> str:
    """Return the normalised texts as one; cached, since all posts of a business share them."""
    return _plain("\n".join(texts))


def _plain(text: str) -> str:
    return with_digits(normalised(text))


def _dates(text: str, stated: str, reviewed: str) -> list[Span]:
    found = dates_in(text)
    known = dates_in(stated) if found else []
    return [*(date.span for date in found if not is_said(date, known)), *deadlines(text, stated)]


def _awards(text: str, stated: str, reviewed: str) -> list[Span]:
    found = {group: find(text, "praise", group) for group in ("award", "number_one")}
    of_the_year = [Span(*title.span()) for title in _OF_THE_YEAR.finditer(text)]
    found["award"] += [] if _OF_THE_YEAR.search(stated) else of_the_year
    return [span for group, spans in found.items() if spans and not find(stated, "praise", group) for span in spans]


def _stars(text: str, stated: str, reviewed: str) -> list[Span]:
    found = list(_STARS.finditer(text)) if _STAR_PART.search(text) else []
    known = {_rating(star) for star in _STARS.finditer(f"{stated}\n{reviewed}")} if found else set[float]()
    return [Span(*star.span()) for star in found if _rating(star) not in known]


def _rating(found: regex.Match[str]) -> float:
    return float(found["words"].replace(",", ".")) if found["words"] else len(found["signs"].replace("\ufe0f", ""))


def _opinions(text: str, stated: str, reviewed: str) -> list[Span]:
    """Return the counts of reviews and customers that are not stated."""
    nouns = find(text, "praise", "opinions")
    if not nouns:
        return []
    known = {_counted(found) for found in _COUNT.finditer(stated)}
    known |= {_digits(found[0]) for found in _COUNT_AFTER_NOUN.finditer(stated)}
    counts = [Span(*found.span()) for found in _COUNT.finditer(text) if _counted(found) not in known]
    grand = [] if _GRAND.search(stated) else [Span(*found.span()) for found in _GRAND.finditer(text)]
    starts = {number.start for number in (*counts, *grand)}
    after = [Span(*found.span()) for found in _COUNT_AFTER_NOUN.finditer(text) if _digits(found[0]) not in known]
    return [pair for pair in near(text, [*counts, *grand], nouns, characters=_REACH) if pair.start in starts] + after


def _counted(found: regex.Match[str]) -> str:
    return _digits(found[0]) + ("000" if found["thousand"] else "")


def _digits(number: str) -> str:
    return "".join(character for character in number if character.isdigit())


def _quotes(text: str, stated: str, reviewed: str) -> list[Span]:
    quotes = [quote for quote in _QUOTE.finditer(text) if _is_speech(text, quote)]
    known = _letters(f"{stated}\n{reviewed}") if quotes else ""
    return [Span(*quote.span()) for quote in quotes if _letters(quote["said"]) not in known]


def _is_speech(text: str, quote: regex.Match[str]) -> bool:
    """Return whether a quote is presented as somebody's words: signed, introduced by a verb of saying, or praise."""
    before, after = text[max(0, quote.start() - _AROUND) : quote.start()], text[quote.end() : quote.end() + _AROUND]
    is_question = quote["said"].rstrip().endswith(("?", "？"))
    is_delighted = bool(find(quote["said"], "praise", "delight")) and not is_question
    return is_delighted or bool(_SIGNED.match(after)) or _names_speaker(before) or _tells_speaker(after)


def _names_speaker(before: str) -> bool:
    """Return whether the text before a quote names the speaker: a customer, or a name with a verb of saying."""
    clause = before.rpartition("\n")[2].rstrip(" :,")
    saying = find(clause, "praise", "saying")
    says = bool(saying) and saying[-1].end == len(clause)
    is_named = says and bool(_NAMED.search(clause[: saying[-1].start]))
    return is_named or (before.rstrip().endswith(":") and bool(find(_last_sentence(clause), "praise", "customers")))


def _tells_speaker(after: str) -> bool:
    saying = find(after, "praise", "saying")
    tells = bool(saying) and not regex.search(r"\w", after[: saying[0].start])
    return tells or bool(find(after, "praise", "others_say"))


def _last_sentence(text: str) -> str:
    return regex.split(r"[.!?…]\s", text)[-1]


def _letters(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())


_KINDS = (
    _Kind("date", _dates, "name only dates from the brief"),
    _Kind("award", _awards, "name only awards and ranks from the brief"),
    _Kind("stars", _stars, "name only ratings from the reviews"),
    _Kind("review", _opinions, "leave the number out"),
    _Kind("quote", _quotes, "quote only the reviews, word for word"),
)
