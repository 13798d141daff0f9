"""The one import of a host: `from ai_service import AIService`."""

from importlib.util import find_spec as _find_spec
from pathlib import Path as _Path
from types import ModuleType as _Module


def _check_neighbours() -> None:
    """Raise ImportError where another distribution's package hides one of ours (openai-agents installs `agents`)."""
    home = _Path(__file__).resolve().parent.parent
    for name in ("agents", "deps", "models", "storage"):
        spec = _find_spec(name)
        origin = _Path(spec.origin).resolve() if spec and spec.origin else None
        if origin is None or origin.parent.parent != home:
            raise ImportError(
                f"package {name!r} is found at {origin}, not beside ai_service in {home}: another distribution or "
                f"folder hides it; remove it from this environment, or install marketing-ai-service in one of its own"
            )


_check_neighbours()

from ai_service.errors import (  # noqa: E402 - neighbours are checked first
    AIGenerationError as AIGenerationError,
    AIServiceError as AIServiceError,
    BudgetExceeded as BudgetExceeded,
    ConfigurationError as ConfigurationError,
    IdempotencyConflict as IdempotencyConflict,
    InvalidRequest as InvalidRequest,
    NotFound as NotFound,
    Overloaded as Overloaded,
    Problem as Problem,
    StaleRevision as StaleRevision,
    StorageUnavailable as StorageUnavailable,
)
from ai_service.features import *  # noqa: E402
from ai_service.result import AIResult as AIResult  # noqa: E402
from ai_service.service import AIService as AIService  # noqa: E402
from ai_service.settings import Settings as Settings  # noqa: E402
from ai_service.standalone import check as check  # noqa: E402
from ai_service.tracing import instrument as instrument  # noqa: E402
from deps.protocols import ContextSource as ContextSource  # noqa: E402
from models.attempt import Attempt as Attempt  # noqa: E402
from models.brief import (  # noqa: E402
    Brief as Brief,
    BusinessContext as BusinessContext,
    CampaignContext as CampaignContext,
    KeyDate as KeyDate,
    Offer as Offer,
)
from models.records import (  # noqa: E402
    BriefIds as BriefIds,
    BudgetState as BudgetState,
    CostLine as CostLine,
    Removal as Removal,
    SavedContent as SavedContent,
)
from models.rules.publishable import Media as Media, Publishable as Publishable  # noqa: E402
from models.usage import Usage as Usage  # noqa: E402
from models.vocabulary import (  # noqa: E402
    ContentState as ContentState,
    ContentType as ContentType,
    Feature as Feature,
    Network as Network,
    Quality as Quality,
    Violation as Violation,
)

# Each name is said once, where it is imported: `X as X` and `*` export it for type checkers too.
__all__ = tuple(  # pyright: ignore[reportUnsupportedDunderAll]
    sorted(name for name, value in globals().items() if not name.startswith("_") and not isinstance(value, _Module))
)
