"""What a hashtag is made of, in every script, and reading the hashtags that a model wrote.

The letters are those that networks link: Unicode's letters, decimal digits and `_`, each with the combining marks that
follow it (github.com/twitter/twitter-text, `hashtagLetters`). Joiners count within a word, since Persian and the Indic
scripts need them, as do the Tibetan tsheg and the Hebrew geresh. An emoji is no letter and goes with all of its
sequence.
"""

from collections.abc import Iterator

import regex

PATTERN = "^#[\\w\u0f0b\u05f3\u05f4]+$"
"""For a schema: the letters as Rust's and ICU's `\\w` know them, marks and joiners included."""

_MARK = r"(?:(?![\ufe00-\ufe0f])[\p{Mn}\p{Mc}\u200c\u200d])"
LETTER = rf"(?:[\p{{L}}\p{{Nd}}_\u0f0b\u05f3\u05f4]{_MARK}*+)"
"""One letter of a hashtag with its marks, for the module `regex`."""
_WORD = regex.compile(rf"{LETTER}++")
_HASHTAG = regex.compile(rf"[#＃]{LETTER}++")
_ENDS = regex.compile(r"[,，、،;；؛|\r\n]++|(?=[#＃])", regex.V1)  # V1 splits at empty matches
_NUMBER = regex.compile(r"(?<=\p{Nd})[,،](?=\p{Nd})")
_JOINERS = "\u200c\u200d"


def is_hashtag(text: str) -> bool:
    """Return whether `text` is one hashtag and nothing else."""
    return _HASHTAG.fullmatch(text) is not None


def words_of(text: str) -> list[str]:
    """Return the stretches of `text` that a hashtag can be made of."""
    return [word for found in _WORD.findall(text) if (word := found.strip(_JOINERS))]


def hashtags_in(text: str) -> list[str]:
    """Return the hashtags that `text` lists: parted by signs, commas, semicolons or line breaks.

    What stands between two of them is one hashtag, its words joined. What already is a hashtag stays as it is.
    """
    parts = _ENDS.split(_NUMBER.sub("", text))
    return [tag for part in parts for tag in _hashtag(part.strip())]


def _hashtag(text: str) -> Iterator[str]:
    words = words_of(text)
    if words:
        yield f"#{words[0] if len(words) == 1 else ''.join(word[:1].upper() + word[1:] for word in words)}"
