"""Moments from callers: aware, and far enough from the ends of time to be counted with."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime

_FIRST, _LAST = datetime(2, 1, 1, tzinfo=UTC), datetime(9998, 12, 31, tzinfo=UTC)


def _within_time(moment: datetime) -> datetime:
    if _FIRST <= moment <= _LAST:
        return moment
    raise ValueError(f"{moment.isoformat()} is at an end of time: pass a moment between the years 2 and 9998")


Moment = Annotated[AwareDatetime, AfterValidator(_within_time)]
"""An aware moment; naive ones are refused."""
