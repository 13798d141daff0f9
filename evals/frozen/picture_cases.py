"""Plays what an image model may send: each case of `round_3_pictures` through `generate_image`."""

import asyncio
import base64
import json
import socket
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any

from aiohttp import web
from pydantic import JsonValue

from evals.frozen.loopback import Asked, Loopback
from evals.frozen.opened import came_of, opened
from evals.frozen.picture_files import asked_size, jpeg, picture_file
from evals.frozen.picture_rules import Drawn, complaints
from evals.frozen.situations import Situation, Situations, brief_of
from evals.frozen.tally import Found, found_of
from evals.frozen.watched import watched

_NAME, _PUBLIC = "pictures.example", "93.184.215.14"
_USAGE: JsonValue = {
    "input_tokens": 50,
    "input_tokens_details": {"text_tokens": 50, "image_tokens": 0},
    "output_tokens": 1056,
    "output_tokens_details": {"text_tokens": 0, "image_tokens": 1056},
    "total_tokens": 1106,
}


async def judged_pictures(found: Situations) -> list[Found]:
    """Return what becomes of each case, in a service of its own; the calendar comes from the sandbox."""
    async with Loopback() as other:
        return [await _judged(found, case, other) for case in found.cases]


async def _judged(found: Situations, case: Situation, other: Loopback) -> Found:
    other.set(_serving(case))
    drawn = Drawn(case)
    async with Loopback() as server, opened(server, {"b": brief_of(found, case)}, models=_CALENDAR) as ai:
        await ai.generate_strategy("b", "b")
        server.set(_answering(case, other.port, drawn))
        with _resolving(case, asyncio.get_running_loop()):
            async with watched() as drawn.watch:
                drawn.came = await came_of(ai.generate_image("b", "b", 1, aspect_ratio=case.input["asked"]), server)
        if "second_call_requests" in case.exact:
            again = ai.generate_image("b", "b", 1, aspect_ratio=case.input["asked"])
            drawn.second = await came_of(again, server)
        drawn.rows = [row for row in reversed(await ai.attempts(limit=100)) if row.feature == "image"]
        drawn.fetched = len(other.asked)
    return found_of(case, drawn.came, complaints(drawn))


_CALENDAR = {"strategy": ["sandbox"]}


async def plain_answer(asked: Asked) -> web.StreamResponse:
    """Answer with a good square picture, and report no usage."""
    content = base64.b64encode(jpeg(asked_size(asked.body.get("size"), "1:1"))).decode()
    return web.json_response({"created": 1795900000, "data": [{"b64_json": content}]})


def _answering(case: Situation, other_port: int, drawn: Drawn) -> Callable[[Asked], Any]:
    given: dict[str, Any] = case.input["answer"]
    built: dict[tuple[int, int], bytes] = {}

    async def answer(asked: Asked) -> web.StreamResponse:
        drawn.requests += 1
        size = asked_size(asked.body.get("size"), case.input["asked"])
        times = given.get("times", "")
        refused = "output_format" in asked.body if times.startswith("to each") else "body" in given
        if refused:
            body = given["body"].encode()
            return web.Response(body=body, status=given.get("status", 200), content_type="application/json")
        if "build" in given and not (times.startswith("once") and drawn.requests > 1):
            if size not in built:  # off the loop, whose stops are measured
                with drawn.watch.excused():
                    built[size] = await asyncio.to_thread(picture_file, case.id, given["build"], size)
                    await asyncio.sleep(0)
            content = built[size]
        else:
            content = given["bytes"].encode() if "bytes" in given else jpeg(size)
        return web.Response(text=_body(case, content, other_port), content_type="application/json")

    return answer


