"""Grounding: prices, links and similar values in an output must be in the brief, or the output is not published.

Covers links, email addresses, handles, phone numbers, percentages, prices and coupon codes, with the numbers of every
script and number words, normalised. Dates, awards, opinions and quotes are in `models.rules.claims`, legal claims in
`models.rules.compliance`, gifts ("free") in `models.rules.gifts`.

Every pattern starts once in a run of its characters and backtracks over a bounded span, so the work is linear in the
length of the text, hostile texts included.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from models.folding import folded, holds
from models.normalising import normal_form
from models.rules.number_words import with_digits
from models.vocabulary import Violation

_NUMBER = r"(?<!\d)(?:\d{1,3}(?:[ .,'’]\d{3}(?!\d)){1,4}|\d++)(?:[.,]\d{1,2}(?!\d))?"
_LETTER = r"[^\W\d_]"
_PARTED = r"[^\W\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
"""A letter or digit of a script that parts words: Chinese, Japanese and Korean go on without a space."""
_JOINED = rf"(?<![.,-])(?<!{_PARTED})"
_END = r"(?![-\da-zA-Z_\u00c0-\u024f\u0400-\u04ff])"
"""Boundaries of a number or a code."""
_SIGN = r"[$€£¥₹₴₩₪₺₽₫฿₦₱₵₸₾]"
_ISO_4217 = r"USD|EUR|GBP|JPY|INR|UAH|KRW|ILS|SEK|NOK|DKK|CHF|AED|SAR|MXN|BRL|CAD|AUD|PLN|NGN|CZK|HUF|TRY|CNY"
# ALL, the lek, only after the number: "ALL 30 days" is no price
_BEFORE = rf"(?:{_SIGN}|(?<!{_LETTER})(?:(?-i:{_ISO_4217})|euros?|kr\.?|rs\.?))"
_AFTER = (
    rf"(?:{_SIGN}|[円元원]|[,:][-–]|(?:(?-i:{_ISO_4217}|ALL)|dollars?|euros?|pounds?|pesos?|reais|francs?|franken"
    rf"|rupees?|rupaye|yen|naira|shekels?|dirhams?|kr|kronor|kroner|zł|złotych|грн|гривень|гривні|درهم|ש״ח|שקלים|₪)(?!{_LETTER}))"
)
_PERCENT = (
    r"(?:[%٪]|percent\b|per cent\b|pour ?cent\b|prozent\b|por ciento\b|por cento\b|per cento\b|procent|відсот"
    r"|パーセント|퍼센트|אחוז|بالمئة|بالمائة|في المئة)"
)
_TLD = (
    r"(?:com|net|org|info|biz|io|co|app|shop|store|example|eu|us|ca|mx|br|au|in|jp|kr|ng|fr|de|uk|it|es|pt|nl|se|pl|ae"
    r"|il|ua|al|ly|me|gg|xyz|online|site|top|link|club|live|ru|cn|tv|ai|dev|page|click|be|ch|at|dk|cz)"
)
_LABEL = r"[a-z0-9\u00c0-\u024f\u0400-\u04ff-]"
_IN_URL = r"[^\s<>\"')\]\u3000-\u9fff\uac00-\ud7af]"
"""Characters of a link; Chinese, Japanese and Korean text follows a link without a space."""

_LINK = re.compile(
    rf"https?://{_IN_URL}+|\bwww\.{_IN_URL}+"
    rf"|(?<![@.]|{_LABEL})(?:{_LABEL}++\.)+(?:{_TLD}(?!{_LABEL})(?:/{_IN_URL}*)?|[a-z]{{2,24}}/{_IN_URL}+)",
    re.I,
)
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]++@[\w-]++(?:\.[\w-]++)+")
_HANDLE = re.compile(rf"(?<![@./])(?<!{_PARTED})@{_PARTED}(?:{_PARTED}|\.)+")
_PERCENTAGE = re.compile(rf"({_NUMBER})\s{{0,2}}{_PERCENT}|[%٪]\s{{0,2}}({_NUMBER})", re.I)
_PRICE = re.compile(rf"{_BEFORE}\s{{0,2}}({_NUMBER})|({_NUMBER})\s{{0,2}}{_AFTER}", re.I)
_CODE = re.compile(rf"(?<![\w#@/.-])(?=[A-Z0-9-]*[A-Z])(?=[A-Z0-9-]*\d)[A-Z0-9]++(?:-[A-Z0-9]++)*{_END}")
_CODE_WORD = (
    r"codes?(?: promo| sconto| cadeau| de reducción)?|coupons?|vouchers?|promo ?codes?|gutschein(?:code)?|rabattcode"
    r"|aktionscode|código|códigos|cup[óo]n|cupom|codice(?: sconto| promo)?|kortingscode|kod(?:em|u|y)?|koden|rabattkod"
    r"|код|промокод|クーポン(?:コード)?|コード|쿠폰|코드|كود|الكود|رمز|קוד|קופון"
)
_NAMED_CODE = re.compile(
    rf"{_JOINED}(?i:(?<!qr )(?<!dress )(?<!zip )(?<!postal )(?<!pin )(?:{_CODE_WORD}))"
    r"(?:\s?[:：=]|\s(?i:is|ist|est|es|è|to|jest))?"
    rf"\s?[\"'“”„«»「『]?\s?(?P<code>[A-Z][A-Z0-9]{{3,23}}(?:-[A-Z0-9]+)*){_END}"
)
"""A code of letters only, marked as a code by a word before it."""
_CODE_LENGTH = range(4, 25)
_NO_CODE = re.compile(rf"\d++(?:AM|PM|H\d*|KM|KG|ML|CM|MM)|(?:{_ISO_4217})\d++|\d++(?:{_ISO_4217})|\d++|[A-Z]{{1,2}}")
"""Hours, measures and prices, which resemble codes."""

_PHONE = re.compile(
    rf"{_JOINED}(?:\+?\d(?:[ ().-]{{0,2}}\d){{7,18}}|0\d{{1,5}} ?/ ?\d(?:[ -]?\d){{4,9}}|\d{{3}}[-.]\d{{4}}){_END}"
)
_DAY, _MONTH, _YEAR = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:0?[1-9]|1[0-2])", r"(?:19|20)\d\d"
_HOUR = r"(?:[01]?\d|2[0-4])[.:h][0-5]\d"
_NO_PHONE = re.compile(
    rf"(?<!\d)(?:{_YEAR}-\d\d-\d\d|(?:{_DAY}([. /-]){_MONTH}\1|{_MONTH}([. /-]){_DAY}\2){_YEAR}"
    rf"|{_DAY}\. ?{_MONTH}\.(?: ?{_YEAR})?"
    rf"|{_HOUR} ?[-–] ?{_HOUR}|{_YEAR} ?[-–/] ?{_YEAR})(?!\d)"
)
"""Dates, opening hours and year ranges, which resemble phone numbers."""


# Cheap tests that every match of a kind passes; most texts fail them and need no further search.
_LINK_PART = re.compile(r"[.:][^\s]")
_HIDDEN_DOT = re.compile(r"\[\.\]|\(\.\)|\{\.\}|\[dot\]|\(dot\)", re.I)
_HIDDEN_SCHEME = re.compile(r"\bhxxp", re.I)
_PHONE_PART = re.compile(r"\d[ ()./-]{0,2}\d")
_CODE_PART = re.compile(r"[A-Z0-9][A-Z0-9-]{3}")
_DIGIT = re.compile(r"\d")
_PERCENT_PARTS = tuple("% ٪ cent prozent ciento відсот パーセント 퍼센트 אחוז بالمئة بالمائة المئة".split())
_PRICE_BEFORE_PART = re.compile(rf"\d\s{{0,2}}(?:{_SIGN}|{_LETTER}|[,:][-–])")
_PRICE_AFTER_PART = re.compile(rf"[A-Zosrſ.{_SIGN[1:]}\s{{0,2}}\d")

_SEPARATORS = str.maketrans("٫٬", ".,")
_FOREIGN_DIGIT = re.compile(r"[^\D0-9]")


class _Kind(NamedTuple):
    name: str
    find: Callable[[str], list[str]]
    known: Callable[[str], Iterable[str]]
    fix: str


def ungrounded(
    texts: Mapping[str, str],
    *,
    stated: Iterable[str],
    links: Iterable[str],
    without: frozenset[str] = frozenset(),
) -> list[Violation]:
    """Return a violation for each value in `texts` (path to text) that no text of `stated` contains, in order.

    `links` are the only texts whose links may be published. `without` holds the ids of rules to skip.
    """
    said, linked = tuple(stated), tuple(links)
    kinds = [kind for kind in _KINDS if f"ground.{kind.name}" not in without]
    return [
        Violation(
            rule_id=f"ground.{kind.name}",
            severity="hard",
            path=path,
            message=f"{kind.name} {value!r} is not in the brief: {kind.fix}",
            fix=kind.fix,
        )
        for path, text in ((path, normalised(text)) for path, text in texts.items())
        for kind in kinds
        for value in kind.find(text)
        if value not in _known(kind, linked if kind is _LINKS else said)
    ]


@lru_cache(maxsize=256)
def _known(kind: _Kind, stated: tuple[str, ...]) -> frozenset[str]:
    """Return the values in a business's own texts; cached, since all its posts share them, and computed when needed."""
    return frozenset(kind.known(normalised("\n".join(stated))))


