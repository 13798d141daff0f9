"""An AI provider on loopback that answers, fails and hangs as a test scripts it.

async with ProviderServer() as server:
    server.script(HttpError(500), Answer(text))
    ...  # a client of `server.base_url`
    server.requests[1].document
"""

import asyncio
import socket
import struct
from collections.abc import Callable, Generator
from contextlib import contextmanager
from types import TracebackType
from typing import Self

from aiohttp import web
from pydantic import TypeAdapter

from tests.provider.reactions import Cut, Drip, Endless, Hang, Held, Reaction, Reset, Sampled
from tests.provider.received import OTHER_VENDORS, PATHS, JsonObject, ReceivedRequest
from tests.provider.rendering import Rendered, render

Step = Reaction | Callable[[ReceivedRequest], Reaction]
"""One entry of a script; a function decides by what it reads."""

_BODY = TypeAdapter(JsonObject)
_PATIENCE_S = 5.0
_SHUTDOWN_S = 0.01  # what still hangs when the test is over is cut off
_RESET_ON_CLOSE = struct.pack("ii", 1, 0)


class ProviderServer:
    """The Responses, Chat Completions and Images API of one provider. Without a script it gives valid answers."""

    def __init__(self) -> None:
        self.requests: list[ReceivedRequest] = []
        """All requests, in the order of arrival."""
        self.in_flight = 0
        self.max_in_flight = 0
        self.base_url = ""
        """Its address, `http://127.0.0.1:PORT/v1`, within the `async with` block."""
        self.when_hanging: Callable[[], object] = lambda: None
        """Called for each request that hangs: a test lets its clock go on."""
        self._steps: tuple[Step, ...] = (Sampled(),)
        self._arrival = asyncio.Condition()
        self._mistakes: list[Exception] = []
        application = web.Application()
        application.add_routes([web.post(path, self._serve) for path in (*PATHS, *OTHER_VENDORS)])
        application.add_routes([web.get("/files/{name}", self._give)])
        self._files: dict[str, Rendered] = {}
        self._runner = web.AppRunner(
            application, access_log=None, handler_cancellation=True, shutdown_timeout=_SHUTDOWN_S
        )

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.base_url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/v1"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._runner.cleanup()
        if self._mistakes:
            # A client reports a mistake in the script as a provider error; it must not pass as one.
            raise self._mistakes[0]

    def script(self, *steps: Step) -> None:
        """React to the next requests with `steps`, one each; the last one repeats."""
        if not steps:
            raise ValueError("a script needs at least one step")
        self._steps = steps

    def put(self, name: str, body: bytes, *, content_type: str = "image/png", location: str | None = None) -> str:
        """Give a file, or a redirect to `location`, to whoever asks for it. Return its address."""
        headers = {"location": location} if location else {}
        self._files[name] = Rendered(
            body=body, status=302 if location else 200, content_type=content_type, headers=headers
        )
        return f"{self.base_url.removesuffix('/v1')}/files/{name}"

    async def wait_for_requests(self, count: int) -> None:
        """Wait until `count` requests have arrived in all.

        Raises:
            TimeoutError: They did not arrive within 5 s.
        """
        async with asyncio.timeout(_PATIENCE_S), self._arrival:
            await self._arrival.wait_for(lambda: len(self.requests) >= count)

    async def _serve(self, http: web.Request) -> web.StreamResponse:
        request = await self._receive(http)
        self.in_flight += 1
        self.max_in_flight = max(self.max_in_flight, self.in_flight)
        try:
            reaction = self._next_reaction(request)
            if isinstance(reaction, Hang):
                self.when_hanging()
            return await _react(reaction, request, http)
        except (asyncio.CancelledError, ConnectionResetError):
            request.client_gone.set()
            raise
        except Exception as mistake:  # the edge: aiohttp would log it and answer 500
            self._mistakes.append(mistake)
            raise
        finally:
            self.in_flight -= 1

    async def _give(self, http: web.Request) -> web.Response:
        return _whole(self._files[http.match_info["name"]])

    async def _receive(self, http: web.Request) -> ReceivedRequest:
        body = _BODY.validate_json(await http.read())
        headers = {name.lower(): value for name, value in http.headers.items()}
        async with self._arrival:
            request = ReceivedRequest(len(self.requests), http.path, headers, body)
            self.requests.append(request)
            self._arrival.notify_all()
        return request

    def _next_reaction(self, request: ReceivedRequest) -> Reaction:
        step, *rest = self._steps
        self._steps = tuple(rest) or self._steps
        return step(request) if callable(step) else step


@contextmanager
def refusing_url() -> Generator[str]:
    """Yield a base URL on which connections are refused: the port is reserved, and nothing listens on it."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}/v1"


async def _react(reaction: Reaction, request: ReceivedRequest, http: web.Request) -> web.StreamResponse:
    match reaction:
        case Held(held, until):
            await until.wait()
            return await _react(held, request, http)
        case Hang():
            never: asyncio.Future[web.StreamResponse] = asyncio.get_running_loop().create_future()
            return await never
        case Reset():
            return _reset(http)
        case Cut(reply):
            return await _cut(render(reply, request), http)
        case Endless():
            return await _pour(reaction, http)
        case Drip(reply, _):
            return await _drip(render(reply, request), reaction, http)
        case _:
            return _whole(render(reaction, request))


def _whole(rendered: Rendered) -> web.Response:
    return web.Response(
        body=rendered.body, status=rendered.status, content_type=rendered.content_type, headers=rendered.headers
    )


def _reset(http: web.Request) -> web.Response:
    transport = _transport(http)
    transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
    transport.abort()
    return web.Response()  # goes nowhere


async def _cut(rendered: Rendered, http: web.Request) -> web.StreamResponse:
    response = await _started(rendered, http)
    await response.write(rendered.body[: len(rendered.body) // 2])
    _transport(http).abort()
    return response


async def _pour(endless: Endless, http: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(status=endless.status, headers={"content-type": "application/json"})
    await response.prepare(http)
    while True:
        await response.write(endless.chunk)


async def _drip(rendered: Rendered, drip: Drip, http: web.Request) -> web.StreamResponse:
    response = await _started(rendered, http)
    for byte in rendered.body:
        await drip.pace()
        await response.write(bytes([byte]))
    return response


async def _started(rendered: Rendered, http: web.Request) -> web.StreamResponse:
    """Send the headers, which promise the whole body."""
    response = web.StreamResponse(status=rendered.status, headers=rendered.headers)
    response.content_type = rendered.content_type
    response.content_length = len(rendered.body)
    await response.prepare(http)
    return response


def _transport(http: web.Request) -> asyncio.Transport:
    if http.transport is None:
        raise ConnectionResetError("the client is already gone")
    return http.transport
