"""Former misses and false alarms of the rules: one case for each that was fixed."""

import pytest

from models.brief import BusinessContext
from models.rules.checking import check
from models.rules.compliance import comply
from models.rules.publishable import Publishable, Template
from models.rules.speech import check_script
from models.video import VideoCopy
from models.vocabulary import Network


def flagged(text: str, language: str, industry: str = "shop", country: str = "FR") -> set[str]:
    business = BusinessContext(name="A", industry=industry, tone="warm", languages=[language], country=country)
    return {violation.rule_id for violation in comply({"caption": text}, business)}


@pytest.mark.parametrize(
    ("language", "text", "rule"),
    [
        ("en", "Drop five kilos by spring.", "law.health.weight"),
        ("pt", "Perca 4 quilos em um mês.", "law.health.weight"),
        ("de", "Nehmen Sie in zwei Wochen 4 Kilo ab.", "law.health.weight"),
        ("en", "Our ginger shots prevent malaria.", "law.health.cure"),
        ("es", "Refuerza tu sistema inmunológico.", "law.health.promise"),
        ("en", "Everyone gets approved.", "law.finance.promise"),
        ("es", "Envíos neutros en carbono.", "law.green.neutral"),
        ("sv", "Ord. pris 399 kr, nu 299 kr.", "law.price_cut"),
        ("en", "Our patients love us.", "law.testimonial"),
    ],
)
def test_a_claim_is_found(language: str, text: str, rule: str) -> None:
    assert rule in flagged(text, language)


@pytest.mark.parametrize(
    ("language", "industry", "text", "rule"),
    [
        ("fr", "domaine viticole", "Ce soir, boisson à volonté.", "law.alcohol.excess"),
        ("es", "bodega", "El vino más fuerte de la casa.", "law.alcohol.strength"),
        ("fr", "vignoble", "Un verre avant de reprendre le volant.", "law.alcohol.driving"),
        ("es", "asesoría financiera", "Tu tranquilidad está garantizada.", "law.finance.word"),
    ],
)
def test_a_trade_is_recognised_by_further_names(language: str, industry: str, text: str, rule: str) -> None:
    assert rule in flagged(text, language, industry)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Wir nehmen 20 Kilo Laub ab Hof mit."),
        ("nl", "Langer open dan andere dagen: vrijdag."),
        ("en", "Parents say goodbye at the gate."),
        ("it", "Prima del sì, un respiro."),
    ],
)
def test_a_lookalike_of_a_claim_is_left_alone(language: str, text: str) -> None:
    assert flagged(text, language) == set()


@pytest.mark.parametrize("caption", ["お電話は03-5555-0123まで", "Tel. 08131/555 01-23"])
def test_a_phone_number_is_found_in_its_national_form(caption: str) -> None:
    assert [v.rule_id for v in check(Publishable(caption=caption), Network.GOOGLE_BUSINESS)] == ["gbp.phone"]


def test_promotion_is_found_in_each_part_of_a_utility_template() -> None:
    template = Template(category="UTILITY", header="Big sale", body="Your parcel is here.", footer="Sale ends Sunday")

    found = check(Publishable(template=template), Network.WHATSAPP)

    assert [violation.rule_id for violation in found] == ["wa.cat.utility"]


def test_the_call_of_the_brief_is_one_call_whatever_it_asks_for() -> None:
    call = "Order online or drop in"
    script = VideoCopy(hook="Five words of a hook.", body="word " * 40, cta=f"{call}.", shots=["A door", "A hand"])

    def calls(own: str | None) -> list[str]:
        found = check_script(script, language="en", duration_s=19, call_to_action=own)
        return [violation.rule_id for violation in found]

    assert calls(None) == ["video.cta"]
    assert calls(call) == []
