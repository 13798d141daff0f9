"""Builds the task for a day of a stored calendar."""

from ai_service.errors import InvalidRequest, Problem
from deps.tasks import DayTask
from models.brief import BusinessContext
from models.strategy import CalendarDay, CampaignStrategy
from models.vocabulary import ContentType

UPRIGHT = {ContentType.REEL, ContentType.STORY, ContentType.VIDEO}
"""Full-screen formats."""


def day_task(
    strategy: CampaignStrategy, day: int, business: BusinessContext, content_type: ContentType | None = None
) -> DayTask:
    """Return the task for a day; `content_type` overrides the planned format."""
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
    """Return a day of a calendar. Raises InvalidRequest if it has no such day, or no theme for it."""
    length = strategy.calendar[-1].day
    if day > length:
        raise InvalidRequest([Problem("day", f"the calendar has {length} days, got {day}", f"pass 1 to {length}")])
    planned = next((planned for planned in strategy.calendar if planned.day == day), None)
    if planned is None:
        problem = f"the calendar has no theme for day {day}: it could not be had"
        raise InvalidRequest([Problem("day", problem, "pass another day, or generate the calendar again")])
    return planned


def day_notes(planned: CalendarDay, task: DayTask) -> list[str]:
    """Return notes on each difference between task and calendar."""
    notes: list[str] = []
    if task.content_type is not planned.content_type:
        notes.append(f"day {task.day} is planned as {planned.content_type}; made as {task.content_type}, as asked")
    if planned.offer and task.offer is None:
        notes.append(f"the offer planned for day {task.day} is no longer in the brief; nothing is offered")
    return notes
