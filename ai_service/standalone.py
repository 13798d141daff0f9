"""The rules for anything that a host wants to publish, without a service and without a model."""

from models.brief import Brief
from models.rules.publishable import Publishable
from models.texts import texts_of
from models.vocabulary import Network, Violation


def check(content: Publishable, network: Network, brief: Brief | None = None) -> list[Violation]:
    """Return the publishing rules of a network that `content` breaks; with a brief also those of grounding and law.

    Soft rules are included. No legal advice: content without a violation may break the law.
    """
    from models.publishing import missing_phrases, violations  # loads the word lists
    from models.rules import checking

    found = checking.check(content, network)
    if brief is None:
        return found
    texts = {path: text for path, text in texts_of(content).items() if path != "content_type"}
    found += violations(texts, brief)
    return [*found, *missing_phrases(content.caption or "", brief.business).values()]
