"""Grounding: what an output says of prices, links and the like stands in the brief, or is not published.

The first line of defence: links, e-mail addresses, handles, phone numbers, percentages, prices and coupon codes, with
numbers of every script normalised. Reviews, awards, dates and legal claims are not covered here.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from models.vocabulary import Violation

_NUMBER = r"\d+(?:[  .,'’]\d{3})*(?:[.,]\d{1,2})?"
_CURRENCY = (
    r"[$€£¥₹₴₩₪₺₽₫฿]|USD|EUR|GBP|JPY|INR|UAH|KRW|ILS|SEK|NOK|DKK|CHF|AED|SAR|MXN|BRL|CAD|AUD|PLN|NGN|ALL"
    r"|dollars?|euros?|pounds?|pesos?|kr|zł|грн|円|元|원|درهم|ש״ח"
)
_PERCENT = r"%|٪|％|percent\b|per cent\b|pour ?cent\b|prozent\b|por ciento\b|por cento\b|per cento\b|procent\b|відсотк"
_TLD = (
    r"(?:com|net|org|info|biz|io|co|app|shop|store|example|eu|us|ca|mx|br|au|in|jp|kr|ng"
    r"|fr|de|uk|it|es|pt|nl|se|pl|ae|il|ua|al)"
)

_LINK = re.compile(
    rf"https?://[^\s<>\"')\]]+|\bwww\.[^\s<>\"')\]]+|(?<![@\w.-])(?:[\w-]+\.)+{_TLD}(?![\w-])(?:/[^\s<>\"')\]]*)?", re.I
)
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_HANDLE = re.compile(r"(?<![\w@./])@\w[\w.]{1,}")
_PHONE = re.compile(r"(?<![\w.,-])\+?\d(?:[ ().-]{0,2}\d){7,18}(?![\w-])")
_PERCENTAGE = re.compile(rf"({_NUMBER})\s?(?:{_PERCENT})|(?:%|٪)\s?({_NUMBER})", re.I)
_PRICE = re.compile(rf"(?:{_CURRENCY})\s?({_NUMBER})|({_NUMBER})\s?(?:{_CURRENCY})(?!\w)", re.I)
_CODE = re.compile(r"(?<![\w#@/.-])(?=[A-Z0-9]*[A-Z])(?=[A-Z0-9]*\d)[A-Z0-9]{4,20}(?![\w-])")
_ISO_DATE = re.compile(r"\d{4}-\d\d-\d\d")


class _Kind(NamedTuple):
    name: str
    find: Callable[[str], list[str]]
    known: Callable[[str], Iterable[str]]
    fix: str


def ungrounded(texts: Mapping[str, str], *, trusted: Iterable[str]) -> list[Violation]:
    """Return what `texts` (path to text) promise that no trusted text says, in the order found."""
    known_text = normalised("\n".join(trusted))
    known = {kind.name: set(kind.known(known_text)) for kind in _KINDS}
    return [
        Violation(
            rule_id=f"ground.{kind.name}",
            severity="hard",
            path=path,
            message=f"{kind.name} {value!r} is not in the brief: {kind.fix}",
        )
        for path, text in texts.items()
        for kind in _KINDS
        for value in kind.find(normalised(text))
        if value not in known[kind.name]
    ]


def normalised(text: str) -> str:
    """Return `text` in NFKC with decimal digits of every script as ASCII."""
    compatible = unicodedata.normalize("NFKC", text)
    return "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in compatible)


def _links(text: str) -> list[str]:
    bare = _EMAIL.sub(" ", text)
    return [_bare_link(match[0]) for match in _LINK.finditer(bare)]


def _bare_link(link: str) -> str:
    """Return a link without scheme, `www.`, closing punctuation and slash: readers type it either way."""
    return re.sub(r"^(?:https?://)?(?:www\.)?", "", link.rstrip(".,;:!?…"), flags=re.I).rstrip("/").casefold()


def _known_links(text: str) -> list[str]:
    """A link's bare domain may be named wherever the link may."""
    links = _links(text)
    return [*links, *(link.partition("/")[0] for link in links)]


def _emails(text: str) -> list[str]:
    return [match[0].rstrip(".").casefold() for match in _EMAIL.finditer(text)]


def _handles(text: str) -> list[str]:
    return [match[0].rstrip(".").casefold() for match in _HANDLE.finditer(text)]


def _phones(text: str) -> list[str]:
    return [re.sub(r"\D", "", match[0]) for match in _PHONE.finditer(_ISO_DATE.sub(" ", text))]


def _amounts(pattern: re.Pattern[str]) -> Callable[[str], list[str]]:
    def find(text: str) -> list[str]:
        return [_amount(next(group for group in match.groups() if group)) for match in pattern.finditer(text)]

    return find


def _amount(number: str) -> str:
    """Return a number in one spelling: `1 234,50`, `1,234.50` and `1234.5` are the same."""
    plain = re.sub(r"[  '’]", "", number)
    plain = re.sub(r"[.,](?=\d{3}(?:\D|$))", "", plain).replace(",", ".")
    try:
        return f"{Decimal(plain).normalize():f}"
    except InvalidOperation:
        return number


def _codes(text: str) -> list[str]:
    return [match[0] for match in _CODE.finditer(text)]


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


_KINDS = (
    _Kind("link", _links, _known_links, "leave links out, they are put in by code"),
    _Kind("email", _emails, _emails, "leave it out"),
    _Kind("handle", _handles, _handles, "leave it out"),
    _Kind("phone", _phones, _phones, "leave it out"),
    _Kind("percentage", _amounts(_PERCENTAGE), _amounts(_PERCENTAGE), "name only discounts from the offers"),
    _Kind("price", _amounts(_PRICE), _amounts(_PRICE), "name only prices from the brief"),
    _Kind("code", _codes, _words, "name only codes from the offers"),
)
