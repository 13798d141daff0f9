"""Rule `text.leak`: field names, markup, placeholders and meta text of the model in a text for readers.

All violations are hard except a sentence that is cut off: that is visible at once, and the rule can be wrong.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

import regex

from models.grounding import normalised
from models.rules.lexicons import find
from models.standing.tokens import fold, sentences, tokens
from models.vocabulary import Severity, Violation

_RULE_ID = "text.leak"
_SNAKE = regex.compile(r"(?<![\w@#/.-])[a-z][a-z0-9]*(?:_[a-z0-9]+)+(?![\w/@-])")
_PATH = regex.compile(r"(?<![\w@/.])(?:business|campaign|task)\.[a-z_]+(?:\.\d+)?(?![\w/])")
_MARKUP = regex.compile(
    r"```|`[^`\n]{1,80}`|`\s?//|(?<![*\w])\*\*[^*\n]{1,200}\*\*|(?<!\w)__[^_\n]{1,200}__"
    r"|^[ \t]*#{1,6}[ \t]+\S|^[ \t]*[-*_]{3,}[ \t]*$",
    regex.M,
)
_PLACEHOLDER = regex.compile(
    r"(?<!!)\[(?!/?INST\])(?=[^\]\n]*\p{L}{2})[^\]\n\d]{2,40}\](?!\()"
    r"|(?<![{$])\{(?=[^}\n]*\p{L})[\p{L}\p{M}_ .-]{1,40}\}(?!\})"
)
_LEADING = regex.compile(r"^[^\n]{1,200}[:：]\s*$", regex.M)
_LABEL = regex.compile(r"^\s*[\"“*]*(?P<label>[\p{L} -]{2,24})[\"”*]*\s?[:：]")
_LIST_ITEM = regex.compile(r"\s*(?:[-–•*·✓✔→▪◦]|\d{1,2}[.)]|\p{Extended_Pictographic})")
_LAST_WORD = regex.compile(r"(?P<word>[\p{L}\p{M}]+)\s*$")
_TAGS = regex.compile(r"(?:\s*[#＃]\w+)+\s*$")
_GRAM = 8
"""Words of the instructions in a row that no text holds by chance."""
_SHORT = 24
"""Characters of a line that leads to the text and says no more: "Sure, here you go:"."""
_PARTS = ("_", "`", "*", "[", "{", "#", ".", ":", "：", "-")
_PROBLEMS = {
    "field": "the name of a field",
    "markup": "markup, which networks print as it is",
    "placeholder": "a placeholder",
    "announcing": "a line that hands the text over",
    "machine": "words about the machine or its task",
    "refusal": "a refusal and nothing else",
    "cut": "a sentence that ends without an end",
    "instructions": "words of the instructions",
}
_FIX = "write only what readers see"


def leaks(texts: Mapping[str, str], own: Iterable[str], language: str) -> Iterator[Violation]:
    """Yield the leaks in `texts` (path to text), which are in `language`; what a text of `own` contains is none."""
    known = tuple(own)
    for path, text in texts.items():
        for kind, said in _found(normalised(text), language):
            if not any(said in statement for statement in known):
                yield _violation(path, kind, said, "soft" if kind == "cut" else "hard")


def quoted(texts: Mapping[str, str], instructions: str) -> Iterator[Violation]:
    """Yield the texts that hold eight words of the instructions in a row: folded, backwards or spelt out."""
    known = _grams(instructions)
    for path, text in texts.items():
        words = _words(text)
        backwards = _words(text[::-1])
        if not known.isdisjoint((*_runs(words), *_runs(words[::-1]), *_runs(backwards), *_runs(backwards[::-1]))):
            yield _violation(path, "instructions", "", "hard")


def _found(text: str, language: str) -> Iterator[tuple[str, str]]:
    if any(part in text for part in _PARTS):
        yield from (("field", found[0]) for pattern in (_SNAKE, _PATH) for found in pattern.finditer(text))
        yield from (("markup", found[0].strip()) for found in _MARKUP.finditer(text))
        yield from (("placeholder", found[0]) for found in _PLACEHOLDER.finditer(text))
        yield from (("announcing", line) for line in _announcing(text))
    yield from (("machine", text[span.start : span.end]) for span in find(text, "leak", "machine"))
    if find(text, "leak", "refusal") and all(_is_refusal(part) for part in sentences(text)):
        yield "refusal", text
    if cut := _cut_off(text, language):
        yield "cut", cut


def _announcing(text: str) -> Iterator[str]:
    """Yield a first line that hands the rest over: "Here is your caption:", "Caption: …"."""
    label = _LABEL.match(text)
    if label and _is_whole(label["label"], "medium"):
        yield label[0].strip()
    leading = _LEADING.match(text)
    if leading and not _LIST_ITEM.match(text[leading.end() :].lstrip()):
        line = leading[0].strip()
        hands = find(line, "leak", "handing")
        if hands and hands[0].start == 0 and (len(line) <= _SHORT or find(line, "leak", "medium")):
            yield line


def _is_whole(text: str, group: str, languages: Iterable[str] | None = None) -> bool:
    return any(span.end - span.start == len(text.strip()) for span in find(text.strip(), "leak", group, languages))


def _is_refusal(sentence: str) -> bool:
    groups = (("leak", "refusal"), ("courtesy", "sorry"), ("courtesy", "thanks"), ("courtesy", "greeting"))
    return any(find(sentence, *group) for group in groups)


def _cut_off(text: str, language: str) -> str | None:
    last = _LAST_WORD.search(_TAGS.sub("", text).rstrip(), max(0, len(text) - 60))
    return last["word"] if last and _is_whole(last["word"], "dangling", [language]) else None


@lru_cache(maxsize=16)
def _grams(text: str) -> frozenset[str]:
    return frozenset(_runs(_words(text)))


def _words(text: str) -> list[str]:
    """Return the words of a text, folded; single letters in a row are one word that was spelt out."""
    found: list[str] = []
    spelling = ""
    for token in tokens(text):
        if not token.text[0].isalnum():
            continue
        if len(token.text) == 1 and token.text.isalpha():
            spelling += token.text
            continue
        found += [*([spelling] if spelling else []), token.text]
        spelling = ""
    return [*found, *([spelling] if spelling else [])]


def _runs(words: list[str]) -> Iterator[str]:
    return (" ".join(words[at : at + _GRAM]) for at in range(len(words) - _GRAM + 1))


def _violation(path: str, kind: str, said: str, severity: Severity) -> Violation:
    shown = f"{fold(said)[:80]!r}: " if said else ""
    return Violation(
        rule_id=_RULE_ID, severity=severity, path=path, message=f"{shown}{_PROBLEMS[kind]}: {_FIX}", fix=_FIX
    )
