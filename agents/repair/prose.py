"""Decides whether prose around an object can be dropped: it may say that the object is not the answer.

Each sentence is read in the language that its words of grammar show. A sentence in a language that the lists don't
know is not left out: nobody has read it.
"""

import regex

from models.rules.lexicons import find, lexicon

_LONGEST = 2000
_LABEL_WORDS = 3
"""Words of a label, such as `JSON output`, that needs no grammar."""
_LEAST_KNOWN, _KNOWN_SHARE = 2, 5
"""Words of the grammar in a sentence that is read: at least two, and one word in five."""
_DENSE = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
_WORD = regex.compile(rf"[{_DENSE}]{{1,2}}|(?:(?![{_DENSE}])[\w'’])++")
_SENTENCE_ENDS = regex.compile(r"[.!?:;。！？：；؟\n]+")


def takes_nothing_back(prose: str) -> bool:
    """Return whether prose can be read, and neither declines the task nor takes the object back."""
    return len(prose) <= _LONGEST and all(map(_is_harmless, _SENTENCE_ENDS.split(prose)))


def _is_harmless(sentence: str) -> bool:
    words = len(_WORD.findall(sentence))
    if words <= _LABEL_WORDS:
        return not find(sentence, "prose", "takes_back")
    read = _languages(sentence, least=max(_LEAST_KNOWN, words / _KNOWN_SHARE))
    for span in reversed(find(sentence, "prose", "harmless", read)):
        sentence = f"{sentence[: span.start]} {sentence[span.end :]}"
    return bool(read) and not find(sentence, "prose", "takes_back", read)


def _languages(sentence: str, *, least: float) -> list[str]:
    """Return the languages of which a sentence holds most words of grammar; none where it holds few of each."""
    known = {language: len(find(sentence, "prose", "known", [language])) for language in lexicon("prose")["known"]}
    most = max(known.values())
    return [language for language, count in known.items() if count == most and most >= least]
