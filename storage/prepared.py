"""Statements for SQLite that are compiled once: for the ledger, whose small transactions all calls wait for."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Insert, Update
from sqlalchemy.dialects import sqlite
from sqlalchemy.types import TypeEngine

_DIALECT = sqlite.dialect()

_Processor = Callable[[object], object]


class Prepared:
    """The text of a statement, and how its columns' types turn values into what the driver stores.

    SQLAlchemy does the same anew for each transaction: looks the statement up, names the parameters, orders them. Of
    a small transaction that is half the time.
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
