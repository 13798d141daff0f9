"""The one import of a host: `from ai_service import AIService`."""

from importlib.util import find_spec as _find_spec
from pathlib import Path as _Path


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

from ai_service.default import (  # noqa: E402 - neighbours are checked first
    generate_content,
    generate_image,
    generate_strategy,
    generate_video_script,
    suggest_reply,
)
from ai_service.errors import (  # noqa: E402
    AIGenerationError,
    AIServiceError,
    BudgetExceeded,
    ConfigurationError,
    IdempotencyConflict,
    InvalidRequest,
    NotFound,
    Overloaded,
    Problem,
    StaleRevision,
    StorageUnavailable,
)
from ai_service.result import AIResult  # noqa: E402
from ai_service.service import AIService  # noqa: E402
from ai_service.settings import Settings  # noqa: E402
from ai_service.tracing import instrument  # noqa: E402
from deps.protocols import ContextSource  # noqa: E402
from models.attempt import Attempt  # noqa: E402
from models.brief import Brief, BusinessContext, CampaignContext, KeyDate, Offer  # noqa: E402
from models.content import Post, Variant  # noqa: E402
from models.image import GeneratedImage  # noqa: E402
from models.messaging import Channel, Handover, Intent, ReplySuggestion, Turn  # noqa: E402
from models.records import BriefIds, BudgetState, CostLine, Removal, SavedContent  # noqa: E402
from models.rules.checking import check  # noqa: E402
from models.rules.publishable import Media, Publishable  # noqa: E402
from models.strategy import CalendarDay, CampaignStrategy, Pillar  # noqa: E402
from models.usage import Usage  # noqa: E402
from models.video import SpokenSeconds, VideoScript  # noqa: E402
from models.vocabulary import ContentState, ContentType, Feature, Network, Quality, Violation  # noqa: E402

__all__ = (
    "AIGenerationError",
    "AIResult",
    "AIService",
    "AIServiceError",
    "Attempt",
    "Brief",
    "BriefIds",
    "BudgetExceeded",
    "BudgetState",
    "BusinessContext",
    "CalendarDay",
    "CampaignContext",
    "CampaignStrategy",
    "Channel",
    "ConfigurationError",
    "ContentState",
    "ContentType",
    "ContextSource",
    "CostLine",
    "Feature",
    "GeneratedImage",
    "Handover",
    "IdempotencyConflict",
    "Intent",
    "InvalidRequest",
    "KeyDate",
    "Media",
    "Network",
    "NotFound",
    "Offer",
    "Overloaded",
    "Pillar",
    "Post",
    "Problem",
    "Publishable",
    "Quality",
    "Removal",
    "ReplySuggestion",
    "SavedContent",
    "Settings",
    "SpokenSeconds",
    "StaleRevision",
    "StorageUnavailable",
    "Turn",
    "Usage",
    "Variant",
    "VideoScript",
    "Violation",
    "check",
    "generate_content",
    "generate_image",
    "generate_strategy",
    "generate_video_script",
    "instrument",
    "suggest_reply",
)
