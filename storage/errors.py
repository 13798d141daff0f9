"""What storage raises, by who is at fault.

Exception
├── StorageError      the database: it refuses to read or write
├── StaleContent      the caller: somebody else changed the content first
└── DatabaseUrlError  the settings
"""


class StorageError(Exception):
    """The database refuses. What it said is the cause (`__cause__`)."""


class StaleContent(Exception):
    """Saved content has another revision than the caller saw. Nothing was written."""


class DatabaseUrlError(ValueError):
    """The database URL is not usable. Nothing was opened."""
