"""Gifts and deadlines in words, and other claims that the rules once missed."""

from time import thread_time

import pytest

from models.brief import Brief, BusinessContext, Offer
from models.publishing import violations
from models.rules.deadlines import deadlines
from models.rules.gifts import ungrounded_gifts

HOSTILE = (
    "until monday ",
    "free month ",
    "gratis, ",
    "only today $5 ",
    "無料",
    "evil[.]com ",
    "0123/",
    " 5 mil",
    "99만 ",
)
PLAIN = BusinessContext(name="Levain", industry="bakery", tone="warm", languages=["en"])


def rules(text: str, **fields: object) -> set[str]:
    """Return the rules that a caption breaks; `fields` are those of the business."""
    business = PLAIN.model_copy(update=fields)
    found = violations({"caption": text}, Brief(business=business))
    return {violation.rule_id for violation in found}


def gifts(text: str, *stated: str) -> list[str]:
    """Return the severities of the gifts in a text that the business does not offer."""
    return [violation.severity for violation in ungrounded_gifts({"caption": text}, stated=stated)]


@pytest.mark.parametrize(
    "text",
    [
        "Your first cleaning is free.",
        "You get a free month of tea.",
        "The second coffee is on the house.",
        "Lunch is on us.",
        "Kids eat free on Sundays.",
        "Un café offert pour chaque brioche.",
        "Die Anfahrt ist gratis.",
        "Te regalamos una botella.",
        "Il secondo album è in omaggio.",
        "Frete grátis para todo o Brasil.",
        "Szejker gratis do zamówienia.",
        "替え玉は無料です。",
        "마스크팩을 무료로 드립니다.",
        "הדיאגנוסטיקה חינם.",
        "Діагностика безкоштовна.",
    ],
)
def test_a_gift_that_the_brief_lacks_is_hard(text: str) -> None:
    assert gifts(text, "Open daily from 7 to 19", "Two rooms for 299 kr") == ["hard"]


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("Entry to the open day is free.", "Open day on Sunday, free entry"),
        ("Die Anfahrt ist kostenlos.", "Kostenlose Anfahrt bis 30 km"),
        ("La livraison est offerte.", "Livraison gratuite dès 30 €"),
        ("A primeira troca é gratuita.", "A primeira troca é gratuita em até trinta dias"),
        ("والتغليف هدية مجانية مع بطاقة التهنئة", "نغلّف الهدايا مجانًا ونكتب بطاقة التهنئة"),
        ("첫 상담은 무료입니다.", "첫 방문 피부 상담 0원"),
        ("First pickup free for new customers.", "First pickup free for new business customers"),
    ],
)
def test_a_gift_of_the_brief_is_allowed(text: str, stated: str) -> None:
    assert gifts(text, stated) == []


def test_a_gift_other_than_the_briefs_is_only_flagged() -> None:
    assert gifts("The brioche is free today.", "Free parking behind the shop") == ["soft"]
    assert gifts("마스크팩을 무료로 드립니다.", "첫 방문 피부 상담 0원") == ["soft"]


@pytest.mark.parametrize(
    "text",
    [
        "Feel free to say hello.",
        "Free play isn't doing nothing.",
        "Sugar-free and still sweet.",
        "A free Saturday, a dog, a plan.",
        "Hands-free, thanks to the hook.",
        "Ein freier Termin am Montag.",
        "Das ist nicht gratis, aber gut.",
        "Idées à offrir pour Noël.",
        "The joke is on us.",
        "Nothing is free, least of all good butter.",
    ],
)
def test_other_uses_of_the_words_are_not_gifts(text: str) -> None:
    assert gifts(text) == []


def test_gifts_can_be_left_out() -> None:
    assert ungrounded_gifts({"caption": "It is on the house."}, stated=[], without=frozenset({"ground.gift"})) == []
    assert "ground.gift" in rules("It is on the house.")


@pytest.mark.parametrize(
    "text",
    [
        "The price holds until next Friday.",
        "Only this weekend: whitening for $199.",
        "La brioche à -10 %, seulement jusqu'à dimanche.",
        "Das Angebot gilt nur noch bis kommenden Sonntag.",
        "El precio vale solo este fin de semana.",
        "Oferta só até sexta-feira.",
        "De korting geldt alleen vandaag.",
        "本日限り、980円です。",
    ],
)
def test_a_deadline_near_an_offer_needs_a_date(text: str) -> None:
    assert deadlines(text, "")
    assert "ground.date" in rules(text)


@pytest.mark.parametrize(
    "text",
    [
        "We're open until Friday.",
        "The dough rests until tomorrow.",
        "Only this weekend did we notice the new moon.",
        "Le four chauffe jusqu'à demain. Le prix est affiché.",
        "Bis Montag!",
    ],
)
def test_other_last_days_are_not_deadlines(text: str) -> None:
    assert deadlines(text, "") == []


