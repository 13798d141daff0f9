"""The fields of a brief that a sentence may stand on, each read once."""

from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from models.brief import Brief, Offer
from models.standing.marks import Kind, Value
from models.standing.statements import Statement, read
from models.standing.tags import languages_of

_FIELDS = ("facts", "certifications", "required_phrases", "reviews")


class Ground(NamedTuple):
    """One field, read."""

    path: str
    """As in `facts_used`: `business.facts.0`."""
    said: Statement
    codes: frozenset[str]
    offer: Offer | None
    """None: it is no offer."""
    is_review: bool = False

    def holds_on(self, day: date) -> bool:
        """Whether what it says holds on a day."""
        return self.offer is None or self.offer.holds_on(day)


class Grounds(NamedTuple):
    """All that a brief says."""

    fields: tuple[Ground, ...]
    own: frozenset[str]
    """Words of the business's name and trade, which every sentence of it may use."""
    language: str


def grounds(brief: Brief) -> Grounds:
    """Return what a brief says; the same brief is read once."""
    return _grounds(brief.model_dump_json())


@lru_cache(maxsize=64)
def _grounds(dumped: str) -> Grounds:
    brief = Brief.model_validate_json(dumped)
    business = brief.business
    languages = languages_of(*business.languages)
    own = read(f"{business.name} {business.industry}", languages).words
    return Grounds(tuple(_fields(brief, languages)), own, business.language)


def _fields(brief: Brief, languages: tuple[str, ...]) -> Iterator[Ground]:
    business, campaign = brief.business, brief.campaign
    for place, offer in enumerate(business.offers):
        yield _offered(f"business.offers.{place}", offer, languages)
    for name in _FIELDS:
        for place, text in enumerate(getattr(business, name)):
            yield _said(f"business.{name}.{place}", text, languages, is_review=name == "reviews")
    yield _said("business.name", business.name, languages)
    if business.material_connection:
        yield _said("business.material_connection", business.material_connection, languages)
    yield _said("campaign.name", campaign.name, languages)
    if campaign.call_to_action:
        yield _said("campaign.call_to_action", campaign.call_to_action, languages)
    for place, key_date in enumerate(campaign.key_dates):
        yield _said(f"campaign.key_dates.{place}", f"{key_date.name} {key_date.day}", languages)
    for name, day in (("start_date", campaign.start_date), ("launch_date", campaign.launch_date)):
        if day:
            yield _said(f"campaign.{name}", f"{campaign.name} {day}", languages)


def _said(path: str, text: str, languages: tuple[str, ...], *, is_review: bool = False) -> Ground:
    said = read(text, languages)
    return Ground(path, said, said.codes, None, is_review)


def _offered(path: str, offer: Offer, languages: tuple[str, ...]) -> Ground:
    said = read(offer.text, languages)
    extra = list[Value]()
    if offer.price is not None:
        extra.append(Value(Kind.MONEY, frozenset({offer.price}), offer.currency or "", 0, 0))
    if offer.percent_off:
        extra.append(Value(Kind.PERCENT, frozenset({offer.percent_off}), "", 0, 0))
    codes = said.codes | frozenset([offer.code] if offer.code else ())
    is_free = offer.price == 0 or offer.percent_off == 100
    concepts = said.concepts | frozenset({"free"} if is_free else ())
    said = said._replace(values=(*said.values, *extra), concepts=concepts, given=said.words if is_free else said.given)
    return Ground(path, said, codes, offer)
