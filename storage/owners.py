"""Who writes the books: a row for each open ledger, so that what a dead one left open can be closed."""

from collections.abc import Collection, Sequence
from datetime import timedelta

from sqlalchemy import Connection, func, literal_column, select

from storage.idempotency import free
from storage.processes import Process, runs
from storage.reservations import settle_for
from storage.tables import AttemptRow, OwnerRow, table_of, utc_now

BEAT_S = 5.0
"""How often an owner says that it lives."""

_SILENT_AFTER = timedelta(seconds=30)
_NEVER_SETTLED = "never settled: its process died or closed the ledger first"

_OWNERS = table_of(OwnerRow)
_ATTEMPTS = table_of(AttemptRow)


def beat(connection: Connection, owner: str, process: Process, *, left: Collection[str] = ()) -> None:
    """Say that this owner lives, and close what dead ones left open.

    Dead is whose process is seen to run no more, and who is in `left`: closed ledgers of this process. Where that
    can't be seen, from another machine, dead is who was silent for 30 seconds before this owner's own last word:
    while the database was away, all were. Whose process died is remembered until then too: a server may still commit
    what it had sent before.
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
    """Close what these owners left open. Of several who find them dead at once, one does it.

    Their open requests become `lost` at the upper bound that they were opened with, their reservations are settled at
    the sum of their requests, their idempotency keys are free.
    """
    # the status is written out, or SQLite would not see that the index of open rows serves
    left_open = (_ATTEMPTS.c.owner.in_(owners), _ATTEMPTS.c.status == literal_column("'sent'"))
    lost = {"status": "lost", "cost_estimated": True, "finished_at": utc_now(), "error": _NEVER_SETTLED}
    connection.execute(_ATTEMPTS.update().where(*left_open).values(lost))
    settle_for(connection, owners)
    free(connection, owners)


def forget(connection: Connection, owners: Sequence[str]) -> None:
    """Forget these owners, who left nothing open."""
    connection.execute(_OWNERS.delete().where(_OWNERS.c.id.in_(owners)))


def _say(connection: Connection, owner: str, process: Process) -> None:
    now = func.current_timestamp()
    seen = connection.execute(_OWNERS.update().where(_OWNERS.c.id == owner).values(seen_at=now))
    if not seen.rowcount:
        row = {"id": owner, "host": process.host, "pid": process.pid, "began": process.began, "seen_at": now}
        connection.execute(_OWNERS.insert().values(row))
