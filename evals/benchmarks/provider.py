"""The loopback provider of all benchmarks: a separate process that counts the requests it sees and bills.

Run it as a module: it prints its port, and ends when its standard input ends. The first part of a request's path
selects its mode; `GET /seen` returns the requests since `DELETE /seen`.
"""

import asyncio
import json
import socket
import struct
import sys
import time
from random import Random

from aiohttp import web

from evals.benchmarks.answer_shapes import CERTAIN, shape_of
from evals.benchmarks.model_answers import calendar_part, text_of
from evals.benchmarks.modes import Mode
from evals.benchmarks.plan import READABLE, Fault
from evals.benchmarks.troubles import Troubles
from evals.benchmarks.wire import CHAT, RESPONSES, Answer, body_of, call_of, output_limit_of, strategy_task_of

_RESET_ON_CLOSE = struct.pack("ii", 1, 0)
_BYTES_PER_TOKEN = 4
_ANSWERS_AFTER_S = {Mode.SLOW: (0.0, 0.06), Mode.QUICK_MODEL: (0.5, 1.5)}
"""Minimum and maximum seconds of an answer, by mode."""
_THINKING = {Mode.THINKING, Mode.ROUTED}
_THOUGHT = (0.5, 1.0)
"""Minimum and maximum fraction of the token limit billed in these modes."""
_NAMES = {Mode.ROUTED: "router-eu/writer-large"}
"""Names that answers are served under, by mode; else the one asked for."""
_OF_USE = {None, *READABLE}
"""Faults that leave an answer of certain meaning."""
_STATUS = {Fault.RATE_LIMITED: 429, Fault.SERVER_ERROR: 500, Fault.UNAVAILABLE: 503, Fault.UNAUTHORIZED: 401}


class Provider:
    """The provider: its requests, in order, and what becomes of them."""

    def __init__(self) -> None:
        self.seen: list[tuple[int | None, int, int, bool]] = []
        """For each request, the call's number, the billed input and output tokens, and whether the answer is of use."""
        self._troubles = Troubles()

    async def answer(self, http: web.Request) -> web.StreamResponse:
        """Answer one request according to its mode and its call."""
        body = await http.read()
        call = call_of(body)
        mode = Mode(http.match_info["mode"])
        fault = self._troubles.next(mode, call, time.monotonic())
        task = strategy_task_of(body)
        shape = shape_of(call, self._troubles.asked(call)) if mode is Mode.SHAPES else None
        text = calendar_part(task) if task else shape.text(call) if shape else text_of(call, fault)
        output_tokens = len(text) // _BYTES_PER_TOKEN
        if mode in _THINKING and call is not None:
            output_tokens = int(output_limit_of(body) * Random(call).uniform(*_THOUGHT))
        input_tokens = len(body) // _BYTES_PER_TOKEN
        answer = Answer(text, fault is Fault.TRUNCATED, input_tokens, output_tokens, _NAMES.get(mode, "gpt-5.2"))
        refused = _refused(fault, mode)
        is_of_use = fault in _OF_USE and (shape is None or shape in CERTAIN)
        if refused:
            self.seen.append((call, 0, 0, False))
        else:
            self.seen.append((call, answer.input_tokens, answer.output_tokens, is_of_use))
        if refused:
            return refused
        if fault is Fault.HANG:
            await asyncio.get_running_loop().create_future()  # until the client leaves
        if fault is Fault.RESET:
            return _reset(http)
        whole = json.dumps(body_of(http.path, answer, len(self.seen))).encode()
        if mode is Mode.DRIP:
            return await _drip(http, whole)
        if mode in _ANSWERS_AFTER_S:
            await asyncio.sleep(Random(call).uniform(*_ANSWERS_AFTER_S[mode]))
        return web.Response(body=whole, content_type="application/json")

    async def tell(self, http: web.Request) -> web.Response:
        """Return the requests seen."""
        return web.json_response(self.seen)

    async def forget(self, http: web.Request) -> web.Response:
        """Start counting anew."""
        self.seen.clear()
        self._troubles = Troubles()
        return web.Response()


def _refused(fault: Fault | None, mode: Mode) -> web.Response | None:
    """Return the refusal of an unbilled request; None if it gets some answer."""
    if fault is None or fault not in _STATUS:
        return None
    retry_after_s = 3600 if mode is Mode.RETRY_AFTER else 1
    headers = {"Retry-After": str(retry_after_s)} if fault is Fault.RATE_LIMITED else {}
    error = {"message": "as planned", "type": "planned", "param": None, "code": None}
    return web.json_response({"error": error}, status=_STATUS[fault], headers=headers)


async def _drip(http: web.Request, whole: bytes) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Length": str(len(whole)), "Content-Type": "application/json"})
    await response.prepare(http)
    for byte in whole:
        await response.write(bytes([byte]))
        await asyncio.sleep(1)
    return response


def _reset(http: web.Request) -> web.Response:
    assert http.transport is not None
    http.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
    http.transport.close()
    return web.Response()  # goes nowhere


async def serve() -> None:
    """Serve on a free port, print it, and stop when standard input ends."""
    provider = Provider()
    application = web.Application(client_max_size=2**24)
    application.add_routes(
        [
            *(web.post(f"/{{mode}}{path}", provider.answer) for path in (RESPONSES, CHAT)),
            web.get("/seen", provider.tell),
            web.delete("/seen", provider.forget),
        ]
    )
    runner = web.AppRunner(application, access_log=None, handler_cancellation=True, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, backlog=1024).start()
    sys.stdout.write(f"{runner.addresses[0][1]}\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.read)
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(serve())
