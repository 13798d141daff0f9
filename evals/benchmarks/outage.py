"""Database outages on command: another process locks the SQLite file, or the server becomes unreachable.

Run it as a module with the database's URL: it prints the URL to use instead, obeys each line of its standard input
(`away` or `back`), prints the same word when done, and ends when its input ends.
"""

import asyncio
import sqlite3
import sys
from contextlib import closing, suppress
from typing import Protocol

from sqlalchemy import URL, make_url

_LOCK_S = 30
"""Maximum wait for the file's lock, which the benchmark's own process holds most of the time."""


class Outage(Protocol):
    """A way to make a database unavailable to everybody."""

    async def away(self) -> None:
        """Start the outage."""
        ...

    async def back(self) -> None:
        """End it."""
        ...


class LockedFile:
    """Holds the exclusive lock of a SQLite file, so that nobody else can write."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    async def away(self) -> None:
        """Take the lock."""
        self._connection.execute("BEGIN EXCLUSIVE")

    async def back(self) -> None:
        """Release the lock."""
        self._connection.execute("ROLLBACK")


class CutLine:
    """A proxy between PostgreSQL and its clients."""

    def __init__(self, server: URL) -> None:
        self._server = server
        self._lines: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._listener: asyncio.Server | None = None
        self.port = 0

    async def away(self) -> None:
        """Refuse new connections, and cut the existing ones."""
        assert self._listener is not None
        self._listener.close()
        self._listener = None
        for line in self._lines:
            line.transport.abort()

    async def back(self) -> None:
        """Accept connections, always on the same port."""
        self._listener = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._listener.sockets[0].getsockname()[1]

    def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._connect(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _connect(self, from_client: asyncio.StreamReader, to_client: asyncio.StreamWriter) -> None:
        from_server, to_server = await asyncio.open_connection(self._server.host, self._server.port or 5432)
        lines = {to_client, to_server}
        self._lines |= lines
        if self._listener is not None:
            ways = [_pass_on(from_client, to_server), _pass_on(from_server, to_client)]
            await asyncio.wait(map(asyncio.create_task, ways), return_when=asyncio.FIRST_COMPLETED)
        for line in lines:
            line.transport.abort()
        self._lines -= lines


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while said := await reader.read(65_536):
            writer.write(said)


async def _obey(outage: Outage, url: URL) -> None:
    _say(url.render_as_string(hide_password=False))
    while word := (await asyncio.to_thread(sys.stdin.readline)).strip():
        await (outage.away() if word == "away" else outage.back())
        _say(word)


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


async def serve(url: URL) -> None:
    """Obey commands until standard input ends."""
    if url.get_backend_name() == "sqlite":
        with closing(sqlite3.connect(str(url.database), isolation_level=None, timeout=_LOCK_S)) as connection:
            await _obey(LockedFile(connection), url)
        return
    line = CutLine(url)
    await line.back()
    await _obey(line, url.set(host="127.0.0.1", port=line.port))


if __name__ == "__main__":
    asyncio.run(serve(make_url(sys.argv[1])))
