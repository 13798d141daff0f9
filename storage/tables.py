"""The rows of the tables. Times are UTC and aware, money is exact."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, cast

from pydantic import JsonValue
from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Index,
    Integer,
    MetaData,
    Table,
    UniqueConstraint,
    inspect,
    text,
)
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from storage.columns import UsdAmount, UtcDateTime


def utc_now() -> datetime:
    """Return the current time, aware."""
    return datetime.now(UTC)


def _row_number() -> Column[int]:
    # SQLite numbers rows automatically only where the key is an INTEGER
    return Column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)


FAILED = "status NOT IN ('ok', 'sent')"
"""Whether an attempt has failed, in SQL: a query that says it in these words is answered from the index."""


def _of_customers(name: str) -> Index:
    """Return the index that finds what is stored of one customer; most rows are of none."""
    of_one = text("customer_id IS NOT NULL")
    return Index(name, "business_id", "customer_id", sqlite_where=of_one, postgresql_where=of_one)


# Any: SQLModel types `__tablename__` as a declared_attr; SQLAlchemy accepts the string.
def _named(table: str) -> Any:
    return table


_NAMES = {
    "pk": "pk_%(table_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
}
"""Every constraint has a name, so that a later migration can change it."""


# A registry of its own: a host may have SQLModel tables of the same names.
class Row(SQLModel, registry=registry(metadata=MetaData(naming_convention=_NAMES))):
    """Base of all rows."""


def table_of(row: type[Row]) -> Table:
    """Return the table of a row class, for statements without objects."""
    return cast(Table, inspect(row).local_table)


class BusinessRow(Row, table=True):
    """A business, as its brief describes it."""

    __tablename__ = _named("ai_businesses")
    __table_args__ = (Index("ix_ai_businesses_newest", "created_at", "id"),)

    id: str = Field(primary_key=True)
    """UUID."""
    name: str
    context: dict[str, JsonValue] = Field(sa_type=JSON)
    """The `BusinessContext`, as JSON."""
    revision: int = 1
    """Number of changes, from 1."""
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    updated_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


class CampaignRow(Row, table=True):
    """A campaign of one business."""

    __tablename__ = _named("ai_campaigns")
    __table_args__ = (Index("ix_ai_campaigns_newest", "business_id", "created_at", "id"),)

    id: str = Field(primary_key=True)
    """UUID."""
    business_id: str = Field(foreign_key="ai_businesses.id")
    name: str
    context: dict[str, JsonValue] = Field(sa_type=JSON)
    """The `CampaignContext`, as JSON."""
    revision: int = 1
    """Number of changes, from 1."""
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    updated_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


class ContentRow(Row, table=True):
    """Something generated. Fields as in `models.records.SavedContent`.

    No foreign keys, here and in `ai_logs`: a host with its own `ContextSource` keeps businesses elsewhere.
    """

    __tablename__ = _named("ai_content")
    __table_args__ = (
        Index("ix_ai_content_newest", "business_id", "campaign_id", "feature", "day", "id"),
        # the lists, newest first: of a business, of its campaign, of what waits in a state
        Index("ix_ai_content_business", "business_id", "id"),
        Index("ix_ai_content_campaign", "business_id", "campaign_id", "id"),
        Index("ix_ai_content_state", "business_id", "state", "id"),
        _of_customers("ix_ai_content_customer"),
    )

    id: int | None = Field(default=None, sa_column=_row_number())
    """Increases with each row: the newest has the highest."""
    content_id: str = Field(unique=True)
    business_id: str
    campaign_id: str | None
    customer_id: str | None = None
    """The customer of a reply, by whom it is deleted."""
    feature: str
    day: int | None
    content_type: str | None
    state: str
    revision: int
    request_id: str
    model: str
    sandbox: bool
    prompt_version: str
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    updated_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    user_id: str | None = None
    notes: list[str] = Field(sa_type=JSON)
    output: dict[str, JsonValue] = Field(sa_type=JSON)
    # NULL where nobody edited it, not the JSON value null
    generated: dict[str, JsonValue] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))


class ContentChangeRow(Row, table=True):
    """One change of saved content. Fields as in `models.records.ContentChange`."""

    __tablename__ = _named("ai_content_changes")
    __table_args__ = (UniqueConstraint("content_id", "revision"),)

    id: int | None = Field(default=None, sa_column=_row_number())
    content_id: str = Field(foreign_key="ai_content.content_id", ondelete="CASCADE")
    business_id: str
    revision: int
    was: str
    state: str
    edited: bool
    user_id: str | None
    changed_at: datetime = Field(sa_type=UtcDateTime)


class AttemptRow(Row, table=True):
    """One HTTP request to a provider. Fields as in `models.attempt.Attempt`."""

    __tablename__ = _named("ai_logs")
    __table_args__ = (
        UniqueConstraint("request_id", "question", "attempt"),
        # covering: a month's costs are summed from the index alone, without reading a million rows
        Index("ix_ai_logs_costs", "business_id", "started_at", "status", "input_tokens", "output_tokens", "cost_usd"),
        Index("ix_ai_logs_campaign", "campaign_id", "started_at", "cost_usd"),
        Index("ix_ai_logs_failed", "started_at", "id", sqlite_where=text(FAILED), postgresql_where=text(FAILED)),
        _of_customers("ix_ai_logs_customer"),
        Index(
            "ix_ai_logs_open",
            "owner",
            sqlite_where=text("status = 'sent'"),
            postgresql_where=text("status = 'sent'"),
        ),
    )

    id: int | None = Field(default=None, sa_column=_row_number())
    owner: str
    """The ledger that wrote the row and settles it, a UUID."""
    request_id: str
    question: int
    attempt: int
    idempotency_key: str | None
    user_id: str | None
    business_id: str
    campaign_id: str | None
    content_id: str | None
    customer_id: str | None
    feature: str
    provider: str
    model: str
    status: str
    http_status: int | None
    input_tokens: int
    cached_input_tokens: int
    cache_write_tokens: int
    output_tokens: int
    reasoning_tokens: int
    image_tokens: int
    cost_usd: Decimal | None = Field(sa_type=UsdAmount)
    cost_estimated: bool
    latency_ms: float | None
    prompt_version: str | None
    price_version: str | None
    rule_pack_version: str | None
    trace_id: str | None
    span_id: str | None
    started_at: datetime = Field(sa_type=UtcDateTime)
    finished_at: datetime | None = Field(sa_type=UtcDateTime)
    repairs: list[str] = Field(sa_type=JSON)
    input_warnings: list[str] = Field(sa_type=JSON)
    error: str | None
    raw_output: str | None
    """The longest column is the last one, so that SQLite reads the others without it."""


class OwnerRow(Row, table=True):
    """A ledger that is open, or whose process died: another ledger closes what it left and deletes the row."""

    __tablename__ = _named("ai_owners")

    id: str = Field(primary_key=True)
    """UUID."""
    host: str
    """Where `pid` is valid: a machine, its boot, and a namespace of processes."""
    pid: int
    began: str
    """The process's start time as the system gives it; it tells the process from a later one of that `pid`."""
    seen_at: datetime = Field(sa_type=UtcDateTime)
    """Its last report, by the database's clock."""


