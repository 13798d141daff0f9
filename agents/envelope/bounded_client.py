"""The HTTP client of every provider: bounded bodies, no redirects, and responses in the form that the SDKs read."""

from typing import Any

import httpx2
from pydantic_ai.exceptions import UserError

from agents.envelope.normal_form import in_normal_form
from agents.envelope.refused import ResponseRefused
from agents.envelope.unpacking import PACKED, read_body

TEXT_BYTES = 2_000_000
"""Most bytes of a text answer's body, both packed and unpacked."""
PICTURE_BYTES = 32_000_000
"""The same for a picture."""

# The limits of the SDKs' own clients. The limit of a request is the call's; this one ends what it forgot.
_TIMEOUT = httpx2.Timeout(600, connect=5)
_LIMITS = httpx2.Limits(max_connections=1000, max_keepalive_connections=100)
_ABOUT_THE_BODY = ("content-encoding", "content-length", "transfer-encoding")


class BoundedClient(httpx2.AsyncClient):
    """A client whose responses are read whole, within `most_bytes`."""

    def __init__(self, *, most_bytes: int) -> None:
        super().__init__(timeout=_TIMEOUT, limits=_LIMITS, headers={"accept-encoding": PACKED})
        self._most_bytes = most_bytes

    # Any: the options of the base class, whose types have no public names
    async def send(self, request: httpx2.Request, **options: Any) -> httpx2.Response:
        """Send a request and return its response. Raises ResponseRefused where that is no answer.

        Redirects are not followed, whatever an SDK asks: the brief would leave for a host that nobody configured.
        """
        _check_address(request.url)
        request.headers["accept-encoding"] = PACKED  # an SDK may have set others, which can't be bounded
        options |= {"stream": True, "follow_redirects": False}
        response = await super().send(request, **options)
        try:
            if response.is_redirect:
                raise _redirected(response)
            body = await read_body(response, most_bytes=self._most_bytes)
        finally:
            await response.aclose()
        status_code, body = in_normal_form(request, response.status_code, body)
        headers = [(name, value) for name, value in response.headers.multi_items() if name not in _ABOUT_THE_BODY]
        headers = [(name, value) for name, value in headers if name != "content-type"]
        headers.append(("content-type", "application/json"))
        return httpx2.Response(status_code, headers=headers, content=body, request=request)


def _check_address(url: httpx2.URL) -> None:
    """Raise UserError where nothing can be sent: trying again is no help."""
    if url.scheme not in ("http", "https") or not url.host:
        raise UserError(
            "the address of the model's server has no scheme or no host: write e.g. http://127.0.0.1:8000/v1"
        )


def _redirected(response: httpx2.Response) -> ResponseRefused:
    try:
        target = response.request.url.join(response.headers["location"])
        where = f"{target.scheme}://{target.netloc.decode()}"
    except (KeyError, httpx2.InvalidURL, ValueError):
        where = "an address that can't be read"
    code = response.status_code
    return ResponseRefused(f"redirected to {where}, not followed", status="rejected", http_status=code)
