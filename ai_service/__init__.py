"""The one import of a host: `from ai_service import AIService`."""

from importlib.metadata import version as _version
from types import ModuleType as _Module

from ai_service.errors import (
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
from ai_service.features import *
from ai_service.result import AIResult as AIResult
from ai_service.service import AIService as AIService
from ai_service.settings import Settings as Settings
from ai_service.standalone import check as check
from ai_service.tracing import instrument as instrument
from deps.protocols import ContextSource as ContextSource, CredentialSource as CredentialSource
from models.attempt import Attempt as Attempt
from models.brief import (
    Brief as Brief,
    BusinessContext as BusinessContext,
    CampaignContext as CampaignContext,
    KeyDate as KeyDate,
    Offer as Offer,
)
from models.credentials import BusinessCredentials as BusinessCredentials
from models.paging import Page as Page
from models.partial import MissingPart as MissingPart
from models.readiness import Readiness as Readiness, ReadinessCheck as ReadinessCheck
from models.records import (
    BriefIds as BriefIds,
    BudgetState as BudgetState,
    ContentChange as ContentChange,
    CostLine as CostLine,
    Removal as Removal,
    SavedBusiness as SavedBusiness,
    SavedCampaign as SavedCampaign,
    SavedContent as SavedContent,
    SavedEdit as SavedEdit,
)
from models.rules.publishable import Media as Media, Publishable as Publishable
from models.usage import Usage as Usage
from models.vocabulary import (
    ContentState as ContentState,
    ContentType as ContentType,
    Feature as Feature,
    Network as Network,
    Quality as Quality,
    Violation as Violation,
)

__version__ = _version("marketing-ai-service")

# Each name is said once, where it is imported: `X as X` and `*` export it for type checkers too.
__all__ = tuple(  # pyright: ignore[reportUnsupportedDunderAll]
    sorted(name for name, value in globals().items() if not name.startswith("_") and not isinstance(value, _Module))
)
