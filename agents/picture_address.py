"""Fetching a picture that a provider answered with its address: within limits, and from no private network.

The address is the provider's word. A provider that was taken over must not make this process read what only it can
reach, so each host is resolved here and connected to by the address that was judged. The provider's own host is known.
"""

import asyncio
import socket
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import TypeAlias
from urllib.parse import SplitResult, urljoin, urlsplit

import httpx2

from deps.clock import Clock

MAX_BYTES = 32_000_000
_MAX_REDIRECTS = 3
_TYPES = ("image/png", "image/jpeg", "image/webp", "application/octet-stream", "binary/octet-stream")
_PORTS = {"http": 80, "https": 443}
_Origin: TypeAlias = tuple[str, str, int]
"""Scheme, host and port."""


class Unfetchable(Exception):
    """A picture's address could not be read. The message says why, without the address: it may hold a key."""


async def fetch(url: str, *, provider_url: str, timeout_s: float, clock: Clock) -> bytes:
    """Return the bytes at an address. `provider_url` is the provider's own. Raises Unfetchable."""
    try:
        async with clock.timeout(timeout_s), httpx2.AsyncClient(trust_env=False, timeout=timeout_s) as client:
            return await _fetched(client, url, own=_origin(urlsplit(provider_url)))
    except TimeoutError as error:
        raise Unfetchable(f"it did not answer within {timeout_s:g} s") from error
    except (httpx2.HTTPError, httpx2.InvalidURL, OSError, ValueError) as error:
        raise Unfetchable(f"it can't be reached: {type(error).__name__}") from error


async def _fetched(client: httpx2.AsyncClient, url: str, *, own: _Origin) -> bytes:
    for _ in range(_MAX_REDIRECTS + 1):
        answer = await client.send(await _request(client, urlsplit(url), own=own), stream=True)
        try:
            if not answer.is_redirect:
                return await _body(answer)
            url = urljoin(url, answer.headers.get("location", ""))
        finally:
            await answer.aclose()
    raise Unfetchable(f"it redirects more than {_MAX_REDIRECTS} times")


async def _request(client: httpx2.AsyncClient, parts: SplitResult, *, own: _Origin) -> httpx2.Request:
    """Return the request for an address, to the one of its host's addresses that was judged. Raises Unfetchable."""
    scheme, host, port = origin = _origin(parts)
    if scheme not in _PORTS or not host or parts.username is not None:
        raise Unfetchable("it is no http(s) address")
    headers = {"accept-encoding": "identity", "host": host if port == _PORTS[scheme] else f"{host}:{port}"}
    if origin == own:
        return client.build_request("GET", parts.geturl(), headers=headers)
    address = await _public_address(host, port)
    literal = f"[{address}]" if isinstance(address, IPv6Address) else str(address)
    target = parts._replace(netloc=f"{literal}:{port}", fragment="").geturl()
    return client.build_request("GET", target, headers=headers, extensions={"sni_hostname": host})


async def _public_address(host: str, port: int) -> IPv4Address | IPv6Address:
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]
    if not addresses or not all(map(_is_public, addresses)):
        raise Unfetchable("its host is in a private network")
    return addresses[0]


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    if isinstance(address, IPv6Address) and (address.ipv4_mapped or address.sixtofour or address.teredo):
        return False  # another address inside it is what is connected to
    return address.is_global and not address.is_multicast


async def _body(answer: httpx2.Response) -> bytes:
    if answer.status_code != 200:
        raise Unfetchable(f"it answers with HTTP {answer.status_code}")
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in _TYPES or answer.headers.get("content-encoding", "identity") != "identity":
        raise Unfetchable("it does not hold a PNG, JPEG or WebP")
    content = bytearray()
    async for chunk in answer.aiter_raw():
        content += chunk
        if len(content) > MAX_BYTES:
            raise Unfetchable(f"it holds more than {MAX_BYTES:,} bytes")
    return bytes(content)


def _origin(parts: SplitResult) -> _Origin:
    scheme = parts.scheme.lower()
    return scheme, (parts.hostname or "").lower(), parts.port or _PORTS.get(scheme, 0)
