"""The period that a command is about: a month, or from one day to another, in UTC."""

from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

import typer

DAYS = "YYYY-MM-DD, today or yesterday"
"""How an option names a day."""
_BACK = {"today": 0, "yesterday": 1}


class Period(NamedTuple):
    """From the start of the first day to the end of the last one; None if open at that end."""

    first_day: date | None
    last_day: date | None

    @property
    def since(self) -> datetime | None:
        """The first moment."""
        return None if self.first_day is None else _midnight(self.first_day)

    @property
    def until(self) -> datetime | None:
        """The first moment after the period."""
        return None if self.last_day is None else _midnight(self.last_day + timedelta(days=1))

    @property
    def first(self) -> str | None:
        """The first day in ISO format."""
        return None if self.first_day is None else self.first_day.isoformat()

    @property
    def last(self) -> str | None:
        """The last day in ISO format."""
        return None if self.last_day is None else self.last_day.isoformat()

    @property
    def said(self) -> str:
        """The period as the end of a title, after a comma; empty if it is open at both ends."""
        words = [f"from {self.first}" if self.first else "", f"to {self.last}" if self.last else ""]
        return ", " + " ".join(filter(None, words)) if any(words) else ""


def period_of(month: str | None, since: str | None, until: str | None) -> Period:
    """Return the period of the options. Raises a usage error."""
    if month is None:
        period = Period(day_of(since, "--since"), day_of(until, "--until"))
    elif since or until:
        raise typer.BadParameter("give a month, or --since and --until, not both", param_hint="--month")
    else:
        period = _month(month)
    if period.first_day and period.last_day and period.last_day < period.first_day:
        raise typer.BadParameter(f"{until} is before {since}", param_hint="--until")
    return period


def day_of(said: str | None, option: str) -> date | None:
    """Return the day of an option. Raises a usage error."""
    if said in _BACK:
        return datetime.now(UTC).date() - timedelta(days=_BACK[said])
    try:
        return None if said is None else date.fromisoformat(said)
    except ValueError as error:
        raise typer.BadParameter(f"{said!r} is no day: write {DAYS}", param_hint=option) from error


def _month(said: str) -> Period:
    try:
        first = datetime.strptime(said, "%Y-%m").replace(tzinfo=UTC).date()
    except ValueError as error:
        raise typer.BadParameter(f"{said!r} is no month: write YYYY-MM", param_hint="--month") from error
    return Period(first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
