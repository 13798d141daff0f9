"""Two reasons never contradict each other: what one asks for, no other refuses."""

from itertools import combinations, product

import pytest

from models.brief import Brief
from models.content import VariantCopy
from models.finishing import Placement, broken_rules
from models.publishing import blocking
from models.rules.pack import rule_pack
from models.rules.speech import check_script, words_for
from models.video import VideoCopy
from models.vocabulary import FORMATS, Network
from tests.serving import BRIEF

PHRASES = [
    "Appelez le 04 72 00 11 22",
    "Commandez sur https://levain.example/commander",
    "Suivez @levain.lyon",
    "-30 % avec le code FOUR30",
    "Une **promesse** tenue",
    "Notre pain guérit le diabète",
    "#pain #four #lyon #levain #miche #tarte",
    ("Le pain de la maison. " * 30).strip(),
    "Le pain <du matin>",
]


def hard(caption: str, brief: Brief, network: Network) -> set[str]:
    placement = Placement(network=network, content_type=FORMATS[network][0], link=None, asks=False)
    copy = VariantCopy(caption=caption, hashtags=["#pain"])
    return {found.rule_id for found in blocking(broken_rules(copy, placement, brief, supplied=[]))}


def test_no_phrase_is_both_asked_for_and_refused() -> None:
    contradictory: list[tuple[str, str]] = []
    for phrase, network in product(PHRASES, Network):
        business = BRIEF.business.model_copy(update={"required_phrases": [phrase]})
        brief = BRIEF.model_copy(update={"business": business})
        if "brand.required" in hard("Du pain.", brief, network) and hard(phrase, brief, network):
            contradictory.append((phrase, network))

    assert contradictory == []


def test_a_phrase_that_a_network_takes_is_asked_for_there() -> None:
    business = BRIEF.business.model_copy(update={"required_phrases": [PHRASES[0]]})
    brief = BRIEF.model_copy(update={"business": business})

    asked_for = {network for network in Network if "brand.required" in hard("Du pain.", brief, network)}

    assert Network.INSTAGRAM in asked_for
    assert Network.GOOGLE_BUSINESS not in asked_for


def test_no_bounds_of_a_network_exclude_each_other() -> None:
    bounds = [rule for rule in rule_pack().rules if rule.severity == "hard"]
    excluding = [
        (low.id, high.id)
        for one, other in combinations(bounds, 2)
        for low, high in ((one, other), (other, one))
        if (low.network, low.field, low.unit) == (high.network, high.field, high.unit)
        and (low.formats is None or high.formats is None or set(low.formats) & set(high.formats))
        and low.at_least is not None
        and high.at_most is not None
        and low.at_least > high.at_most
    ]

    assert excluding == []


@pytest.mark.parametrize(("hook", "body"), [(20, 30), (30, 60), (12, 90)])
def test_a_script_that_follows_all_reasons_passes(hook: int, body: int) -> None:
    """A hook that is too long is not counted where the body is told its own length."""
    script = VideoCopy(hook="mot " * hook, body="mot " * body, cta="Passez.", shots=["Le four", "Le pain"])
    found = {
        violation.path: violation.fix for violation in blocking(check_script(script, language="fr", duration_s=30))
    }

    short_hook = words_for(3, "fr")
    assert found["hook"] == f"shorten it to {short_hook} words"
    change, _, _, _, by, _ = found["body"].split() if "body" in found else ("keep", "", "", "", "0", "")
    mended_body = body + int(by) * (1 if change == "lengthen" else -1)
    mended = script.model_copy(update={"hook": "mot " * short_hook, "body": "mot " * mended_body})

    assert blocking(check_script(mended, language="fr", duration_s=30)) == []
