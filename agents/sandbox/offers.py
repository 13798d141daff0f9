"""An offer as it is published: in its own words, with the particulars that its text leaves out."""

from datetime import date

from agents.sandbox.setting import Setting
from agents.sandbox.wording import capitalised, ended
from models.brief import Offer


def particulars(setting: Setting, offer: Offer) -> str:
    """Return the offer's text, and behind it those of discount, price, code and last day that it does not name."""
    labels = setting.phrases.labels
    lines: list[str] = []
    if offer.percent_off and str(offer.percent_off) not in offer.text:
        lines.append(labels.percent.format(value=offer.percent_off))
    if offer.price is not None and f"{offer.price.normalize():f}" not in offer.text:
        lines.append(labels.price.format(value=f"{offer.price} {offer.currency}"))
    if offer.code and offer.code not in offer.text:
        lines.append(labels.code.format(value=offer.code))
    if offer.valid_until and not _names(setting, offer.text, offer.valid_until):
        lines.append(labels.until.format(value=written_date(setting, offer.valid_until)))
    if not lines:
        return ended(offer.text)
    joined = ", ".join(lines)
    closed = ended(offer.text) == offer.text
    return f"{offer.text} {capitalised(joined)}." if closed else f"{offer.text} – {joined}."


def written_date(setting: Setting, day: date) -> str:
    """Return a date in words of the language written in."""
    return setting.phrases.date.format(day=day.day, month=setting.phrases.months[day.month - 1], year=day.year)


def _names(setting: Setting, text: str, day: date) -> bool:
    month = setting.phrases.months[day.month - 1].casefold()
    return str(day.day) in text and (month[:3] in text.casefold() or f"{day.month:02}" in text)
