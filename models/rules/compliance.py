"""Checks texts against advertising law and the networks' policies, as far as word lists can detect a breach.

The checks flag texts and are not legal advice: a text without a flag may break the law, a text with one may comply, and
a lawyer can tell. `models/rules/compliance_rules.py` names the rules; the word lists name their sources.

`hard` marks what is certainly forbidden in the business's country: claims to cure diseases, promises of a guaranteed
return by a financial business, environmental claims without a seal in the European Union, undisclosed advertising.
"""

from collections.abc import Iterator, Mapping

from models.brief import BusinessContext
from models.rules.compliance_rules import COMPLIANCE_RULES, ComplianceRule
from models.vocabulary import Severity, Violation


def comply(
    texts: Mapping[str, str], business: BusinessContext, *, without: frozenset[str] = frozenset()
) -> list[Violation]:
    """Return what `texts` (path to text) say or lack against law or policy, in the order of the texts.

    `without` holds the ids of rules to skip. Word lists exist for English, French, German, Spanish, Italian, Dutch,
    Portuguese, Polish and Swedish; in other languages most rules find nothing.
    """
    rules: list[tuple[ComplianceRule, Severity]] = []
    for rule in COMPLIANCE_RULES:
        severity = rule.severity(business)
        if severity is not None and rule.id not in without:
            rules.append((rule, severity))
    return [
        found
        for path, text in texts.items()
        for rule, severity in rules
        for found in _broken(rule, severity, path, text, business)
    ]


def _broken(
    rule: ComplianceRule, severity: Severity, path: str, text: str, business: BusinessContext
) -> Iterator[Violation]:
    for span in rule.find(path, text, business):
        said = text[span.start : span.end]
        yield Violation(
            rule_id=rule.id,
            severity=severity,
            path=path,
            message=f"{f'{said!r}: ' if said else ''}{rule.problem}: {rule.fix}",
            span=list(span) if said else None,
            fix=rule.fix,
        )