def test_a_deadline_of_the_brief_is_allowed() -> None:
    assert deadlines("The offer holds until Friday.", "Our offer holds until Friday") == []


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("Use code BLUEBIRD at the desk.", "ground.code"),
        ("Gutscheincode GARTENGLUECK eingeben.", "ground.code"),
        ("Code promo : BRIOCHE.", "ground.code"),
        ("쿠폰 코드 SKIN2026을 입력하세요.", "ground.code"),
        ("Confirm at evil[.]com first.", "ground.link"),
        ("hxxps://evil(.)com/pay", "ground.link"),
        ("Zie petpals(dot)nl.", "ground.link"),
        ("写真は＠kumo_ramenで。", "ground.handle"),
        ("お電話は03-5555-0123まで", "ground.phone"),
        ("Telefon 08131/555 01-23.", "ground.phone"),
        ("A pickup costs ₦2,500.", "ground.price"),
        ("Solo cuesta doscientos pesos.", "ground.price"),
        ("Two hundred dollars, all in.", "ground.price"),
        ("Das kostet dreihundert Euro.", "ground.price"),
        ("시술은 5만 원부터입니다.", "ground.price"),
        ("Sirf 129 rupaye.", "ground.price"),
        ("全品3割引です。", "ground.percentage"),
        ("今日は半額です。", "ground.percentage"),
        ("Wij scoren 9,6/10.", "ground.stars"),
        ("口コミは★4.7です。", "ground.stars"),
        ("口コミ300件を超えました。", "ground.review"),
        ("Mais de 10 mil clientes.", "ground.review"),
        ("Trusted by ten thousand customers.", "ground.review"),
        ("« La brioche qui a tout changé ! » Ce n'est pas nous qui le disons.", "ground.quote"),
        ("「最高のラーメン」とお客様の声。", "ground.quote"),
        ("«Abbiamo pianto» – Giulia e Marco", "ground.quote"),
        ("״החנות הכי טובה״, אומרת רותי.", "ground.quote"),
        ("Broker of the Year, three times running.", "ground.award"),
        ("東京ランキング第1位です。", "ground.award"),
        ("별점 4.9점입니다.", "ground.stars"),
        ("Join 3,000 happy travellers.", "ground.review"),
        ("آلاف العملاء يثقون بنا.", "ground.review"),
    ],
)
def test_ungrounded_values_are_found_in_every_spelling(text: str, rule: str) -> None:
    assert rule in rules(text)


@pytest.mark.parametrize(
    "text",
    [
        "Scan the QR code MENU at the table.",
        "The dress code BLACK is a joke.",
        "The code word for good bread is patience.",
        "Nine out of ten (9/10) loaves leave before noon.",
        "Room 8131/5 is on the left.",
        "「いただきます」と言ってから食べます。",
        "三割の小麦は地元産です。",
        "The darkest day of the year. The best time of the year.",
        "ראש השנה בתנ״ך, בתלמוד ובחז״ל, אומרת הקופה.",
        "From 17:00 it is happy hour in the garden.",
        "Mil gracias a nuestros clientes.",
        "A thousand thanks to our customers.",
        "Tusen tack till alla kunder.",
    ],
)
def test_lookalikes_are_left_alone(text: str) -> None:
    assert not {rule for rule in rules(text) if rule.startswith("ground.")}


def test_grounded_values_are_accepted_in_other_spellings() -> None:
    offer = Offer.model_validate({"text": "Lunch", "price": 50_000, "currency": "KRW", "code": "BLUEBIRD"})
    business = {"offers": [offer], "facts": ["口コミ300件", "@kumo_ramen", "03-5555-0123"]}

    said = "점심은 5만 원, code BLUEBIRD。口コミ300件。写真は@kumo_ramenで、電話は03-5555-0123まで"

    assert rules(said, **business) == set()


@pytest.mark.parametrize("unit", HOSTILE)
def test_a_hostile_text_is_read_in_linear_time(unit: str) -> None:
    """Eight times the text takes about eight times the work; quadratic work would be sixty-four times."""
    business = PLAIN.model_copy(update={"facts": ["Free tea until Friday"] * 40})

    def work(size: int, run: int) -> float:
        text = f"{(unit * size)[:size]} {run}"  # another text each time: the last ones are remembered
        started = thread_time()
        violations({"caption": text}, Brief(business=business))
        return thread_time() - started

    work(100, 0)  # lists are loaded once
    assert min(work(16_000, run) for run in range(3)) < 30 * min(work(2_000, run) for run in range(3))
