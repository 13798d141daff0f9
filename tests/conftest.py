"""Setup of all tests: asyncio only, and no request to a real provider."""

import pytest
from pydantic_ai import models as pydantic_ai_models

pydantic_ai_models.ALLOW_MODEL_REQUESTS = False


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"
