"""What the law and the networks' policies ask of advertising, as far as word lists can see it.

These checks flag. They are no legal advice: a text without a flag may break the law, a text with one may keep it, and a
lawyer knows which. Rules and their sources: section D of the marketing facts; the word lists name theirs.

`hard` is what is surely forbidden where the business is: health claims against diseases, promises of a sure return by a
financial business, environmental claims without a seal in the European Union, an advertisement that does not say so.
"""

from collections.abc import Iterator, Mapping

from models.brief import BusinessContext
from models.rules.flags import FLAGS, Flag
from models.vocabulary import Severity, Violation


def comply(
    texts: Mapping[str, str], business: BusinessContext, *, without: frozenset[str] = frozenset()
) -> list[Violation]:
    """Return what `texts` (path to text) should not say, or lack, by law or policy, in their order.

    `without` are ids of rules to leave out. A word list exists for English, French, German, Spanish, Italian, Dutch,
    Portuguese, Polish and Swedish; in other languages most rules find nothing.
    """
    flags: list[tuple[Flag, Severity]] = []
    for flag in FLAGS:
        severity = flag.severity(business)
        if severity is not None and flag.id not in without:
            flags.append((flag, severity))
    return [
        found
        for path, text in texts.items()
        for flag, severity in flags
        for found in _flagged(flag, severity, path, text, business)
    ]


def _flagged(flag: Flag, severity: Severity, path: str, text: str, business: BusinessContext) -> Iterator[Violation]:
    for span in flag.find(path, text, business):
        said = text[span.start : span.end]
        yield Violation(
            rule_id=flag.id,
            severity=severity,
            path=path,
            message=f"{f'{said!r}: ' if said else ''}{flag.problem}: {flag.fix}",
            span=list(span) if said else None,
            fix=flag.fix,
        )