@lru_cache(maxsize=32)
def normalised(text: str) -> str:
    """Return `text` in NFKC, with the decimal digits and separators of every script as ASCII."""
    if text.isascii():
        return text
    compatible = normal_form("NFKC", text).translate(_SEPARATORS)
    return _FOREIGN_DIGIT.sub(lambda found: str(unicodedata.decimal(found[0])), compatible)


def _links(text: str) -> list[str]:
    text = _defanged(text)
    if not _LINK_PART.search(text):
        return []
    bare = _EMAIL.sub(" ", text) if "@" in text else text
    return [_bare_link(match[0]) for match in _LINK.finditer(bare)]


def _defanged(text: str) -> str:
    """Return `text` with obfuscated links (`hxxp://evil[.]com`) restored."""
    return _HIDDEN_SCHEME.sub("http", _HIDDEN_DOT.sub(".", text)) if _HIDDEN_DOT.search(text) else text


def _bare_link(link: str) -> str:
    """Return a link without scheme, `www.`, trailing punctuation and slash, so that its spellings are equal."""
    return re.sub(r"^(?:https?://)?(?:www\.)?", "", link.rstrip(".,;:!?…"), flags=re.I).rstrip("/").casefold()


def _known_links(text: str) -> list[str]:
    """Return the known links and their bare domains, which may be named wherever the links may."""
    links = _links(text)
    return [*links, *(link.partition("/")[0] for link in links)]


