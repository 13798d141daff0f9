"""Setup of all tests: asyncio only, and no request to a real provider."""

import pytest
from pydantic_ai import models as pydantic_ai_models

collect_ignore = ["wheel"]  # what a host does, run by `make test-wheel`

pydantic_ai_models.ALLOW_MODEL_REQUESTS = False


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"
