"""Promises of a reply in words, and those that the brief makes."""

import pytest

from models.rules.promises import promised

STATED = [
    "Free parking behind the building",
    "Open Monday to Friday, 9 am to 6 pm",
    "The visit takes about 90 minutes",
    "Full refund within 14 days of purchase",
]


def broken(
    reply: str, *, stated: list[str] | None = None, language: str = "en", asked: str = "", decides: bool = False
) -> list[str]:
    known = STATED if stated is None else stated
    found = promised(reply, known, language=language, stated_in=language, asked=asked, decides=decides)
    assert all((violation.severity, violation.path) == ("hard", "reply") for violation in found)
    return [violation.rule_id for violation in found]


PROMISES = {
    "refund": [
        ("en", "Don't worry, we will refund you."),
        ("fr", "Nous allons vous rembourser."),
        ("de", "Wir erstatten Ihnen den Betrag gern."),
        ("es", "Le reembolsaremos el importe."),
        ("it", "La rimborseremo volentieri."),
        ("nl", "U krijgt uw geld terug."),
        ("pt", "Vamos reembolsar o valor."),
        ("pl", "Zwrócimy pieniądze."),
        ("sv", "Du får pengarna tillbaka."),
        ("uk", "Ми повернемо вам гроші."),
        ("ja", "全額返金いたします。"),
        ("ko", "환불해 드리겠습니다."),
        ("ar", "سنعيد لك المبلغ."),
        ("he", "נחזיר לך את הכסף."),
        ("hi-Latn", "Refund mil jayega."),
    ],
    "replacement": [
        ("en", "We'll send you a new one."),
        ("fr", "Nous vous en envoyons un autre."),
        ("de", "Wir schicken Ihnen ein neues."),
        ("es", "Te enviaremos uno nuevo."),
        ("nl", "We sturen je een nieuwe."),
        ("ja", "交換いたします。"),
    ],
    "free": [
        ("en", "Your next brioche is on the house."),
        ("fr", "Le prochain café est gratuit."),
        ("de", "Der nächste Kaffee geht aufs Haus."),
        ("es", "El próximo café es gratis."),
        ("it", "Il prossimo caffè è in omaggio."),
        ("pl", "Następna kawa za darmo."),
        ("ko", "다음 커피는 무료입니다."),
    ],
    "guarantee": [
        ("en", "We guarantee that it works."),
        ("fr", "Nous vous garantissons le résultat."),
        ("de", "Das garantieren wir Ihnen."),
        ("es", "Te prometemos que saldrá bien."),
        ("sv", "Vi lovar att det blir bra."),
    ],
    "exception": [("en", "We'll make an exception for you."), ("de", "Für Sie machen wir eine Ausnahme.")],
    "soon": [
        ("en", "It will be there tomorrow morning."),
        ("fr", "Vous l'aurez demain matin."),
        ("de", "Wir melden uns noch heute."),
        ("es", "Estará hoy mismo."),
        ("ja", "本日中にご連絡いたします。"),
    ],
    "time": [
        ("en", "See you at 7:45 pm."),
        ("en", "We answer within 48 hours."),
        ("fr", "Nous répondons sous 48 heures."),
        ("de", "Kommen Sie um 20 Uhr."),
        ("ja", "8時にお待ちしています。"),
    ],
}
CASES = [(kind, language, reply) for kind, replies in PROMISES.items() for language, reply in replies]


@pytest.mark.parametrize(("kind", "language", "reply"), CASES)
def test_a_promise_that_the_brief_does_not_make_is_found(kind: str, language: str, reply: str) -> None:
    stated = ["Open Monday to Friday, 9 am to 6 pm"]

    assert f"promise.{kind}" in broken(reply, stated=stated, language=language)


@pytest.mark.parametrize(
    ("language", "reply"),
    [
        ("en", "Parking is free."),
        ("en", "We are open from 9:00 to 18:00, and the visit takes 90 minutes."),
        ("en", "You get a full refund within 14 days of purchase."),
        ("en", "I can't say whether we will refund you, a colleague will look into it."),
        ("en", "Nobody can say if a table at 7:45 pm is left."),
        ("fr", "Nous ne pouvons pas vous rembourser d'ici, un collègue regarde."),
        ("de", "Ich kann Ihnen nicht garantieren, dass es klappt."),
        ("en", "We are sorry. A person will look into it and get back to you."),
        ("fr", "Nous sommes désolés, une personne de l'équipe vous répondra."),
        ("ja", "担当者より改めてご連絡いたします。"),
    ],
)
def test_grounded_promises_and_negations_are_left_alone(language: str, reply: str) -> None:
    assert broken(reply, language=language) == []


@pytest.mark.parametrize(
    ("stated", "language", "reply"),
    [
        ("La pâte repose vingt-quatre heures", "fr", "La pâte repose 24 heures."),
        ("Open from eight to six", "en", "We are open until 6 pm."),
        ("Die Beratung dauert 20 Minuten", "de", "Die Beratung dauert zwanzig Minuten."),
    ],
)
def test_a_time_may_be_written_in_words_on_either_side(stated: str, language: str, reply: str) -> None:
    assert broken(reply, stated=[stated], language=language) == []
    assert broken(reply, stated=[], language=language) == ["promise.time"]


