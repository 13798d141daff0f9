"""A proxy before PostgreSQL that can be unreachable, be silent, or lose the answer to a commit."""

import asyncio
from contextlib import suppress
from types import TracebackType
from typing import Self

from sqlalchemy import make_url


class Proxy:
    """Forwards connections to `url`. Use it as an async context manager."""

    def __init__(self, server_url: str) -> None:
        self._server_url = make_url(server_url)
        self._port = 0
        self._listener: asyncio.Server | None = None
        self._lines: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._open = asyncio.Event()
        self._open.set()
        self.loses_commits = False
        self.lost = asyncio.Event()

    @property
    def url(self) -> str:
        return self._server_url.set(host="127.0.0.1", port=self._port).render_as_string(hide_password=False)

    async def __aenter__(self) -> Self:
        await self.back()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.away()
        self.speak()
        await asyncio.gather(*self._tasks)

    def away(self) -> None:
        """Refuse new connections and cut the existing ones."""
        assert self._listener is not None
        self._listener.close()
        for line in self._lines:
            line.transport.abort()

    async def back(self) -> None:
        """Accept connections, on the same port."""
        self._listener = await asyncio.start_server(self._serve, "127.0.0.1", self._port)
        self._port = self._listener.sockets[0].getsockname()[1]

    def hush(self) -> None:
        """Accept data, and forward nothing."""
        self._open.clear()

    def speak(self) -> None:
        """Forward everything again."""
        self._open.set()

    def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._pass_on(reader, writer))
        self._tasks.add(task)

    async def _pass_on(self, from_client: asyncio.StreamReader, to_client: asyncio.StreamWriter) -> None:
        host, port = self._server_url.host, self._server_url.port
        from_server, to_server = await asyncio.open_connection(host, port)
        lines = {to_client, to_server}
        self._lines |= lines

        async def questions() -> None:
            while said := await from_client.read(65536):
                await self._open.wait()
                to_server.write(said)

        async def answers() -> None:
            while said := await from_server.read(65536):
                await self._open.wait()
                if self.loses_commits and _tells_of_commit(said):
                    self.lost.set()
                    break
                to_client.write(said)

        tasks = {asyncio.create_task(questions()), asyncio.create_task(answers())}
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for line in lines:
            line.transport.abort()
        with suppress(OSError):
            await asyncio.gather(*tasks)
        self._lines -= lines


def _tells_of_commit(said: bytes) -> bool:
    """Return whether a server says that a transaction, or a statement outside of one, is durable."""
    outside = said.endswith(b"Z\0\0\0\5I")
    return b"COMMIT\0" in said or (outside and any(tag in said for tag in (b"INSERT 0 ", b"UPDATE ")))
