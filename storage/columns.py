"""Column types: exact amounts of money and aware times."""

from datetime import UTC, datetime
from decimal import ROUND_CEILING, Decimal

from sqlalchemy import BigInteger, DateTime, Dialect
from sqlalchemy.types import TypeDecorator

_UNITS_PER_USD = 10**12
_MAX_UNITS = 2**63 - 1


class UsdAmount(TypeDecorator[Decimal]):
    """An amount in USD, stored exactly as an integer of 10⁻¹² USD; NULL: unknown.

    A finer amount is rounded up, so that no row shows less than was spent. A row and a sum hold up to 9.2 million USD.
    """

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        """Return the integer to store."""
        if value is None:
            return None
        units = int((value * _UNITS_PER_USD).to_integral_value(ROUND_CEILING))
        if abs(units) > _MAX_UNITS:
            raise OverflowError(f"an amount of {value} USD does not fit, at most {_MAX_UNITS // _UNITS_PER_USD} USD do")
        return units

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        """Return the amount in USD."""
        return None if value is None else Decimal(int(value)).scaleb(-12)


class UtcDateTime(TypeDecorator[datetime]):
    """A moment, aware in Python and in UTC in the database. SQLite has no time zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the moment in UTC; a naive one is refused, since it is ambiguous."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"the time {value} has no time zone: pass an aware one, e.g. datetime.now(UTC)")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the moment, aware."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
