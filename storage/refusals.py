"""What a database says when it refuses, and whether trying again may help."""

import sqlite3
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, StatementError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from storage.errors import StorageError

_PASSING = {
    *(sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY),
    *(sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PROTOCOL, sqlite3.SQLITE_NOMEM),
    *(sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB),
}
"""What SQLite says of the file, and not of a statement or a value."""
_VALUE = "22"
_FAULTS_OF_OURS = ("0A", "23", "42")
"""Classes of SQLSTATE: an unsupported feature, a constraint, a statement or a missing table."""

SLOW_S = 0.1
"""Who has waited longer than this has waited for the database."""

_FIRST_WAIT_S = 0.1
LONGEST_WAIT_S = 1.0


@contextmanager
def refusals() -> Generator[None]:
    """Raise what the database refuses as `StorageError`; mistakes in code pass through."""
    try:
        yield
    except (DBAPIError, PoolTimeout) as error:
        raise storage_error(error) from error


def storage_error(error: Exception) -> StorageError:
    """Return the error as one of storage; raise it `from` what was given."""
    if isinstance(error, StorageError):
        return StorageError(str(error), passing=error.passing)
    said = error.orig if isinstance(error, StatementError) else error
    # PostgreSQL and asyncpg quote the value, which may be a tenant's
    reason = "a value that does not fit its column" if _is_of_a_value(said) else str(said) or "no answer"
    return StorageError(f"the database refuses: {reason}", passing=is_passing(error))


def is_passing(error: Exception) -> bool:
    """Whether the database is at fault, so that trying again may help, and not a row, a statement or the code."""
    if not isinstance(error, DBAPIError):
        return isinstance(error, PoolTimeout | TimeoutError)
    said = error.orig
    if isinstance(said, sqlite3.Error):
        return _sqlite_code(said) in _PASSING
    return not _is_of_a_value(said) and not _sqlstate(said).startswith(_FAULTS_OF_OURS)


def is_locked(error: Exception) -> bool:
    """Whether another process holds the SQLite file."""
    said = error.orig if isinstance(error, DBAPIError) else None
    return isinstance(said, sqlite3.Error) and _sqlite_code(said) == sqlite3.SQLITE_BUSY


def no_answer_since(began: float) -> StorageError | None:
    """Return what to say of a database asked at `began`, in seconds of the monotonic clock; None: it is in time."""
    waited_s = time.monotonic() - began
    return StorageError(f"no answer of the database in {waited_s:.1f} s", passing=True) if waited_s > SLOW_S else None


def refusal_behind(error: BaseException) -> StorageError | None:
    """Return what the database refused while the caller waited for it and ran out of time; None: nothing."""
    seen: BaseException | None = error
    while seen is not None and not isinstance(seen, StorageError):
        seen = seen.__cause__ or seen.__context__
    return seen


def growing_waits() -> Iterator[float]:
    """Yield the seconds to wait before each further try, without end."""
    wait_s = _FIRST_WAIT_S
    while True:
        yield wait_s
        wait_s = min(2 * wait_s, LONGEST_WAIT_S)


def _sqlite_code(error: sqlite3.Error) -> int:
    # the module's own errors have no code: they are of the code that calls it
    return getattr(error, "sqlite_errorcode", sqlite3.SQLITE_MISUSE) & 0xFF


def _sqlstate(error: BaseException | None) -> str:
    return getattr(error, "sqlstate", None) or ""


def _is_of_a_value(error: BaseException | None) -> bool:
    # what asyncpg can't even send is a ValueError
    cause = getattr(error, "__cause__", None)
    return _sqlstate(error).startswith(_VALUE) or (_sqlstate(error) == "" and isinstance(cause, ValueError))
