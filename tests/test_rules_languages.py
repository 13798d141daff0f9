"""The language check of a text whose language cannot be detected."""

from collections.abc import Iterator

import pytest

from models.rules import languages
from models.rules.languages import is_in_language

FRENCH = "Bonjour, est-ce que vous êtes ouverts le dimanche matin ?"


def _found_nowhere(name: str) -> None:
    """Find no module."""


@pytest.fixture
def without_detector(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Simulate an installation without the extra `language`."""
    known = languages._is_known  # pyright: ignore[reportPrivateUsage]
    known.cache_clear()
    monkeypatch.setattr(languages, "find_spec", _found_nowhere)
    yield
    known.cache_clear()


@pytest.mark.usefixtures("without_detector")
def test_without_a_detector_no_text_passes_and_none_fails() -> None:
    assert is_in_language(FRENCH, "fr") is None
    assert is_in_language(FRENCH, "de") is None


def test_with_a_detector_the_language_is_detected() -> None:
    assert is_in_language(FRENCH, "fr") is True
    assert is_in_language(FRENCH, "de") is False


@pytest.mark.parametrize("language", ["hi-Latn", "tlh"])
def test_a_language_that_the_detector_does_not_support_is_unknown(language: str) -> None:
    assert is_in_language(FRENCH, language) is None
