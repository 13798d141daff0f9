"""The errors of storage, by who is at fault.

Exception
├── StorageError          the database
│   ├── DatabaseAway      it is locked, full or unreachable: the same may succeed later
│   ├── DatabaseUnfit     the deployment: the login, the rights or the tables
│   │   └── NotMigrated   the tables are not those of this version
│   └── ValueRefused      the caller: a value does not fit
├── DatabaseUrlError      the settings
├── StaleContent          the caller: it was changed in the meantime
└── StateRefused          the caller: the state may not follow on the present one
"""


class StorageError(Exception):
    """The database refuses. Its own error is the cause (`__cause__`)."""


class DatabaseAway(StorageError):
    """The database is locked, full or unreachable: the same may succeed later."""


class DatabaseUnfit(StorageError):
    """The login, the rights or the tables do not fit. Waiting does not help; the message says what to change."""


class NotMigrated(DatabaseUnfit):
    """The tables are not those of this version. Nothing was read or written."""


class ValueRefused(StorageError):
    """A value does not fit its column. Nothing was written."""


class DatabaseUrlError(ValueError):
    """The database URL is not usable. Nothing was opened."""


class StaleContent(Exception):
    """Saved content has another revision than the caller read. Nothing was written."""


class StateRefused(Exception):
    """Saved content may not get this state. Nothing was written."""
