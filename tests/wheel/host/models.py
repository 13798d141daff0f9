"""A shop's own tables, with the names that a marketing database has."""

from decimal import Decimal

from sqlmodel import Field, SQLModel


class Business(SQLModel, table=True):
    """A shop."""

    __tablename__ = "businesses"  # pyright: ignore[reportAssignmentType] - SQLModel declares it as a method
    id: int | None = Field(default=None, primary_key=True)
    name: str


class Campaign(SQLModel, table=True):
    """What a shop sells for a while."""

    __tablename__ = "campaigns"  # pyright: ignore[reportAssignmentType]
    id: int | None = Field(default=None, primary_key=True)
    business_id: int = Field(foreign_key="businesses.id")


class Content(SQLModel, table=True):
    """A page of the shop."""

    __tablename__ = "content"  # pyright: ignore[reportAssignmentType]
    id: int | None = Field(default=None, primary_key=True)
    html: str


class Budget(SQLModel, table=True):
    """What a shop may buy for."""

    __tablename__ = "budgets"  # pyright: ignore[reportAssignmentType]
    id: int | None = Field(default=None, primary_key=True)
    euros: Decimal
