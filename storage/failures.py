"""What storage raises, by who is at fault.

Exception
├── StorageError          the database
│   ├── DatabaseAway      it is locked, full or unreachable: the same may succeed later
│   ├── DatabaseUnfit     the deployment: the login, the rights or the tables
│   │   └── NotMigrated   the tables are not those of this version
│   └── ValueRefused      the caller: a value does not fit
├── DatabaseUrlError      the settings
├── StaleContent          the caller: the content was changed in the meantime
└── BudgetShort           a budget's limit
"""

from decimal import Decimal

from models.partial import PartLost
from models.records import BudgetPeriod, BudgetScope


class StorageError(Exception):
    """The database refuses. Its own error is the cause (`__cause__`)."""


class DatabaseAway(StorageError):
    """The database is locked, full or unreachable: the same may succeed later."""


class DatabaseUnfit(StorageError):
    """The login, the rights or the tables do not fit. Waiting does not help; the message says what to change."""


class NotMigrated(DatabaseUnfit):
    """The tables are not those of this version. Nothing was read or written."""


class ValueRefused(StorageError):
    """A value does not fit its column. Nothing was written."""


class DatabaseUrlError(ValueError):
    """The database URL is not usable. Nothing was opened."""


class StaleContent(Exception):
    """Saved content has another revision than the caller read. Nothing was written."""


class BudgetShort(PartLost):
    """A budget has no room for the reservation. Nothing was reserved."""

    reason = "budget"

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
