"""Shared parts of the evals' tests: sound outputs written by hand for one business, and how to call an evaluator."""

from base64 import b64encode
from collections.abc import Sequence
from datetime import date
from hashlib import sha256
from io import BytesIO
from typing import TypeVar
from uuid import UUID

from PIL import Image, ImageDraw
from pydantic_evals.evaluators import EvaluationReason, Evaluator, EvaluatorContext
from pydantic_evals.otel import SpanTree

from evals.cases import Market, Month, brief_of
from models.base import Output
from models.brief import Brief
from models.calendar_quality import measure
from models.image import GeneratedImage
from models.skeleton import plan_days
from models.strategy import CalendarDay, CampaignStrategy, Pillar, PlannedDay
from models.vocabulary import ContentType, FunnelStage, Network, Role
from tests.posts import published_post
from tests.scripts import filmable_script

InputsT = TypeVar("InputsT")
OutputT = TypeVar("OutputT")
MetadataT = TypeVar("MetadataT", bound=Market)
ModelT = TypeVar("ModelT", bound=Output)

SLUG = "bluebonnet-dental"
MARKET = Market(language="en", country="US")
CAMPAIGN_ID = str(UUID(int=1))

_PILLARS = ("Calm visits", "Teeth explained", "People of South Lamar", "Everyday habits")
_SELLING = (
    "In-office whitening: what those 90 minutes are made of",
    "Would whitening suit you? Three things our hygienists look at",
    "From booking to the last rinse, a whitening visit step by step",
    "The whitening visit that fits between two Friday errands",
    "Why we begin each whitening with a check of the gums",
    "Last weeks for a whitening appointment before February",
)
_TELLING = (
    "One drawer in our practice that nobody ever asks about",
    "Something new for January is being prepared on South Lamar",
    "Who is afraid of the waiting room, and what would help?",
    "We open the year with brighter rooms, come in and look around",
    "A walk from the free parking to the chair, without instruments",
    "The same two dentists each time, and what that changes",
    "Brushing right after coffee is a mistake, here is a kinder order",
    "How to pick between a soft brush and an electric one",
    "Your first visit begins with a talk, bring these questions",
    "Does chewing gum replace flossing? Let us clear that up",
    "What a hygienist hears in the first minute",
    "Gum line, a small word that decides a lot",
    "Holiday sweets and how teeth get through December",
    "When a filling is due and when waiting is fine",
    "Two minutes with a mirror and a torch",
    "Cold water hurts: what to note down before you call",
    "Hands that have polished Austin smiles since 2009",
    "Licensed in Texas, and what the board asks of us",
    "The lamp our dentists would not give away",
    "Half past seven, before the doors open",
    "Why we never rush a numb lip",
    "Morning light in room two",
    "Tea or coffee, team? You decide for our kitchen",
    "Tell us about the tooth you lost at school",
    "Meet the hygienist who gardens on weekends",
    "Neighbours we wave to on South Lamar Boulevard",
    "Thank you for another year of trust",
    "What our patients taught us about patience",
    "The month in six small pictures",
    "After the campaign, the talk before each visit stays",
)


def month(days: Sequence[CalendarDay] | None = None, *, campaign_id: str = CAMPAIGN_ID, language: str = "en") -> Month:
    """Return a calendar for the dentist: planned by code, with themes written by hand."""
    calendar = list(days or calendar_days())
    strategy = CampaignStrategy(
        campaign_id=campaign_id,
        pillars=[Pillar(name=name, description=f"What there is to say of {name.lower()}.") for name in _PILLARS],
        calendar=calendar,
        quality=measure(calendar, brand=brief_of(SLUG).business.name),
    )
    return Month(strategy=strategy, campaign_id=CAMPAIGN_ID, language=language)


def calendar_days(slug: str = SLUG) -> list[CalendarDay]:
    selling, telling = iter(_SELLING), iter(_TELLING)
    brief = brief_of(slug)
    plan = plan_days(brief, today=date(2026, 12, 1))
    return [_calendar_day(day, next(selling if day.is_promo else telling), brief) for day in plan]