def test_a_gift_of_the_brief_does_not_ground_another() -> None:
    assert broken("Your croissant is free today.") == ["promise.free"]


def test_what_is_promised_may_be_named_by_the_customer() -> None:
    assert broken("It is free.", asked="Does the parking cost anything?") == []
    assert broken("It is free.", asked="Does the croissant cost anything?") == ["promise.free"]


def test_across_languages_a_promise_of_the_same_kind_counts() -> None:
    found = promised("Le parking est gratuit.", STATED, language="fr", stated_in="ar")

    assert found == []


@pytest.mark.parametrize(
    ("language", "reply"),
    [
        ("en", "You get a full refund within 14 days of purchase."),
        ("en", "Sorry, we do not refund this."),
        ("en", "It is safe to use, nothing to worry about."),
        ("fr", "Désolés, aucun remboursement n'est possible."),
        ("de", "Das ist nicht unsere Schuld."),
        ("es", "No podemos reembolsar esa compra."),
        ("ja", "返金できません。"),
    ],
)
def test_a_reply_promises_nothing_on_a_matter_that_a_person_must_decide(language: str, reply: str) -> None:
    assert "promise.decision" in broken(reply, language=language, decides=True)
    assert "promise.decision" not in broken(reply, language=language)


def test_a_violation_names_the_promise_and_the_fix() -> None:
    [found] = promised("We will refund you.", [], language="en", stated_in="en")

    assert found.message == (
        "money back or compensation is promised that is not in the brief: promise nothing; say that a person will look "
        "into it"
    )


@pytest.mark.parametrize(
    ("language", "reply"),
    [
        ("en", "Thanks for your message. A colleague will check what is free and write back."),
        ("en", "You will see there when we are free."),
        ("en", "A table is free at eight, and two seats are free by the window."),
        ("en", "Is Dr Lee free? Our dentist is free on Tuesday. Friday is still free."),
        ("en", "We will see which riders are free and whether a slot is free."),
        ("en", "There is a free table, and you are free to choose."),
        ("de", "Eine Kollegin sieht nach, welche Termine noch frei sind."),
        ("fr", "Une table est libre, et nous sommes libres mardi."),
        ("es", "Un colega ve qué lugares quedan libres."),
        ("it", "Uno di noi controlla se quel giorno è libero."),
        ("nl", "Een collega kijkt of er zaterdag nog een plek vrij is."),
        ("pt", "Uma colega vai ver se o provador está livre."),
        ("sv", "En av oss tittar efter om det finns en ledig plats."),
        ("pl", "Kolega sprawdzi, czy jest wolne miejsce."),
    ],
)
def test_free_in_the_sense_of_available_is_not_a_gift(language: str, reply: str) -> None:
    assert broken(reply, stated=[], language=language) == []


@pytest.mark.parametrize(
    "reply",
    [
        "Your first visit is free.",
        "Delivery is free on Tuesday.",
        "Parking on Friday is free.",
        "The cleaning and the X-rays are free.",
        "We are free of charge.",
        "Places are free for children.",
        "You get a free hour.",
        "Come by for a free coffee.",
        "A table is free at eight, and the coffee is free.",
    ],
)
def test_free_in_the_sense_of_costing_nothing_is_a_gift(reply: str) -> None:
    assert broken(reply, stated=[]) == ["promise.free"]


@pytest.mark.parametrize(
    ("stated", "right", "wrong"),
    [
        ("Open 8 am to 5 pm", "We close at 17:00.", "We close at 18:00."),
        ("Ouvert de 7:00 à 19:30", "We close at 7.30 pm.", "We close at 7.45 pm."),
        ("Abrimos de 18:00 a 23:00, con treinta lugares", "Abrimos a las 18:00.", "Abrimos a las 16:30."),
        ("11時から15時、17時から22時まで", "22時までです。", "23時までです。"),
        ("Open from 8 am", "We open at 8:00.", "It takes 20 minutes."),
        ("Opening day 2027-03-20, 7 seats", "See you at 7 pm.", "It takes 20 minutes."),
        ("Ready within twenty-four hours", "It takes 24 hours.", "It takes 12 hours."),
    ],
)
def test_a_time_is_said_as_a_whole_and_a_duration_by_its_number(stated: str, right: str, wrong: str) -> None:
    language = "ja" if "時" in stated else "en"

    assert broken(right, stated=[stated], language=language) == []
    assert broken(wrong, stated=[stated], language=language) == ["promise.time"]


@pytest.mark.parametrize(
    "reply",
    [
        "A refund is not possible, sorry.",
        "Eine Erstattung ist leider nicht möglich.",
        "Infelizmente não fazemos reembolso.",
        "Tyvärr kan vi inte betala tillbaka.",
    ],
)
def test_a_refusal_beside_money_back_decides(reply: str) -> None:
    assert "promise.decision" in broken(reply, stated=[], decides=True)


@pytest.mark.parametrize(
    ("language", "reply"),
    [
        ("en", "I can't decide on a refund here; a colleague will."),
        ("de", "Über eine Erstattung kann ich hier nicht entscheiden."),
        ("es", "No podemos decidir aquí sobre el reembolso."),
        ("ja", "返金についてはこちらではお答えできません。"),
    ],
)
def test_saying_that_a_person_decides_is_not_a_decision(language: str, reply: str) -> None:
    assert broken(reply, stated=[], language=language, decides=True) == []
