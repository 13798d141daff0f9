"""Words an offer for publication: its own text, and the particulars that the text leaves out."""

from datetime import date

from agents.sandbox.setting import Setting
from agents.sandbox.wording import capitalised, ended
from deps.strategy import DayBrief
from deps.tasks import DayTask
from models.brief import Offer
from models.grounding import normalised

_ARABIC_INDIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


def offered(day: DayBrief | DayTask) -> Offer | None:
    """Return the offer of a day; None: it has none, or one that does not hold on its date."""
    return day.offer if day.offer and day.offer.holds_on(day.date) else None


def particulars(setting: Setting, offer: Offer) -> str:
    """Return the offer's text, followed by the discount, price, code and last day that it does not name itself."""
    labels, text = setting.phrases.labels, normalised(offer.text)
    lines: list[str] = []
    if offer.percent_off and str(offer.percent_off) not in text:
        lines.append(labels.percent.format(value=_numbers(setting, str(offer.percent_off))))
    if offer.price is not None and f"{offer.price.normalize():f}" not in text.replace(",", ""):
        lines.append(labels.price.format(value=f"{_numbers(setting, str(offer.price))} {offer.currency}"))
    if offer.code and offer.code not in offer.text:
        lines.append(labels.code.format(value=offer.code))
    if offer.valid_until and not _names(setting, text, offer.valid_until):
        lines.append(labels.until.format(value=written_date(setting, offer.valid_until)))
    if not lines:
        return ended(offer.text)
    writing = setting.phrases.writing
    joined = writing.joint.join(lines)
    if ended(offer.text) == offer.text:
        return ended(f"{offer.text}{writing.space}{capitalised(joined)}")
    return ended(f"{offer.text}{writing.dash}{joined}")


def written_date(setting: Setting, day: date) -> str:
    """Return a date in words of the language written in."""
    month = setting.phrases.months[day.month - 1]
    return _numbers(setting, setting.phrases.date.format(day=day.day, month=month, number=day.month, year=day.year))


def _numbers(setting: Setting, text: str) -> str:
    """Return `text` with the digits that the business writes."""
    own = "".join(setting.brief.business.facts + [offer.text for offer in setting.brief.business.offers])
    return text.translate(_ARABIC_INDIC) if any("٠" <= character <= "٩" for character in own) else text


def _names(setting: Setting, text: str, day: date) -> bool:
    month = setting.phrases.months[day.month - 1].casefold()
    return str(day.day) in text and (month[:3] in text.casefold() or f"{day.month:02}" in text)
