"""The fixture businesses in one open service: each brief is stored, and each calendar generated, once, on first use."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import TypeVar

from ai_service import AIResult, AIService
from ai_service.days import planned_day
from evals.cases import DayCase, DayWork, Month, brief_of
from models.base import Output
from models.records import BriefIds

ValueT = TypeVar("ValueT")
OutputT = TypeVar("OutputT", bound=Output)
Making = Callable[[BriefIds], Awaitable[AIResult[OutputT]]]


class Studio:
    """The service and the stored businesses of one run."""

    def __init__(self, ai: AIService) -> None:
        self.ai = ai
        self._ids: dict[str, asyncio.Task[BriefIds]] = {}
        self._months: dict[str, asyncio.Task[Month]] = {}

    async def ids(self, slug: str) -> BriefIds:
        """Return the ids of a business and its campaign."""
        return await _once(self._ids, slug, self._add)

    async def month(self, slug: str) -> Month:
        """Return the calendar of a business.

        Raises:
            AIServiceError: It could not be generated; raised on every call.
        """
        return await _once(self._months, slug, self._plan)

    async def day_work(self, case: DayCase, make: Making[OutputT]) -> DayWork[OutputT]:
        """Return the output of `make` for the day of a case, after its calendar is generated."""
        month = await self.month(case.business)
        result = await make(await self.ids(case.business))
        return DayWork(
            output=result.output,
            day=planned_day(month.strategy, case.day),
            language=language_of(result, case.business),
        )

    async def _add(self, slug: str) -> BriefIds:
        return await self.ai.add_brief(brief_of(slug))

    async def _plan(self, slug: str) -> Month:
        ids = await self.ids(slug)
        result = await self.ai.generate_strategy(ids.business_id, ids.campaign_id)
        return Month(strategy=result.output, campaign_id=ids.campaign_id, language=language_of(result, slug))


def language_of(result: AIResult[OutputT], slug: str) -> str:
    """Return the language a result must be in: the business's, or English if the sandbox says so."""
    fell_back = result.sandbox and any("wrote in English" in note for note in result.notes)
    return "en" if fell_back else brief_of(slug).business.language


async def _once(
    tasks: dict[str, asyncio.Task[ValueT]], slug: str, make: Callable[[str], Coroutine[object, object, ValueT]]
) -> ValueT:
    if slug not in tasks:
        tasks[slug] = asyncio.create_task(make(slug))
    return await tasks[slug]
