"""The models and gates of each key that businesses bring: what one key does closes no gate of another's."""

from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from types import TracebackType
from typing import Self

from pydantic import SecretStr

from agents.gates import Gates
from agents.providers import Credentials, Providers
from models.server_profile import ServerProfile

_MOST_OPEN = 256
"""Keys whose models stay open at once; those in use stay open beyond it."""


@dataclass(eq=False)
class Account:
    """The models of one key at one address, and their gates."""

    providers: Providers
    gates: Gates
    users: int = field(default=0, init=False)
    """Calls that use it now."""


class Accounts:
    """The accounts of one service's businesses. Those used least recently are closed."""

    def __init__(
        self,
        new_gates: Callable[[], Gates],
        *,
        openai_base_url: str | None,
        profiles: Mapping[str, ServerProfile],
        most_open: int = _MOST_OPEN,
    ) -> None:
        self._new_gates = new_gates
        self._openai_base_url = openai_base_url
        self._profiles = profiles
        self._most_open = most_open
        self._open: dict[str, Account] = {}
        """By the fingerprint of key and address, the one used last at the end."""

    async def __aenter__(self) -> Self:
        """Open nothing yet."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Close the models of all keys."""
        while self._open:
            await self._close(next(iter(self._open)))

    @asynccontextmanager
    async def using(self, api_key: SecretStr, base_url: str | None) -> AsyncGenerator[Account]:
        """Yield the account of a key at an address, which stays open within the block."""
        fingerprint = _fingerprint(api_key, base_url)
        account = self._open.pop(fingerprint, None) or self._new(api_key, base_url)
        self._open[fingerprint] = account
        account.users += 1
        try:
            yield account
        finally:
            account.users -= 1
            await self._close_surplus()

    def _new(self, api_key: SecretStr, base_url: str | None) -> Account:
        credentials = Credentials.of_business(
            api_key.get_secret_value(), base_url, openai_base_url=self._openai_base_url
        )
        return Account(Providers(credentials, self._profiles), self._new_gates())

    async def _close_surplus(self) -> None:
        while len(self._open) > self._most_open:
            idle = next((fingerprint for fingerprint, account in self._open.items() if not account.users), None)
            if idle is None:
                return
            await self._close(idle)

    async def _close(self, fingerprint: str) -> None:
        await self._open.pop(fingerprint).providers.__aexit__(None, None, None)


def _fingerprint(api_key: SecretStr, base_url: str | None) -> str:
    return sha256(f"{api_key.get_secret_value()}\0{base_url or ''}".encode()).hexdigest()