def _emails(text: str) -> list[str]:
    return [match[0].strip(".+-").casefold() for match in _EMAIL.finditer(text)] if "@" in text else []


def _handles(text: str) -> list[str]:
    return [match[0].rstrip(".").casefold() for match in _HANDLE.finditer(text)] if "@" in text else []


def _phones(text: str) -> list[str]:
    if not _PHONE_PART.search(text):
        return []
    return [re.sub(r"\D", "", match[0]) for match in _PHONE.finditer(_NO_PHONE.sub("|", text))]


def _percentages(text: str) -> list[str]:
    plain = with_digits(text)
    return _amounts(_PERCENTAGE, plain) if _DIGIT.search(plain) and holds(folded(plain), _PERCENT_PARTS) else []


def _prices(text: str) -> list[str]:
    plain = with_digits(text)
    return _amounts(_PRICE, plain) if _has_price_part(plain) else []


def _has_price_part(text: str) -> bool:
    return bool(_PRICE_BEFORE_PART.search(text) or _PRICE_AFTER_PART.search(text))


def _amounts(pattern: re.Pattern[str], text: str) -> list[str]:
    return [_amount(next(group for group in match.groups() if group)) for match in pattern.finditer(text)]


def _amount(number: str) -> str:
    """Return a number in canonical form: `1 234,50`, `1,234.50` and `1234.5` are equal."""
    plain = re.sub(r"[ '’]", "", number)
    plain = re.sub(r"[.,](?=\d{3}(?:\D|$))", "", plain).replace(",", ".")
    return f"{Decimal(plain).normalize():f}"


def codes_in(text: str) -> list[str]:
    """Return the coupon codes of a text."""
    if not _CODE_PART.search(text):
        return []
    found = [match[0] for match in _CODE.finditer(text) if len(match[0]) in _CODE_LENGTH]
    codes = [code for code in found if not all(_NO_CODE.fullmatch(part) for part in code.split("-"))]
    return list(dict.fromkeys([*codes, *(match["code"] for match in _NAMED_CODE.finditer(text))]))


def _known_codes(text: str) -> list[str]:
    return [*codes_in(text), *re.findall(r"\w+", text)]


_LINKS = _Kind("link", _links, _known_links, "leave links out, they are put in by code")
_KINDS = (
    _LINKS,
    _Kind("email", _emails, _emails, "leave it out"),
    _Kind("handle", _handles, _handles, "leave it out"),
    _Kind("phone", _phones, _phones, "leave it out"),
    _Kind("percentage", _percentages, _percentages, "name only discounts from the offers, or write without one"),
    _Kind("price", _prices, _prices, "name only prices from the brief, or write without a price"),
    _Kind("code", codes_in, _known_codes, "name only codes from the offers, or write without one"),
)
