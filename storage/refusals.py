"""Classifies a database's refusal: whose fault it is, and whether a retry may help."""

import sqlite3
from collections.abc import Generator, Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, StatementError, TimeoutError as PoolTimeout

from storage.failures import DatabaseAway, DatabaseUnfit, StorageError, ValueRefused

_MIGRATE = "run `ai-service migrate` with this version, or correct the database URL"
_TAKEN = "another program has objects of these names: use a schema (?schema=…) or a SQLite file of their own"
_RIGHTS = "grant the role rights on the tables, or make the file writable"
_LOGIN = "correct user, password and database in the database URL"
_FILE = "name another file in the database URL, or restore this one from a backup"
_OTHER = "compare its tables with those that `ai-service migrate` makes"

_VALUE = ("22", "54")
"""Classes of SQLSTATE: a value that is no value of its type, or exceeds a limit of the server."""
_UNFIT = {
    **{"42P01": _MIGRATE, "42703": _MIGRATE, "3F": _MIGRATE},
    **{"42P06": _TAKEN, "42P07": _TAKEN, "42710": _TAKEN},
    **{"42501": _RIGHTS, "28": _LOGIN, "3D": _LOGIN},
    **{"0A": _OTHER, "23": _OTHER, "42": _OTHER},
}
"""SQLSTATEs and their classes that no retry changes, and the way out; the more exact ones first."""

_SQLITE_VALUE = {sqlite3.SQLITE_TOOBIG, sqlite3.SQLITE_MISMATCH}
_SQLITE_UNFIT = {
    **dict.fromkeys((sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH), _RIGHTS),
    **dict.fromkeys((sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT), _FILE),
    **dict.fromkeys((sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_MISUSE, sqlite3.SQLITE_RANGE), _OTHER),
}

SLOW_S = 0.1
"""Whoever has waited longer than this has waited for the database."""

_FIRST_WAIT_S = 0.1
LONGEST_WAIT_S = 1.0

_ERRORS = (DBAPIError, PoolTimeout, OverflowError, UnicodeEncodeError)
"""What a database and its driver raise: a driver says by the last two that it cannot even send a value."""


@contextmanager
def refusals() -> Generator[None]:
    """Raise what the database refuses as a `StorageError`; mistakes in code pass through."""
    try:
        yield
    except _ERRORS as error:
        raise storage_error(error) from error
    except StatementError as error:
        if isinstance(error.orig, OverflowError):
            raise storage_error(error.orig) from error
        raise


def storage_error(error: Exception) -> StorageError:
    """Return the error as the `StorageError` of whose fault it is; raise it `from` what was given."""
    if isinstance(error, StorageError):
        return type(error)(*error.args)
    said = error.orig if isinstance(error, StatementError) else error
    if _is_of_a_value(said):
        # PostgreSQL and asyncpg quote the value, which may be a tenant's
        return ValueRefused("the database refuses: a value that does not fit its column")
    reason = f"the database refuses: {str(said) or 'no answer'}"
    way_out = _way_out(said)
    return DatabaseAway(reason) if way_out is None else DatabaseUnfit(f"{reason}; {way_out}")


def is_passing(error: Exception) -> bool:
    """Whether the database is away, so that a retry may help, and not a row, a statement or the code at fault."""
    return isinstance(storage_error(error), DatabaseAway)


def is_locked(error: Exception) -> bool:
    """Whether another process holds the SQLite file."""
    said = error.orig if isinstance(error, DBAPIError) else None
    return isinstance(said, sqlite3.Error) and _sqlite_code(said) == sqlite3.SQLITE_BUSY


def no_answer_for(waited_s: float) -> DatabaseAway | None:
    """Return the refusal of a database that has not answered for so many seconds; None: it is in time."""
    return DatabaseAway(f"no answer of the database in {waited_s:.1f} s") if waited_s > SLOW_S else None


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


def _way_out(said: BaseException | None) -> str | None:
    """Return what to change where a retry cannot help; None: it may."""
    if isinstance(said, sqlite3.Error):
        return _sqlite_way_out(said)
    if isinstance(said, PoolTimeout | TimeoutError) or hasattr(said, "sqlstate"):
        return next((way_out for state, way_out in _UNFIT.items() if _sqlstate(said).startswith(state)), None)
    return _OTHER


def _sqlite_way_out(said: sqlite3.Error) -> str | None:
    code = _sqlite_code(said)
    if code == sqlite3.SQLITE_ERROR:
        return _TAKEN if "already exists" in str(said) else _MIGRATE
    return _SQLITE_UNFIT.get(code)


def _sqlite_code(error: sqlite3.Error) -> int:
    # an error without a code is of the module itself: the calling code is wrong
    return getattr(error, "sqlite_errorcode", sqlite3.SQLITE_MISUSE) & 0xFF


def _sqlstate(error: BaseException | None) -> str:
    return getattr(error, "sqlstate", None) or ""


def _is_of_a_value(error: BaseException | None) -> bool:
    if isinstance(error, OverflowError | UnicodeEncodeError):
        return True
    if isinstance(error, sqlite3.Error):
        return _sqlite_code(error) in _SQLITE_VALUE
    # what asyncpg cannot send is a ValueError
    cause = getattr(error, "__cause__", None)
    return _sqlstate(error).startswith(_VALUE) or (_sqlstate(error) == "" and isinstance(cause, ValueError))
