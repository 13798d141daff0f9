"""Fixtures for tests of the real client; a test module uses them by `server, client = connections.server, …`."""

from collections.abc import AsyncIterator

import pytest
from openai import AsyncOpenAI

from tests.provider.asking import connected
from tests.provider_server import ProviderServer


@pytest.fixture
async def server() -> AsyncIterator[ProviderServer]:
    async with ProviderServer() as server:
        yield server


@pytest.fixture
async def client(server: ProviderServer) -> AsyncIterator[AsyncOpenAI]:
    async with connected(server.base_url) as client:
        yield client
