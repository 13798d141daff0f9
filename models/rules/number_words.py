"""Replaces number words by digits where an amount is meant: `vingt pour cent` becomes `20 pour cent`."""

import re
from collections.abc import Callable, Iterator
from functools import cache, lru_cache

import regex

from models.folding import folded, holds

_SMALL = {
    "en": "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen",
    "fr": "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept "
    "dix-huit dix-neuf",
    "de": "null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn "
    "siebzehn achtzehn neunzehn",
    "es": "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis "
    "diecisiete dieciocho diecinueve",
    "it": "zero uno due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici sedici "
    "diciassette diciotto diciannove",
    "nl": "nul een twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien "
    "zeventien achttien negentien",
    "pt": "zero um dois três quatro cinco seis sete oito nove dez onze doze treze quatorze quinze dezesseis dezessete "
    "dezoito dezenove",
    "pl": "zero jeden dwa trzy cztery pięć sześć siedem osiem dziewięć dziesięć jedenaście dwanaście trzynaście "
    "czternaście piętnaście szesnaście siedemnaście osiemnaście dziewiętnaście",
    "sv": "noll ett två tre fyra fem sex sju åtta nio tio elva tolv tretton fjorton femton sexton sjutton arton nitton",
}
_TENS = {
    "en": "twenty thirty forty fifty sixty seventy eighty ninety",
    "fr": "vingt trente quarante cinquante soixante",
    "de": "zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig",
    "es": "veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa",
    "it": "venti trenta quaranta cinquanta sessanta settanta ottanta novanta",
    "nl": "twintig dertig veertig vijftig zestig zeventig tachtig negentig",
    "pt": "vinte trinta quarenta cinquenta sessenta setenta oitenta noventa",
    "pl": "dwadzieścia trzydzieści czterdzieści pięćdziesiąt sześćdziesiąt siedemdziesiąt osiemdziesiąt "
    "dziewięćdziesiąt",
    "sv": "tjugo trettio fyrtio femtio sextio sjuttio åttio nittio",
}
_HUNDRED = "one hundred,a hundred,hundred,cent,hundert,einhundert,cien,ciento,cento,honderd,cem,sto,hundra,etthundra"
_OTHER = {"ein": 1, "quatorce": 14, "catorze": 14, "dezasseis": 16, "dezassete": 17, "dezanove": 19}
_JOINERS: dict[str, Callable[[str, str], str]] = {
    "en": lambda ten, one: f"{ten} {one}",
    "fr": lambda ten, one: f"{ten} et {one}" if one in ("un", "onze") else f"{ten} {one}",
    "de": lambda ten, one: f"{'ein' if one == 'eins' else one}und{ten}",
    "es": lambda ten, one: f"veinti{one}" if ten == "veinte" else f"{ten} y {one}",
    "it": lambda ten, one: f"{ten[:-1] if one in ('uno', 'otto') else ten}{one}",
    "nl": lambda ten, one: f"{one}{'ën' if one in ('twee', 'drie') else 'en'}{ten}",
    "pt": lambda ten, one: f"{ten} e {one}",
    "pl": lambda ten, one: f"{ten} {one}",
    "sv": lambda ten, one: f"{ten}{one}",
}
_HUNDREDS = {
    "es": "doscientos trescientos cuatrocientos quinientos seiscientos setecientos ochocientos novecientos",
    "pt": "duzentos trezentos quatrocentos quinhentos seiscentos setecentos oitocentos novecentos",
    "pl": "dwieście trzysta czterysta pięćset sześćset siedemset osiemset dziewięćset",
}
"""Two hundred to nine hundred in languages with single words for them; other languages compose them."""
_COMPOSED = {"en": " hundred", "fr": " cents", "de": "hundert", "it": "cento", "nl": "honderd", "sv": "hundra"}
_ACCENTED = {"veintidós": 22, "veintitrés": 23, "veintiséis": 26, "veintiún": 21}
_SPELLINGS = (("ß", "ss"), ("antatre", "antatré"), ("entatre", "entatré"), ("ventitre", "ventitré"))
"""Alternative spellings of parts of numbers."""
_HALF_PRICE = regex.compile(
    r"\bhalf[- ](?:price|off)\b|\b(?:à )?moitié prix\b|\b(?:zum )?halbe[nr]? preis\b|\b(?:a )?mitad de precio\b"
    r"|\b(?:a )?metà prezzo\b|\b(?:pela )?metade do preço\b|\b(?:za )?pół ceny\b|\bhalva priset\b|\bhalve prijs\b",
    regex.I,
)
_TENTHS = re.compile(r"(?<!\d)([1-9])割(?=引|\s?(?:off|オフ|安))", re.I)
_TEN_THOUSANDS = re.compile(r"(?<![\d.,])(\d{1,4})\s?[만万](?:\s?(\d)[천千])?(?=\s?[원円元])")
_UNIT = (
    r"[\s-]{1,2}(?:per ?cent|pour ?cent|prozent|por ciento|por cento|per cento|procent|%"
    r"|euros?\b|dollars?\b|pounds?\b|pesos?\b|reais\b|kronor\b|złotych\b|francs?\b|franken\b"
    r"|stars?\b|étoiles\b|sterne\b|sternen\b|estrellas\b|stelle\b|sterren\b|estrelas\b|gwiazd|stjärnor\b)"
)
_WORD_BEFORE_UNIT = regex.compile(rf"\p{{L}}{_UNIT}", regex.I)
_A_WORD = regex.compile(r"[^\W\d_]++(?:-[^\W\d_]++)*+")
_IN_HALF_PRICE = ("half", "moitié", "halbe", "mitad", "metà", "metade", "pół", "halva", "halve")
_IN_UNIT = (
    *("cent", "ciento", "prozent", "%", "euro", "dollar", "pound", "peso", "reais", "kronor", "złot", "fran"),
    *("star", "étoile", "stern", "estrella", "stell", "sterre", "estrela", "gwiazd", "stjärn"),
)
"""A part of each alternative, folded."""


