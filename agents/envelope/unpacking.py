"""The body of a response, read up to a limit: as it arrives, and as it unpacks."""

import zlib
from collections.abc import Callable

import httpx2

from agents.envelope.refused import ResponseRefused

PACKED = "gzip"
"""The one encoding that is asked for."""
_PLAIN = ("", "identity")
_UNPACKED_BY_ZLIB = (PACKED, "x-gzip", "deflate")
_GZIP_OR_ZLIB = 32 + zlib.MAX_WBITS


async def read_body(response: httpx2.Response, *, most_bytes: int) -> bytes:
    """Return the unpacked body. Raises ResponseRefused where it is larger than `most_bytes`, or can't be unpacked."""
    encoding = response.headers.get("content-encoding", "").strip().lower()
    if encoding not in (*_PLAIN, *_UNPACKED_BY_ZLIB):
        raise _unreadable(response, "the body is packed in a way that was not asked for")
    unpacker = None if encoding in _PLAIN else zlib.decompressobj(_GZIP_OR_ZLIB)
    parts: list[bytes] = []
    arrived = unpacked = 0
    async for chunk in response.aiter_raw():
        arrived += len(chunk)
        part = chunk if unpacker is None else _unpacked(unpacker.decompress, chunk, most_bytes - unpacked + 1, response)
        unpacked += len(part)
        if max(arrived, unpacked) > most_bytes:
            raise _unreadable(response, f"the body is larger than {most_bytes / 1e6:g} MB")
        parts.append(part)
    if unpacker is not None and arrived and not unpacker.eof:
        raise _unreadable(response, "the packed body is cut off")
    return b"".join(parts)


def _unpacked(unpack: Callable[[bytes, int], bytes], chunk: bytes, most_bytes: int, response: httpx2.Response) -> bytes:
    try:
        return unpack(chunk, most_bytes)
    except zlib.error as error:
        raise _unreadable(response, "the packed body can't be unpacked") from error


def _unreadable(response: httpx2.Response, reason: str) -> ResponseRefused:
    """Return the error of a body that stays unread: whatever it held may have been generated."""
    code = response.status_code
    return ResponseRefused(reason, status="server_error", http_status=code, is_billed=code < 400)
