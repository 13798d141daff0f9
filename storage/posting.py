"""Posts one batch of the ledger: releases what its settlements hold, reserves for its rows, writes both."""

from sqlalchemy import Connection, select, tuple_

from models.unaffordable import Unaffordable
from storage.log_rows import write
from storage.log_writers import Failure, Writer
from storage.pending import Batch, Opening
from storage.reservations import LockedBudgets
from storage.tables import AttemptRow, table_of

_ATTEMPTS = table_of(AttemptRow)
_REQUEST = tuple_(_ATTEMPTS.c.request_id, _ATTEMPTS.c.question, _ATTEMPTS.c.attempt)


async def post(writer: Writer, batch: Batch) -> Failure | None:
    """Write a batch in one transaction, by itself where it is one statement. None: it is durable.

    A row that a budget does not allow is not written and has its reason in `refused`; the others are written.
    """
    if writer.commits_alone and batch.is_one_statement:
        budgeted = False

        def alone(connection: Connection) -> None:
            nonlocal budgeted
            budgeted = bool(_lock(connection, batch))
            if not budgeted:
                _write(connection, batch)

        failure = await writer.transact(alone, alone=True)
        if failure is not None or not budgeted:
            return failure
    return await writer.transact(lambda connection: _post(connection, batch))


def _post(connection: Connection, batch: Batch) -> None:
    budgets = _lock(connection, batch)
    # what is released makes room for the rows of the same batch
    budgets.release({item.row: item.charged_usd for item in batch.settlements if item.holds})
    if budgets:
        _reserve(connection, batch, budgets)
    budgets.save()
    _write(connection, batch)


def _lock(connection: Connection, batch: Batch) -> LockedBudgets:
    rows = {spender for row in batch.rows for spender in row.reservation.spenders}
    settled = {spender for item in batch.settlements if item.holds for spender in item.spenders}
    return LockedBudgets(connection, rows | settled)


def _reserve(connection: Connection, batch: Batch, budgets: LockedBudgets) -> None:
    written = _written_before(connection, [row for row in batch.rows if row.doubtful])
    for row in batch.rows:
        row.refused = None
        try:
            row.holds = row in written or budgets.take(row.reservation)
        except Unaffordable as error:
            row.refused = error


def _write(connection: Connection, batch: Batch) -> None:
    rows = [row for row in batch.rows if row.refused is None]
    write(
        connection,
        rows=[row.values for row in rows if not row.doubtful],
        doubtful=[row.values for row in rows if row.doubtful],
        outcomes=[item.values for item in batch.settlements],
    )


def _written_before(connection: Connection, doubtful: list[Opening]) -> set[Opening]:
    """Return the rows that are written although their commit was not answered. Their reservations are too."""
    if not doubtful:
        return set()
    keys = [row.reservation.request for row in doubtful]
    found = {tuple(key) for key in connection.execute(select(*_REQUEST.clauses).where(_REQUEST.in_(keys)))}
    return {row for row in doubtful if row.reservation.request in found}
