"""The one import of a host: `from ai_service import AIService`."""

from importlib.metadata import version as _version

from ai_service.default import (
    generate_content,
    generate_image,
    generate_strategy,
    generate_video_script,
    suggest_reply,
)
from ai_service.errors import (
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
from ai_service.result import AIResult
from ai_service.service import AIService
from ai_service.settings import Settings
from ai_service.tracing import instrument
from deps.protocols import ContextSource
from models.attempt import Attempt
from models.brief import Brief, BusinessContext, CampaignContext, KeyDate, Offer
from models.content import Post, Variant
from models.image import GeneratedImage
from models.messaging import Channel, Handover, Intent, ReplySuggestion, Turn
from models.records import BriefIds, BudgetState, CostLine, Removal, SavedContent
from models.rules.checking import check
from models.rules.publishable import Media, Publishable
from models.strategy import CalendarDay, CampaignStrategy, Pillar
from models.usage import Usage
from models.video import SpokenSeconds, VideoScript
from models.vocabulary import ContentState, ContentType, Feature, Network, Quality, Violation

__version__ = _version("marketing-ai-service")

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