@lru_cache(maxsize=32)
def with_digits(text: str) -> str:
    """Return `text` with number words before a percent sign, a currency or stars as digits, and half price as 50 %.

    The word for one is kept: "not one euro more" is not a price.
    """
    if "割" in text or "半額" in text:
        text = _TENTHS.sub(lambda found: f"{int(found[1]) * 10} %", text).replace("半額", "50 %")
    if "만" in text or "万" in text:
        text = _TEN_THOUSANDS.sub(lambda found: str(int(found[1]) * 10_000 + int(found[2] or 0) * 1000), text)
    if holds(folded(text), _IN_HALF_PRICE):
        text = _HALF_PRICE.sub("50 %", text)
    if not holds(folded(text), _IN_UNIT) or not _WORD_BEFORE_UNIT.search(text):
        return text
    return _pattern().sub(lambda found: str(_folded_values()[folded(_spelling(found[0]))]), text)


def with_all_digits(text: str) -> str:
    """Return `text` with every number word above one as digits, whatever it counts."""
    return _A_WORD.sub(lambda found: _digits_of(found[0]), text)


def _digits_of(word: str) -> str:
    value = _values().get(_spelling(word), 1)
    return str(value) if value > 1 else word


def _spelling(words: str) -> str:
    return " ".join(words.lower().replace("-", " ").split())


@cache
def _pattern() -> regex.Pattern[str]:
    words = sorted((word for word, value in _values().items() if value != 1), key=len, reverse=True)
    alternatives = "|".join(word.replace(" ", r"[\s-]") for word in words)
    return regex.compile(rf"(?<!\w)(?:{alternatives})(?={_UNIT})", regex.I)


@cache
def _folded_values() -> dict[str, int]:
    return {folded(word): value for word, value in _values().items()}


@cache
def _values() -> dict[str, int]:
    hundreds = dict.fromkeys(_HUNDRED.split(","), 100) | _hundreds()
    words = {**dict(_small_and_tens()), **hundreds, **_OTHER, **_ACCENTED}
    respelled = {word.replace(*spelling): value for word, value in words.items() for spelling in _SPELLINGS}
    return {_spelling(word): value for word, value in {**respelled, **words}.items()}


def _hundreds() -> dict[str, int]:
    alone = {word: 100 * (2 + place) for words in _HUNDREDS.values() for place, word in enumerate(words.split())}
    composed = {
        _SMALL[language].split()[digit] + ending: 100 * digit
        for language, ending in _COMPOSED.items()
        for digit in range(2, 10)
    }
    return alone | composed


def _small_and_tens() -> Iterator[tuple[str, int]]:
    for language, line in _SMALL.items():
        small = line.split()
        tens = _TENS[language].split()
        yield from ((word, value) for value, word in enumerate(small))
        for place, ten in enumerate(tens, start=2):
            yield ten, 10 * place
            yield from ((_JOINERS[language](ten, one), 10 * place + value) for value, one in enumerate(small[1:10], 1))
    yield from _french_scores(_SMALL["fr"].split())


def _french_scores(small: list[str]) -> Iterator[tuple[str, int]]:
    """Yield seventy to ninety-nine, which French builds on sixty and four twenties."""
    yield from ((_JOINERS["fr"]("soixante", small[value]), 60 + value) for value in range(10, 20))
    yield from (("quatre-vingts", 80), ("septante", 70), ("huitante", 80), ("nonante", 90))
    yield from ((f"quatre-vingt-{small[value]}", 80 + value) for value in range(1, 20))
