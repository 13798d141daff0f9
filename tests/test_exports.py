"""The public API: exactly the names in `__all__`."""

import ai_service
from ai_service import Feature, features


def test_all_is_exactly_what_can_be_imported() -> None:
    public = {
        name
        for name, value in vars(ai_service).items()
        if not name.startswith("_") and not isinstance(value, type(ai_service))
    }

    assert public == set(ai_service.__all__)
    assert list(ai_service.__all__) == sorted(ai_service.__all__)


def test_the_names_a_host_relies_on_are_there() -> None:
    names = {name for feature in Feature for name in vars(features)[feature].__all__}

    assert set(ai_service.__all__) - names == {
        *("AIGenerationError", "AIResult", "AIService", "AIServiceError", "Attempt", "Brief", "BriefIds"),
        *("BudgetExceeded", "BudgetState", "BusinessContext", "BusinessCredentials", "CampaignContext"),
        *("ConfigurationError", "CredentialSource"),
        *("ContentChange", "ContentState", "Page", "SavedBusiness", "SavedCampaign"),
        *("ContentType", "ContextSource", "CostLine", "Feature", "IdempotencyConflict", "InvalidRequest", "KeyDate"),
        *("Media", "MissingPart", "Network", "NotFound", "Offer", "Overloaded", "Problem", "Publishable", "Quality"),
        *("Readiness", "ReadinessCheck", "Removal"),
        *("SavedContent", "SavedEdit", "Settings", "StaleRevision", "StorageUnavailable", "Usage", "Violation"),
        *("check", "instrument"),
    }