def _body(case: Situation, content: bytes, other_port: int) -> str:
    """Return an answer as JSON."""
    given: dict[str, Any] = case.input["answer"]
    picture: dict[str, JsonValue] = {"b64_json": _encoded(given.get("encoding", ""), content)}
    if "b64_json" in given:
        picture = {"b64_json": given["b64_json"]}
    if "b64_json_raw" in given:
        picture = {"b64_json": json.loads(given["b64_json_raw"])}
    if "url" in given:
        picture = {"url": address_of(case, other_port)}
    match given.get("field", ""):
        case "url, b64_json null":
            picture = {"b64_json": None, "url": picture["b64_json"]}
        case 'b64_json, url ""':
            picture |= {"url": ""}
        case field if field:
            picture |= {"url": "https://pictures.example/p.jpg"}
        case _:
            pass
    return json.dumps(_envelope(case, picture))


def _envelope(case: Situation, picture: dict[str, JsonValue]) -> dict[str, JsonValue]:
    body: dict[str, JsonValue] = {"created": 1795900000, "data": [picture], "usage": _USAGE}
    match case.id.removeprefix("r3.picture.env."):
        case "bare":
            body = {"data": [picture]}
        case "usage_null":
            body["usage"] = None
        case "two":
            body["data"] = [picture, picture]
        case "revised":
            extra: dict[str, JsonValue] = {"revised_prompt": None, "seed": 18446744073709551615}
            body |= {"data": [{**picture, **extra}], "created": "now", **extra}
        case _:
            pass
    return body


def address_of(case: Situation, other_port: int) -> str:
    """Return the address that a case answers with; the words in brackets behind it are for the resolver."""
    url = str(case.input["answer"]["url"]).partition(" ")[0]
    return (f"http://{_NAME}:OTHER/p.jpg" if url == "as" else url).replace("OTHER", str(other_port))


def _encoded(encoding: str, content: bytes) -> str:
    plain, safe = base64.b64encode(content).decode(), base64.urlsafe_b64encode(content).decode()
    if "\\r\\n" in encoding:
        return "".join(plain[start : start + 64] + "\r\n" for start in range(0, len(plain), 64))
    if encoding.startswith("base64.urlsafe"):
        return safe.rstrip("=") if "without" in encoding else safe
    if "without the =" in encoding:
        return plain.rstrip("=")
    if "line break before" in encoding:
        return f"\n{plain}   "
    if encoding == "bytes.hex()":
        return content.hex()
    head, mark, _ = encoding.partition("…")
    return f"{head}{plain}" if mark else plain


def _serving(case: Situation) -> Callable[[Asked], Any]:
    """Return what the address of a picture serves."""
    serves = str(case.input["answer"].get("serves", ""))

    async def serve(asked: Asked) -> web.StreamResponse:
        if serves.startswith("302"):
            return web.Response(status=302, headers={"Location": "http://169.254.169.254/"})
        if serves.startswith("200 text/html"):
            return web.Response(text="<!doctype html><title>Expired</title>", content_type="text/html")
        if serves == "403":
            return web.Response(status=403)
        if "without end" not in serves:
            return web.Response(body=jpeg(asked_size(None, case.input["asked"])), content_type="image/jpeg")
        endless = web.StreamResponse(headers={"Content-Type": "image/jpeg"})
        await endless.prepare(asked.http)
        for _ in range(200):  # more than anybody may read
            await endless.write(b"\xff" * 1_000_000)
        return endless

    return serve


@contextmanager
def _resolving(case: Situation, loop: asyncio.AbstractEventLoop) -> Generator[None]:
    """Let the resolver know `pictures.example`: a public address whose connections end here, or this machine's own."""
    own, connect = socket.getaddrinfo, loop.sock_connect
    private = case.id.endswith("rebinding")

    # Any: the arguments of `getaddrinfo`
    def resolve(host: Any, *arguments: Any, **named: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        return own(("127.0.0.1" if private else _PUBLIC) if name == _NAME else host, *arguments, **named)

    async def connected(sock: socket.socket, address: Any) -> None:
        await connect(sock, ("127.0.0.1", *address[1:]) if address[0] == _PUBLIC else address)

    socket.getaddrinfo = resolve
    loop.sock_connect = connected
    try:
        yield
    finally:
        socket.getaddrinfo = own
        del loop.sock_connect