class BudgetRow(Row, table=True):
    """A limit on what a business or a campaign may spend, with what is spent and reserved. As `BudgetState`."""

    __tablename__ = _named("ai_budgets")

    business_id: str = Field(primary_key=True)
    """A host's own businesses may share the id of a campaign, but no budget."""
    scope: str = Field(primary_key=True)
    scope_id: str = Field(primary_key=True)
    period: str = Field(primary_key=True)
    limit_usd: Decimal = Field(sa_type=UsdAmount)
    month: str
    """The month of the sums, e.g. `2026-12`; empty for a total."""
    spent_usd: Decimal = Field(sa_type=UsdAmount)
    reserved_usd: Decimal = Field(sa_type=UsdAmount)


class ReservationRow(Row, table=True):
    """What an open request holds of a budget. The first three columns are the key of its row in `ai_logs`."""

    __tablename__ = _named("ai_reservations")

    request_id: str = Field(primary_key=True)
    question: int = Field(primary_key=True)
    attempt: int = Field(primary_key=True)
    business_id: str = Field(primary_key=True)
    scope: str = Field(primary_key=True)
    scope_id: str = Field(primary_key=True)
    period: str = Field(primary_key=True)
    month: str
    """The budget's month at the time of the reservation."""
    amount_usd: Decimal = Field(sa_type=UsdAmount)
    """The reserved amount; without an owner, the booked one."""
    owner: str | None = Field(index=True)
    """The ledger of the request; None: it was found dead, and the request was settled."""
    reserved_at: datetime = Field(sa_type=UtcDateTime)


class IdempotencyRow(Row, table=True):
    """The idempotency key of a call, and its answer."""

    __tablename__ = _named("ai_idempotency")
    __table_args__ = (
        Index(
            "ix_ai_idempotency_open",
            "owner",
            sqlite_where=text("content_id IS NULL"),
            postgresql_where=text("content_id IS NULL"),
        ),
    )

    business_id: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    fingerprint: str
    """Of the call's arguments."""
    request_id: str
    owner: str
    """The ledger of the call."""
    until: datetime = Field(sa_type=UtcDateTime)
    """The end of the lease: another call may then take over, unless there is an answer."""
    content_id: str | None
    """The answer; None: the call is running."""
    claimed_at: datetime = Field(sa_type=UtcDateTime)
