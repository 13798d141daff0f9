"""The public API: exactly the names in `__all__`."""

import ai_service


def test_all_is_exactly_what_can_be_imported() -> None:
    public = {
        name
        for name, value in vars(ai_service).items()
        if not name.startswith("_") and not isinstance(value, type(ai_service))
    }

    assert public == set(ai_service.__all__)
    assert list(ai_service.__all__) == sorted(ai_service.__all__)


def test_the_names_a_host_relies_on_are_there() -> None:
    names = {"AIService", "AIResult", "Brief", "AIServiceError", "AIGenerationError", "generate_content"}

    assert names <= set(ai_service.__all__)
