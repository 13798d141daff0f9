"""A row for each open ledger, so that a live one can close what a dead one left open."""

from collections.abc import Collection, Sequence
from datetime import timedelta

from sqlalchemy import Connection, func, literal_column, select

from storage.idempotency import free
from storage.processes import Process, runs
from storage.reservations import settle_for
from storage.tables import AttemptRow, OwnerRow, table_of, utc_now

BEAT_S = 5.0
"""How often an owner reports that it is alive."""

_SILENT_AFTER = timedelta(seconds=30)
_NEVER_SETTLED = "never settled: its process died or closed the ledger first"

_OWNERS = table_of(OwnerRow)
_ATTEMPTS = table_of(AttemptRow)


def beat(connection: Connection, owner: str, process: Process, *, left: Collection[str] = ()) -> None:
    """Report that this owner is alive, and close what dead owners left open.

    An owner is dead when its process no longer runs, or when it is in `left`, the closed ledgers of this process. The
    process of another machine cannot be seen: its owner is dead when its last report is 30 seconds older than this
    owner's own, since while the database is away nobody reports. The row of a process that died is kept for as long,
    because the server may still commit what the process had sent.
    """
    rows = {row.id: row for row in connection.execute(select(_OWNERS))}
    own = rows.pop(owner, None)
    silent = {row.id for row in rows.values() if own is not None and row.seen_at < own.seen_at - _SILENT_AFTER}
    dead: set[str] = set()
    for row in rows.values():
        running = False if row.id in left else runs(Process(row.host, row.pid, row.began), seen_from=process)
        if running is False or (running is None and row.id in silent):
            dead.add(row.id)
    if dead:
        close_lost(connection, [*dead])
        forget(connection, [*dead & (silent | {*left})])
    _say(connection, owner, process)


def close_lost(connection: Connection, owners: Sequence[str]) -> None:
    """Close what these owners left open; idempotent, also across processes.

    Open requests become `lost` at the upper bound they were opened with, which is booked as what they reserved, and
    idempotency keys are freed.
    """
    settle_for(connection, owners)
    # a literal: with a bound parameter SQLite would not use the partial index of open rows
    left_open = (_ATTEMPTS.c.owner.in_(owners), _ATTEMPTS.c.status == literal_column("'sent'"))
    lost = {"status": "lost", "cost_estimated": True, "finished_at": utc_now(), "error": _NEVER_SETTLED}
    connection.execute(_ATTEMPTS.update().where(*left_open).values(lost))
    free(connection, owners)


def forget(connection: Connection, owners: Sequence[str]) -> None:
    """Delete the rows of these owners, which left nothing open."""
    connection.execute(_OWNERS.delete().where(_OWNERS.c.id.in_(owners)))


def _say(connection: Connection, owner: str, process: Process) -> None:
    now = func.current_timestamp()
    seen = connection.execute(_OWNERS.update().where(_OWNERS.c.id == owner).values(seen_at=now))
    if not seen.rowcount:
        row = {"id": owner, "host": process.host, "pid": process.pid, "began": process.began, "seen_at": now}
        connection.execute(_OWNERS.insert().values(row))
