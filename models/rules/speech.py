"""Computes speaking time and checks video scripts: hook, length, one call to action, shots that a phone can film.

The rates are those of spoken advertising: measured for English, French, Spanish, Italian and German, estimated for the
other languages.
"""

from typing import Literal

import regex

from models.rules.calls_to_action import count_calls_to_action
from models.rules.lexicons import find
from models.video import VideoCopy
from models.vocabulary import Severity, Violation

HOOK_S = 3.0
"""Seconds in which a viewer decides whether to stay."""
LENGTH_TOLERANCE = 0.15
"""Allowed deviation from the requested duration, as a fraction of it."""

WORDS_PER_MINUTE = {
    "en": 160,
    "fr": 175,
    "es": 152,
    "it": 136,
    "de": 129,
    "pt": 150,
    "nl": 140,
    "sv": 140,
    "pl": 120,
    "uk": 120,
    "ar": 120,
    "he": 120,
}
CHARACTERS_PER_MINUTE = {"ja": 325, "zh": 260, "ko": 320, "th": 600}
"""Rates of languages written without spaces, and of Korean, which writes a syllable in each character."""
OTHER_WORDS_PER_MINUTE = 130
_WORD = regex.compile(r"\w(?:[\w'’\-]|[.,:](?=\d))*+")
_DENSE = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}ー々]")


def spoken_seconds(text: str, language: str) -> float:
    """Return the estimated seconds that `text` takes to speak in a language (a BCP 47 tag)."""
    return spoken_length(text, language) * 60 / _pace(language)


def words_for(duration_s: float, language: str) -> int:
    """Return how many words (characters, depending on the language) fit into `duration_s` seconds."""
    return int(duration_s * _pace(language) / 60)


def spoken_length(text: str, language: str) -> int:
    """Return the number of spoken words (characters, depending on the language).

    A word in another script among such characters counts as several of them, by its speaking time.
    """
    if unit_of(language) == "words":
        return len(_WORD.findall(text))
    others, characters = _DENSE.subn(" ", text)
    return characters + round(len(_WORD.findall(others)) * _pace(language) / OTHER_WORDS_PER_MINUTE)


def unit_of(language: str) -> Literal["words", "characters"]:
    """Return the unit in which a language's spoken text is counted."""
    return "characters" if language.split("-")[0] in CHARACTERS_PER_MINUTE else "words"


def check_script(
    script: VideoCopy,
    *,
    language: str,
    duration_s: float,
    theme: str = "",
    call_to_action: str | None = None,
    without: frozenset[str] = frozenset(),
) -> list[Violation]:
    """Return a violation for each of the rules `video.*` that a script breaks.

    `theme` is the text that the hook should not repeat, "" if there is none. `call_to_action` is the brief's; it counts
    as one call, whatever it asks for.
    """
    found = [
        *_long_hook(script, language),
        *_wrong_length(script, language, duration_s),
        *_calls(script, language, call_to_action),
        *_weak_hook(script, language, theme),
        *_hard_to_film(script, language),
    ]
    return [violation for violation in found if violation.rule_id not in without]


def _pace(language: str) -> int:
    """Return words (characters, depending on the language) per minute."""
    code = language.split("-")[0]
    return CHARACTERS_PER_MINUTE.get(code) or WORDS_PER_MINUTE.get(code, OTHER_WORDS_PER_MINUTE)


def _long_hook(script: VideoCopy, language: str) -> list[Violation]:
    hook_s = round(spoken_seconds(script.hook, language), 1)
    if hook_s <= HOOK_S:
        return []
    words = words_for(HOOK_S, language)
    problem = f"takes about {hook_s} s to speak, at most {HOOK_S} s"
    return [_violation("video.hook", "hard", "hook", problem, f"shorten it to {words} {unit_of(language)}")]


def _wrong_length(script: VideoCopy, language: str, duration_s: float) -> list[Violation]:
    spoken_s = spoken_seconds(f"{script.hook}\n{script.body}\n{script.cta}", language)
    # a hook that is too long is asked again by its own rule: the rest is told what fits beside a mended one
    spoken_s -= max(0.0, spoken_seconds(script.hook, language) - HOOK_S)
    if abs(spoken_s - duration_s) <= LENGTH_TOLERANCE * duration_s:
        return []
    change = "shorten" if spoken_s > duration_s else "lengthen"
    words = words_for(abs(spoken_s - duration_s), language)
    problem = f"the script takes about {spoken_s:.0f} s to speak, asked are {duration_s:g} s"
    # When the hook and the call alone are too long, shortening the body cannot help.
    part = "cta" if spoken_s - spoken_seconds(script.body, language) > duration_s else "body"
    return [_violation("video.length", "hard", part, problem, f"{change} it by about {words} {unit_of(language)}")]


def _calls(script: VideoCopy, language: str, own: str | None) -> list[Violation]:
    calls = count_calls_to_action(script.cta, language, own=own)
    if calls is None or calls <= 1:
        return []
    return [_violation("video.cta", "soft", "cta", f"{calls} calls to action, at most 1", "ask for one thing")]


def _weak_hook(script: VideoCopy, language: str, theme: str) -> list[Violation]:
    greetings = find(script.hook, "calls", "greetings", [language])
    found: list[Violation] = []
    if greetings and greetings[0].start == 0:
        found.append(_violation("video.greeting", "soft", "hook", "it greets", "begin with what makes a viewer stay"))
    if theme and _WORD.findall(script.hook.casefold()) == _WORD.findall(theme.casefold()):
        found.append(_violation("video.repeat", "soft", "hook", "it is the theme again", "open a question on it"))
    return found


def _hard_to_film(script: VideoCopy, language: str) -> list[Violation]:
    texts = {"body": script.body, **{f"shots.{number}": shot for number, shot in enumerate(script.shots)}}
    found = [
        (path, text, span) for path, text in texts.items() for span in find(text, "filming", "hard_to_film", [language])
    ]
    fix = "show something that is there"
    return [
        _violation(
            "video.filmable",
            "soft",
            path,
            f"{text[span.start : span.end]!r} can't be filmed with a phone",
            fix,
            span=list(span),
        )
        for path, text, span in found
    ]


def _violation(
    rule_id: str, severity: Severity, path: str, problem: str, fix: str, *, span: list[int] | None = None
) -> Violation:
    message = f"{problem}: {fix}"
    return Violation(rule_id=rule_id, severity=severity, path=path, message=message, span=span, fix=fix)
