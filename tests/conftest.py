"""Setup of all tests: asyncio only, no request to a real provider, and ids of parameters that say what they are."""

import os
import re
import shutil
from collections.abc import Set
from enum import Enum
from pathlib import Path
from typing import cast

import pytest
from pydantic_ai import models as pydantic_ai_models

collect_ignore = ["wheel"]  # what a host does, run by `make test-wheel`

pydantic_ai_models.ALLOW_MODEL_REQUESTS = False

_RAM_DISK = Path("/dev/shm")
_RAM_DISK_BYTES = 2**30


def _keep_files_in_memory() -> None:
    """Let `tmp_path` be in memory where there is room: most of the suite's wall time is waiting for a disk."""
    if os.access(_RAM_DISK, os.W_OK) and shutil.disk_usage(_RAM_DISK).free >= _RAM_DISK_BYTES:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(_RAM_DISK))


_keep_files_in_memory()

_NAMED_BY_PYTEST = (str, bytes, int, float, complex, Enum, re.Pattern, type(None))
_MAX_ID = 60


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


def pytest_make_parametrize_id(val: object) -> str | None:
    """Name a parameter by its content: pytest would number it, and the numbers change with each new case."""
    if isinstance(val, _NAMED_BY_PYTEST) or hasattr(val, "__name__"):
        return None
    if isinstance(val, Path):
        return val.stem
    content = sorted(map(repr, cast("Set[object]", val))) if isinstance(val, Set) else val
    return re.sub(r" at 0x[0-9a-f]+", "", repr(content))[:_MAX_ID]
