"""From a stored calendar to what is asked for one of its days."""

from ai_service.errors import InvalidRequest, Problem
from deps.tasks import DayTask, VideoTask
from models.brief import BusinessContext
from models.image import AspectRatio
from models.rules.speech import HOOK_S, unit_of, words_for
from models.strategy import CalendarDay, CampaignStrategy
from models.vocabulary import FORMATS, ContentType, Network

_UPRIGHT = {ContentType.REEL, ContentType.STORY, ContentType.VIDEO}


def day_task(
    strategy: CampaignStrategy, day: int, business: BusinessContext, content_type: ContentType | None = None
) -> DayTask:
    """Return what is asked for a day; `content_type` overrides the planned one."""
    planned = planned_day(strategy, day)
    return DayTask(
        day=day,
        date=planned.date,
        theme=planned.theme,
        content_type=content_type or planned.content_type,
        network=planned.network,
        role=planned.role,
        pillar=planned.pillar,
        offer=next((offer for offer in business.offers if offer.text == planned.offer), None),
        key_date=planned.key_date,
        call_to_action=planned.call_to_action,
    )


def planned_day(strategy: CampaignStrategy, day: int) -> CalendarDay:
    """Return a day of a calendar. Raises InvalidRequest naming the calendar's length where it has no such day."""
    length = len(strategy.calendar)
    if day > length:
        raise InvalidRequest([Problem("day", f"the calendar has {length} days, got {day}", f"pass 1 to {length}")])
    return strategy.calendar[day - 1]


def for_network(day: DayTask, network: Network) -> DayTask:
    """Return a day as another network takes it: in its format, or in the one nearest to it there."""
    formats = FORMATS[network]
    moving = [content_type for content_type in formats if content_type in _UPRIGHT]
    nearest = moving if day.content_type in _UPRIGHT and moving else [*formats]
    content_type = day.content_type if day.content_type in formats else nearest[0]
    return day.model_copy(update={"network": network, "content_type": content_type})


def day_notes(planned: CalendarDay, task: DayTask) -> list[str]:
    """Return what differs from the calendar."""
    notes: list[str] = []
    if task.content_type is not planned.content_type:
        notes.append(f"day {task.day} is planned as {planned.content_type}; made as {task.content_type}, as asked")
    if planned.offer and task.offer is None:
        notes.append(f"the offer planned for day {task.day} is no longer in the brief; nothing is offered")
    return notes


def ratio_of(content_type: ContentType) -> AspectRatio:
    """Return the ratio that suits a format: upright for what fills a phone, 4:5 for the feed."""
    return "9:16" if content_type in _UPRIGHT else "4:5"


def video_task(day: DayTask, *, language: str, duration_s: int) -> VideoTask:
    """Return what is asked for a video: what fits into `duration_s` at the language's pace."""
    return VideoTask(
        language=language,
        day=day,
        duration_s=duration_s,
        length=words_for(duration_s, language),
        length_unit=unit_of(language),
        hook_length=words_for(HOOK_S, language),
    )
