"""Statements for SQLite that are compiled once, for the small transactions of the ledger."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Insert, Update
from sqlalchemy.dialects import sqlite
from sqlalchemy.types import TypeEngine

_DIALECT = sqlite.dialect()

_Processor = Callable[[object], object]


class Prepared:
    """The text of a statement, and the conversions of its columns' types to what the driver stores.

    SQLAlchemy looks the statement up and names and orders the parameters for each execution, which is half the time of
    a small transaction.
    """

    def __init__(self, statement: Insert | Update, columns: Sequence[str]) -> None:
        compiled = statement.compile(dialect=_DIALECT, column_keys=columns)
        self._text = str(compiled)
        self._parameters = [(name, _processor(compiled.binds[name].type)) for name in compiled.positiontup or ()]

    def execute(self, connection: Connection, rows: Sequence[Mapping[str, object]]) -> None:
        """Run the statement once for each row, with its values by column."""
        connection.exec_driver_sql(self._text, [self._values(row) for row in rows])

    def _values(self, row: Mapping[str, object]) -> tuple[object, ...]:
        return tuple([row[name] if process is None else process(row[name]) for name, process in self._parameters])


# Any: SQLAlchemy's types are generic in what they hold.
def _processor(column: TypeEngine[Any]) -> _Processor | None:
    return column.dialect_impl(_DIALECT).bind_processor(_DIALECT)


@cache
def prepared(statement: Insert | Update, columns: tuple[str, ...]) -> Prepared:
    """Return the statement, compiled for rows with values for these columns."""
    return Prepared(statement, columns)
