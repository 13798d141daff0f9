"""Unicode normal forms in linear time."""

import unicodedata
from typing import Literal

import regex

# The halfwidth voicing marks are letters that become combining marks in NFKC.
_MARK = r"[\p{M}\uFF9E\uFF9F]"
_LONG_RUN = regex.compile(_MARK + r"{31}")
_PIECE = regex.compile(rf"[^\p{{M}}\uFF9E\uFF9F]++{_MARK}{{0,30}}+|{_MARK}{{1,30}}+")


def normal_form(form: Literal["NFC", "NFD", "NFKC"], text: str) -> str:
    """Return `text` in a Unicode normal form.

    More than 30 marks in a row are normalised in pieces of 30, as in the Stream-Safe Text Format of UAX 15: CPython
    sorts a run of marks in quadratic time, and no language writes so many.
    """
    if text.isascii():
        return text
    if not _LONG_RUN.search(text):
        return unicodedata.normalize(form, text)
    return "".join(unicodedata.normalize(form, piece) for piece in _PIECE.findall(text))
