"""What the server of a provider case sends: exact bytes, and what it does beside."""

import asyncio
import base64
import json
import socket
import struct
import zlib
from collections.abc import Callable, Iterator
from datetime import timedelta
from email.utils import format_datetime
from functools import cache
from typing import Any

from aiohttp import web
from pydantic import JsonValue

from evals.frozen.loopback import REPLY, Asked
from evals.frozen.opened import KEY, WORDS, Ticking
from evals.frozen.situations import Situation

_CHAT: dict[str, JsonValue] = {"id": "x", "object": "chat.completion", "created": 1795900000, "model": "writer-1"}
_USAGE: JsonValue = {"prompt_tokens": 812, "completion_tokens": 64, "total_tokens": 876}
_RESET = struct.pack("ii", 1, 0)


def chat_good(content: str | None = None, **changes: JsonValue) -> str:
    """Return a chat completion as JSON."""
    message: JsonValue = {"role": "assistant", "content": json.dumps(REPLY) if content is None else content}
    choice: JsonValue = {"index": 0, "message": message, "finish_reason": "stop"}
    return json.dumps({**_CHAT, "choices": [choice], "usage": _USAGE, **changes})


def responses_good() -> str:
    """Return an answer of the Responses API as JSON."""
    part: JsonValue = {"type": "output_text", "text": json.dumps(REPLY), "annotations": []}
    message: JsonValue = {
        "type": "message",
        "id": "msg_9",
        "status": "completed",
        "role": "assistant",
        "content": [part],
    }
    usage: JsonValue = {
        "input_tokens": 812,
        "output_tokens": 64,
        "total_tokens": 876,
        "input_tokens_details": {"cached_tokens": 0},
        "output_tokens_details": {"reasoning_tokens": 0},
    }
    return json.dumps(
        {
            "id": "resp_9",
            "object": "response",
            "created_at": 1795900000,
            "status": "completed",
            "error": None,
            "incomplete_details": None,
            "model": "gpt-5.2",
            "output": [{**message, "content": [part]}],
            "parallel_tool_calls": True,
            "tool_choice": "auto",
            "tools": [],
            "usage": usage,
        }
    )


async def send_good(asked: Asked) -> web.StreamResponse:
    """Answer well, in the API that was asked."""
    body = responses_good() if asked.http.path.endswith("/responses") else chat_good()
    return web.Response(text=body, content_type="application/json")


async def send_case(case: Situation, asked: Asked, *, clock: Ticking, other_port: int) -> web.StreamResponse:
    """Answer as a case says, byte by byte."""
    if case.id == "r3.prov.conn.reset":
        _transport(asked).get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        _transport(asked).abort()
        return web.Response()
    head, body = _head(case, clock, other_port), body_of(case)
    transport = _transport(asked)
    if case.id == "r3.prov.conn.chunk":
        good = chat_good().encode()
        chunks = b"".join(b"64\r\n" + good[start : start + 100] + b"\r\n" for start in (0, 100))
        transport.write(head + b"Connection: close\r\n\r\n" + chunks)
    elif case.id == "r3.prov.conn.short":
        transport.write(head + b"Connection: close\r\n\r\n" + body[:300])
    elif case.id == "r3.prov.conn.slow":
        transport.write(head + f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode())
        await _drip(transport, body, clock)
    else:
        length = b"" if case.input["status"] == 204 else f"Content-Length: {len(body)}\r\n".encode()
        transport.write(head + length + b"Connection: close\r\n\r\n" + body)
    transport.close()
    return web.Response()


def _transport(asked: Asked) -> asyncio.Transport:
    transport = asked.http.transport
    if transport is None:
        raise ConnectionResetError("the client is already gone")
    return transport


async def _drip(transport: asyncio.Transport, body: bytes, clock: Ticking) -> None:
    for byte in body:
        if transport.is_closing():
            return
        transport.write(bytes([byte]))
        clock.pass_s(0.5)
        for _ in range(3):  # let the other side read, or turn away
            await asyncio.sleep(0)


def _head(case: Situation, clock: Ticking, other_port: int) -> bytes:
    lines = [f"HTTP/1.1 {case.input['status']} Said"]
    for name, given in case.input["headers"].items():
        value = str(given).replace("OTHER", str(other_port))
        if value.startswith("an HTTP date"):
            value = format_datetime(clock.now() + timedelta(seconds=3), usegmt=True)
        if value.startswith("x repeated"):
            value = "x" * 1_000_000
        if name != "Content-Length" or case.id == "r3.prov.conn.short":
            lines.append(f"{name}: {value}")
    return ("\r\n".join(lines) + "\r\n").encode("latin-1")


def body_of(case: Situation) -> bytes:
    """Return the body of a case; one in words is built once."""
    if case.id in _BUILT:
        return _built(case.id)
    if "body_base64" in case.input:
        return base64.b64decode(case.input["body_base64"])
    body = str(case.input.get("body") or "")
    if ".secret." in case.id:
        body = body.replace("KEY", KEY).replace("WORDS", WORDS)
    return body.encode()


@cache
def _built(case_id: str) -> bytes:
    return _BUILT[case_id]()


def _with_logprobs(size: int) -> bytes:
    entry: JsonValue = {"token": "x", "logprob": -0.5, "bytes": [120], "top_logprobs": []}
    one = len(json.dumps(entry)) + 2
    whole: dict[str, Any] = json.loads(chat_good())
    whole["choices"][0]["logprobs"] = {"content": [entry] * ((size - len(chat_good())) // one)}
    return json.dumps(whole).encode()


def _blanks() -> Iterator[bytes]:
    packer = zlib.compressobj(9)
    for _ in range(300):
        yield packer.compress(b" " * 1_000_000)
    yield packer.flush()


_BUILT: dict[str, Callable[[], bytes]] = {
    "r3.prov.bound.text_3mb": lambda: _with_logprobs(3_000_000),
    "r3.prov.bound.text_1mb": lambda: _with_logprobs(1_000_000),
    "r3.prov.bound.error_5mb": lambda: b"x" * 5_000_000,
    "r3.prov.bound.nested_error": lambda: b'{"error": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "r3.prov.bound.nested_answer": lambda: chat_good("[" * 50_000).encode(),
    "r3.prov.bound.deflate_bomb": lambda: b"".join(_blanks()),
}
