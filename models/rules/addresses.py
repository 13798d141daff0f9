"""Finds street addresses in a message, in the forms that customers' languages use.

An ambiguous form ("Am Samstag 11 Uhr", "Sitzplatz 4") counts only when a postcode follows it.
"""

import regex

from models.domains import Span

_NAME = r"\p{Lu}[\p{L}'’.\-]+"
_NAMES = rf"{_NAME}(?:\s{_NAME}){{0,3}}"
_NUMBER = r"\d{1,4}(?:\s?(?:bis|ter|[A-Za-z])(?!\p{L}))?(?:[/-]\d{1,4})?(?!\s?\d)"
_LINKS = r"(?:(?:de|du|des|la|le|les|del|della|dei|da|do|dos|das)\s|[dl]['’])*"
_POSTCODE = r",?\s{1,2}(?:[A-Z]{1,2}-)?\d{4,5}(?!\d)"
_NUMBER_FIRST = r"(?i:rue|avenue|av\.|boulevard|bd|chemin|allée|impasse|quai|route)"
_NUMBER_LAST = r"(?i:rue|avenue|via|viale|piazza|calle|avenida|rua|travessa|ul\.|ulica|ulicy|al\.|вул\.|вулиця|вулиці)"
_ENGLISH = (
    r"(?:Street|street|St\.?|Road|road|Rd\.?|Avenue|avenue|Ave\.?|Lane|lane|Ln\.?|Drive|Dr\.?|Court|Ct\.?|Square|Sq\.?"
    r"|Terrace|Close|Crescent|Boulevard|Blvd\.?)(?!\p{L})"
)
_PATTERNS = (
    # 14 rue des Tables-Claudiennes
    regex.compile(rf"(?<!\d)\d{{1,4}}(?:\s?(?:bis|ter))?,?\s{_NUMBER_FIRST}\s{_LINKS}(?P<street>{_NAMES})"),
    # ul. Przykładowa 3/8, via Roma 12
    regex.compile(rf"(?<!\p{{L}}){_NUMBER_LAST}\s{_LINKS}(?P<street>{_NAMES}),?\s(?:n\.?\s?)?{_NUMBER}"),
    # 12 Example St
    regex.compile(rf"(?<!\d)\d{{1,5}}[A-Za-z]?\s(?P<street>(?:{_NAME}\s){{1,3}}){_ENGLISH}"),
    # Hauptstraße 7
    regex.compile(
        r"(?<!\p{L})(?P<street>\p{Lu}[\p{L}\-]{1,40}(?:straße|strasse|str\.|gasse|straat|laan|gracht|gatan|vägen|gränd))"
        rf"\s{_NUMBER}"
    ),
    # Am Anger 7, 85221 Dachau; Lindenweg 3, 1010 Wien
    regex.compile(
        r"(?<!\p{L})(?P<street>(?:Am|An der|An den|Im|Zum|Zur|Auf der|Auf dem|In der|Unter den)\s"
        rf"{_NAME}|\p{{Lu}}[\p{{L}}\-]{{1,40}}(?:weg|platz|allee|damm|plein|ring))\s\d{{1,4}}[a-z]?{_POSTCODE}"
    ),
    regex.compile(r"(?P<street>\p{Han}{1,6}[都道府県市区町村]\p{Han}{0,10})\d{1,4}(?:[-−‐]\d{1,4}){1,3}"),
    regex.compile(
        r"(?:רחוב|شارع)\s(?P<street>[\p{Hebrew}\p{Arabic}'\"]+(?:\s[\p{Hebrew}\p{Arabic}'\"]+){0,2})"
        rf"\s{_NUMBER}"
    ),
)


def addresses(text: str) -> dict[Span, str]:
    """Return the street name (without the house number) of each address in `text`, by the address's span."""
    found = [match for pattern in _PATTERNS for match in pattern.finditer(text)]
    streets = {Span(*match.span()): match["street"].strip(" ,.") for match in found}
    return {place: street for place, street in streets.items() if len(street) > 1}
