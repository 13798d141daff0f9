"""Flags what looks like an attack in texts from outside. Containment does not depend on it."""

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

from deps.untrusted import without_hidden_characters

_LOOK_ALIKES = str.maketrans("аеорсухіѕјԁһӏᴀᴇιονΑΕΟΡ", "aeopcyxisjdhlaeiovAEOP")
_STRIKES = re.compile("[\u0335-\u0338]")

# Gaps between words are bounded. Otherwise a text of 4,000 braces would be scanned 4,000 times.
_RULES: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "an instruction to the model",
        re.compile(
            r"\b(?:ignore|disregard|forget|override)\b.{0,40}\b(?:instructions?|prompts?|rules|guidelines|the brief)\b"
            r"|\b(?:ignore|disregard|forget)\s{1,3}(?:everything|all|the|all of the)\s{1,3}(?:above|before this)\b"
            r"|\b(?:ignore[rz]?|oublie[rz]?)\b.{0,40}\b(?:instructions|consignes|règles)"
            r"|\b(?:ignoriere|vergiss)\b.{0,40}\b(?:anweisungen|regeln)"
            r"|\b(?:ignora|olvida|esqueça|negeer|ignorera|zignoruj)\b.{0,40}"
            r"\b(?:instrucciones|reglas|istruzioni|instruções|instructies|instruktioner|instrukcje)"
            r"|(?:игнорируй|ігноруй).{0,40}(?:правила|инструкции|інструкції)|\bpurani\b.{0,20}\binstructions\b"
            r"|تجاهل.{0,40}التعليمات|התעלם.{0,40}ההוראות|지시.{0,40}무시|指示.{0,40}無視"
            r"|\b(?:system|developer) prompt\b|\byou are now (?:an?|called|acting|in \w{1,20} mode)\b"
            r"|\b(?:reply|answer|respond|output|say) only\b[^a-z]{0,3}(?:with\b[^a-z]{0,3})?(?-i:[A-Z][A-Z0-9_-]{3,})",
            re.I | re.S,
        ),
    ),
    (
        "a forged frame",
        re.compile(r"</?\w{1,40}>|<\||\[/?INST\]|^[ \t]{0,40}(?:system|assistant|developer)[ \t]{0,9}:", re.I | re.M),
    ),
    ("a template", re.compile(r"\{\{.{0,200}?\}\}|\$\{.{0,200}?\}|\{\w{1,40}!r\}", re.S)),
)


def suspicious(texts: Mapping[str, str]) -> list[str]:
    """Return a warning for each text (path to text) that hides characters or reads like an attack."""
    return [f"{path}: {name}" for path, text in texts.items() for name in _signs_in(text)]


@lru_cache(maxsize=512)  # a business's brief is the same in each of its calls
def _signs_in(text: str) -> tuple[str, ...]:
    """Return what makes a text suspicious."""
    visible = without_hidden_characters(text)
    readings = _readings(visible)
    found = tuple(name for name, pattern in _RULES if any(pattern.search(reading) for reading in readings))
    return found if visible == text else ("hidden characters", *found)


def _readings(text: str) -> list[str]:
    """Return copies to search in: without strikes and invisible formatting, with look-alikes as Latin, and reversed."""
    compatible = _STRIKES.sub("", unicodedata.normalize("NFKC", text))
    plain = "".join(c for c in compatible if unicodedata.category(c) != "Cf")
    latin = plain.casefold().translate(_LOOK_ALIKES)
    return [plain, latin, latin[::-1]]