def _calendar_day(day: PlannedDay, theme: str, brief: Brief) -> CalendarDay:
    return CalendarDay(
        day=day.day,
        date=day.date,
        theme=theme,
        content_type=day.content_type,
        network=day.network,
        pillar=_PILLARS[day.pillar_index],
        role=day.role,
        funnel_stage=day.funnel_stage,
        is_promo=day.is_promo,
        offer=None if day.offer_index is None else brief.business.offers[day.offer_index].text,
        key_date=day.key_date,
        call_to_action=brief.campaign.call_to_action if day.is_promo else None,
        locked=False,
        revision=1,
    )


DAY = CalendarDay(
    day=9,
    date=date(2026, 12, 11),
    theme="In-office whitening: what those 90 minutes are made of",
    content_type=ContentType.POST,
    network=Network.INSTAGRAM,
    pillar="Calm visits",
    role=Role.OFFER,
    funnel_stage=FunnelStage.CONVERSION,
    is_promo=True,
    offer="In-office teeth whitening",
    key_date=None,
    call_to_action="Book your visit on our website",
    locked=False,
    revision=1,
)
"""A promotion day of the dentist."""

POST = published_post(
    caption=(
        "What happens in the 90 minutes of a whitening visit?\n\nFirst a talk, then a look at teeth and gums, and only "
        "then the whitening itself, for $199. You see the same people from the start to the end.\n\n"
        "Book your visit on our website"
    ),
    hashtags=["#AustinDentist", "#SouthLamar", "#TeethWhitening"],
    script="A close view of the chair by the window, with the lamp still off.",
)

SCRIPT = filmable_script(
    hook="Ninety minutes, and where do they go?",
    body=(
        "A whitening in our office begins with a talk, before anyone picks up an instrument. Then we look at the teeth "
        "and the gums, since the whitening waits until both are well. After that you lean back and listen to what you "
        "like. The same hygienist stays with you the whole time. When those minutes are over, you know what to eat on "
        "the first day."
    ),
    cta="Book your visit on our website.",
    shots=["The chair by the window, empty.", "The dentist and a patient talk.", "The clock above the door."],
)
"""75 words: half a minute of English."""


def picture(width: int = 1080, height: int = 1350, *, blank: bool = False) -> Image.Image:
    """Return a card in the dentist's blue with bars of many colours."""
    image = Image.new("RGB", (width, height), "#3b5ba5")
    if not blank:
        draw = ImageDraw.Draw(image)
        for bar in range(32):
            draw.rectangle((0, bar * 20, width // 2, bar * 20 + 19), fill=(bar * 8, 255 - bar * 8, 90))
    return image


def image_output(image: Image.Image, *, file_format: str = "PNG", **changes: object) -> GeneratedImage:
    """Return a picture as the layer returns it, with `changes`."""
    file = BytesIO()
    image.save(file, file_format)
    content = file.getvalue()
    true = GeneratedImage(
        kind="rendered_card",
        url=None,
        base64=b64encode(content).decode(),
        mime_type="image/png",
        width=image.width,
        height=image.height,
        sha256=sha256(content).hexdigest(),
        alt_text="In-office whitening, what those 90 minutes are made of (Bluebonnet Dental)",
        ai_generated=True,
    )
    return changed(true, **changes)


def changed(model: ModelT, **changes: object) -> ModelT:
    """Return a copy with other values, validated again."""
    return type(model).model_validate({**model.model_dump(), **changes})


def passed(
    evaluator: Evaluator[InputsT, OutputT, MetadataT], inputs: InputsT, output: OutputT, metadata: MetadataT | None
) -> bool | None:
    """Return an evaluator's verdict; None if it gives none."""
    context = EvaluatorContext[InputsT, OutputT, MetadataT](
        name="case",
        inputs=inputs,
        metadata=metadata,
        expected_output=None,
        output=output,
        duration=0.0,
        _span_tree=SpanTree(),
        attributes={},
        metrics={},
    )
    found = evaluator.evaluate_sync(context)
    if isinstance(found, EvaluationReason):
        assert isinstance(found.value, bool)
        assert found.value is (found.reason is None)
        return found.value
    assert found == {}
    return None
