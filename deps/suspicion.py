"""What looks like an attack in texts from outside. It is flagged and logged; containment doesn't depend on it."""

import re
import unicodedata
from collections.abc import Mapping

from deps.untrusted import without_hidden_characters

_LOOK_ALIKES = str.maketrans("аеорсухіѕјԁһӏᴀᴇιονΑΕΟΡ", "aeopcyxisjdhlaeiovAEOP")
_STRIKES = re.compile("[\u0335-\u0338]")

_RULES: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "an instruction to the model",
        re.compile(
            r"\b(ignore|disregard|forget|override)\b.{0,30}\b(instruction|rule|prompt|brief|previous|above)"
            r"|\b(ignore[rz]?|oublie[rz]?)\b.{0,30}\b(instructions|consignes|règles)"
            r"|\b(ignoriere|vergiss)\b.{0,30}\b(anweisungen|regeln)"
            r"|\b(ignora|olvida)\b.{0,30}\b(instrucciones|reglas)"
            r"|игнорируй.{0,30}(правила|инструкции)"
            r"|\b(system|developer) prompt\b|\byou are now\b|\bpurani instructions\b|\boutput only\b|\breply only\b",
            re.I | re.S,
        ),
    ),
    ("a forged frame", re.compile(r"</?\w+>|<\||\[/?INST\]|^\s*(system|assistant|developer)\s*:", re.I | re.M)),
    ("a template", re.compile(r"\{\{.*?\}\}|\$\{.*?\}|\{\w+!r\}", re.S)),
)


def suspicious(texts: Mapping[str, str]) -> list[str]:
    """Return a warning for each text (path to text) that hides characters or reads like an attack."""
    warnings: list[str] = []
    for path, text in texts.items():
        visible = without_hidden_characters(text)
        if visible != text:
            warnings.append(f"{path}: hidden characters")
        readings = _readings(visible)
        for name, pattern in _RULES:
            if any(pattern.search(reading) for reading in readings):
                warnings.append(f"{path}: {name}")
    return warnings


def _readings(text: str) -> list[str]:
    """Return copies to search in: without strikes and invisible formatting, with look-alikes as Latin, and reversed."""
    compatible = _STRIKES.sub("", unicodedata.normalize("NFKC", text))
    plain = "".join(c for c in compatible if unicodedata.category(c) != "Cf")
    latin = plain.translate(_LOOK_ALIKES)
    return [plain, latin, latin[::-1]]
