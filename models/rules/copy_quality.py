"""Measures the quality of a post's copy without a model. All of these rules are soft: they inform, they never block."""

from collections.abc import Sequence

import regex

from models.brief import BusinessContext
from models.counting import emoji_in
from models.rules.calls_to_action import count_calls_to_action
from models.rules.languages import is_in_language
from models.rules.lexicons import find, speaks
from models.vocabulary import Quality

_RECENT = 5
"""Number of past posts whose openings must not be repeated."""
_OPENER_WORDS = 3
_MAX_EMOJI = {"no_emoji": 0, "sober": 1, "playful": 6}
_MAX_EMOJI_ELSE = 3
_MAX_SENTENCE_PLAIN, _MAX_SENTENCE = 16, 22
_MAX_SENTENCE_DENSE = 60
_WORD = regex.compile(r"\w(?:[\w'’\-])*+")
_DENSE = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}]")
_SENTENCE = regex.compile(r"[\p{L}\p{N}][^.!?。！？…\n]*+")


def measure_copy(
    caption: str,
    business: BusinessContext,
    past_posts: Sequence[str],
    *,
    call_to_action: str | None = None,
    asks: bool = True,
    without: frozenset[str] = frozenset(),
) -> list[Quality]:
    """Return the measures of a caption, without those that are not available in its language.

    `past_posts` are captions, newest first. `call_to_action` is the brief's. `asks` says whether the post needs a call
    to action.
    """
    language = business.language
    repeats = _repeated_openers(caption, past_posts[:_RECENT])
    longest = _max_sentence(caption, business.tone)
    found = [
        _quality("q.opener", repeats, 0, passed=repeats == 0),
        _emoji(caption, business.tone),
        _quality("q.sentence", mean := _mean_sentence(caption), longest, passed=mean <= longest),
        *_cliches(caption, language),
        *_language(caption, language),
        *_calls(caption, language, call_to_action, asks=asks),
    ]
    return [quality for quality in found if quality.name not in without]


def _quality(name: str, value: float, target: float, *, passed: bool) -> Quality:
    return Quality(name=name, value=round(value, 2), target=target, severity="soft", passed=passed)


def _repeated_openers(caption: str, past_posts: Sequence[str]) -> int:
    opener = _opener(caption)
    return sum(_opener(past) == opener for past in past_posts) if opener else 0


def _opener(text: str) -> list[str]:
    """Return the first words; the first characters in a script without spaces."""
    folded = text.casefold()
    units = _WORD.findall(folded)
    return list(units[0][: 2 * _OPENER_WORDS]) if units and _DENSE.search(units[0]) else units[:_OPENER_WORDS]


def _emoji(caption: str, tone: str) -> Quality:
    limits = [limit for group, limit in _MAX_EMOJI.items() if find(tone, "tones", group)]
    target = min(limits, default=_MAX_EMOJI_ELSE)
    emoji = len(emoji_in(caption))
    return _quality("q.emoji", emoji, target, passed=emoji <= target)


def _max_sentence(caption: str, tone: str) -> int:
    if _DENSE.search(caption):
        return _MAX_SENTENCE_DENSE
    return _MAX_SENTENCE_PLAIN if find(tone, "tones", "plain") else _MAX_SENTENCE


def _mean_sentence(caption: str) -> float:
    """Return the mean sentence length in words; in characters in a script without spaces."""
    sentences = _SENTENCE.findall(caption)
    lengths = [len(s.strip()) if _DENSE.search(caption) else len(_WORD.findall(s)) for s in sentences]
    return sum(lengths) / len(lengths) if lengths else 0.0


def _cliches(caption: str, language: str) -> list[Quality]:
    if not speaks("cliches", "cliches", language):
        return []
    cliches = len(find(caption, "cliches", "cliches", [language]))
    return [_quality("q.cliche", cliches, 0, passed=cliches == 0)]


def _language(caption: str, language: str) -> list[Quality]:
    is_asked = is_in_language(caption, language)
    return [] if is_asked is None else [_quality("q.language", is_asked, 1, passed=is_asked)]


def _calls(caption: str, language: str, own: str | None, *, asks: bool) -> list[Quality]:
    calls = count_calls_to_action(caption, language, own=own)
    if calls is None:
        return []
    return [_quality("q.cta", calls, 1, passed=calls == 1 or (calls == 0 and not asks))]
