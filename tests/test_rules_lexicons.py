"""Word lists: every phrase is found, and the cheap test before a pattern never hides a match."""

from collections.abc import Iterator
from pathlib import Path
from random import Random
from time import thread_time

import pytest
import regex

from models.folding import folded, holds
from models.rules import lexicons
from models.rules.lexicons import find, lexicon

NAMES = sorted(file.stem for file in (Path(lexicons.__file__).parent / "lexicons").glob("*.yaml"))
GROUPS = [(name, group) for name in NAMES for group in lexicon(name)]
_SAME = str.maketrans("’‘ʼ`\u00a0\u202f‑–—", "''''  ---")


def phrases(name: str, group: str) -> list[str]:
    return sorted({phrase for listed in lexicon(name)[group].values() for phrase in listed})


def one_pattern(name: str, group: str) -> regex.Pattern[str]:
    """Return all phrases of a group as one pattern, longest first: slow, and evidently correct."""
    return regex.compile("|".join(map(as_pattern, sorted(phrases(name, group), key=len, reverse=True))), regex.I)


def as_pattern(phrase: str) -> str:
    plain = phrase.translate(_SAME)
    words = (regex.escape(word.removesuffix("*")) + r"\w*+" * word.endswith("*") for word in plain.split())
    return ("" if is_open(plain[0]) else r"(?<!\w)") + r"\s+".join(words) + ("" if is_open(plain[-1]) else r"(?!\w)")


def is_open(character: str) -> bool:
    return not character.isdigit() and character.upper() == character.lower()


@pytest.mark.parametrize("name", NAMES)
def test_every_phrase_is_found(name: str) -> None:
    texts = {
        (group, phrase): f"so {phrase.replace('*', 'n')}, yes"
        for group in lexicon(name)
        for phrase in phrases(name, group)
    }

    missed = [
        (group, phrase)
        for (group, phrase), text in texts.items()
        if not any(found.start < len(text) - 5 and found.end > 3 for found in find(text, name, group))
    ]

    assert missed == []


@pytest.mark.parametrize("name", NAMES)
def test_matches_are_those_of_one_pattern_of_all_phrases(name: str) -> None:
    for group in lexicon(name):
        pattern = one_pattern(name, group)
        for written in mixed_up(name, group):
            expected = [found.span() for found in pattern.finditer(written.translate(_SAME))]
            assert [tuple(found) for found in find(written, name, group)] == expected, (group, written)


def mixed_up(name: str, group: str) -> Iterator[str]:
    """Yield texts of a group's phrases and possible separators, the same ones in every run."""
    random = Random(f"{name} {group}")
    said = (phrase.replace("*", "n") for phrase in phrases(name, group))
    pieces = [*said, "", "½", "\u0307", "n", "-", "\n", "’", "İ", "1"]
    for _ in range(40):
        text = random.choice(["", " ", "  "]).join(random.choices(pieces, k=8))
        yield from (text, text.upper(), text.title())


def test_phrases_of_other_languages_are_left_alone() -> None:
    assert find("Médaille d'or", "praise", "award", ["fr-CA"])
    assert not find("Médaille d'or", "praise", "award", ["en", "xx"])


@pytest.mark.parametrize("written", ["I", "İ", "ı", "i\u0307"])
def test_folding_makes_the_turkish_letters_one(written: str) -> None:
    assert folded(f"M{written}CHEL{written}N") == "michelin"


def test_a_part_stands_in_a_text_or_not() -> None:
    assert holds("half price", ("metà", "half"))
    assert not holds("full price", ("metà", "half"))


@pytest.mark.parametrize("piece", ["michelin ", "a", "miglior ", "n° ", "#1", "'", "ß", "İ", "의원", "preisgekrönt"])
def test_a_hostile_text_is_searched_in_linear_time(piece: str) -> None:
    """Eight times the text takes about eight times the work; quadratic work would be sixty-four times."""

    def work(size: int, run: int) -> float:
        text = f"{(piece * size)[:size]} {run}"  # another text each time: the last ones are remembered
        started = thread_time()
        for name, group in GROUPS:
            find(text, name, group)
        return thread_time() - started

    assert min(work(8_000, run) for run in range(2)) < 30 * min(work(1_000, run) for run in range(2))
