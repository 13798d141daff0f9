"""The rules for anything that a host wants to publish, without a service and without a model."""

from collections.abc import Mapping

from ai_service.checkable import Content, checkable
from ai_service.requests import checked
from models.base import Given
from models.brief import Brief
from models.vocabulary import Network, Violation

_SHOWN_APART = frozenset({"law.disclosure.spoken"})
"""Rules that the label on the screen satisfies."""


class CheckRequest(Given):
    """Arguments of `check`, but for the content."""

    network: Network
    brief: Brief | None = None


def check(
    content: Content, network: Network | str, brief: Brief | Mapping[str, object] | None = None
) -> list[Violation]:
    """Return the publishing rules of a network that `content` breaks; with a brief also those of grounding and law.

    `content` is a caption, a `Publishable`, a `Post`, a `Variant`, a `VideoScript`, or the fields of one of them. A
    script is checked against the brief alone: no network limits what is spoken. Soft rules are included. No legal
    advice: content without a violation may break the law. Raises InvalidRequest.
    """
    from models.publishing import missing_phrases, violations  # loads the word lists
    from models.rules import checking

    asked, given = checked(CheckRequest, hosts_ids=False, network=network, brief=brief), checkable(content)
    found = checking.check(given.published, asked.network)
    if asked.brief is None:
        return found
    without = _SHOWN_APART if given.labelled else frozenset[str]()
    found += violations(given.texts, asked.brief, without=without)
    if given.is_script:
        return found
    return [*found, *missing_phrases(given.published.caption or "", asked.brief.business).values()]
