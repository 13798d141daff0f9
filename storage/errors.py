"""What storage raises, by who is at fault.

Exception
├── StorageError      the database: it refuses to read or write
├── NotMigrated       the deployment: the tables are not those of this version
├── DatabaseUrlError  the settings
├── StaleContent      the caller: somebody else changed the content first
└── BudgetShort       the limit that somebody set
"""

from decimal import Decimal

from models.records import BudgetPeriod, BudgetScope


class StorageError(Exception):
    """The database refuses. What it said is the cause (`__cause__`)."""

    def __init__(self, message: str, *, passing: bool = False) -> None:
        super().__init__(message)
        self.passing = passing
        """Whether the same may succeed later: the database is locked, full or away."""


class NotMigrated(Exception):
    """The database has other tables than this version works with. Nothing was read or written."""


class DatabaseUrlError(ValueError):
    """The database URL is not usable. Nothing was opened."""


class StaleContent(Exception):
    """Saved content has another revision than the caller saw. Nothing was written."""


class BudgetShort(Exception):
    """A budget has no room for what was to be reserved. Nothing was reserved."""

    def __init__(
        self,
        *,
        scope: BudgetScope,
        scope_id: str,
        period: BudgetPeriod,
        limit_usd: Decimal,
        left_usd: Decimal,
        asked_usd: Decimal,
    ) -> None:
        left, limit, asked = (f"{amount.normalize():f}" for amount in (left_usd, limit_usd, asked_usd))
        super().__init__(f"the {period} budget of {scope} {scope_id!r} has {left} of {limit} USD left, asked: {asked}")
        self.scope: BudgetScope = scope
        self.scope_id = scope_id
        self.period: BudgetPeriod = period
        self.limit_usd = limit_usd
        self.left_usd = left_usd
        self.asked_usd = asked_usd
