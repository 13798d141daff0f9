"""Checks texts against advertising law and the networks' policies, as far as word lists can detect a breach.

The checks flag texts and are not legal advice: a text without a flag may break the law, a text with one may comply, and
a lawyer can tell. `models/rules/flags.py` names the rules; the word lists name their sources.

`hard` marks what is certainly forbidden in the business's country: claims to cure diseases, promises of a guaranteed
return by a financial business, environmental claims without a seal in the European Union, undisclosed advertising.
"""

from collections.abc import Iterator, Mapping

from models.brief import BusinessContext
from models.rules.flags import FLAGS, Flag
from models.vocabulary import Severity, Violation


def comply(
    texts: Mapping[str, str], business: BusinessContext, *, without: frozenset[str] = frozenset()
) -> list[Violation]:
    """Return what `texts` (path to text) say or lack against law or policy, in the order of the texts.

    `without` holds the ids of rules to skip. Word lists exist for English, French, German, Spanish, Italian, Dutch,
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
