"""Personal data in a customer's messages, which no reply may repeat."""

import pytest

from evals import messaging
from evals.messaging import ReplyCase, message_of
from models.rules.personal import personal_data, repeated

MESSAGE = (
    "You charged my card 4111 1111 1111 1111 TWICE. I'm Dana Whitlock, dana.whitlock@mail.example, born 04/12/1979, "
    "12 Example St Brunswick, +1 512 555 0100, order no. 4711, account 0000012345, IBAN DE89 3704 0044 0532 0130 00, "
    "passport 00AB12345. My son Noah was with me."
)
STATED = ["Call us on 512 555 0199", "Bluebonnet Dental, 14 Lamar Street", "Open since 2009-05-01"]


def kinds(reply: str, *, message: str = MESSAGE) -> list[str]:
    found = repeated("reply", reply, personal_data([message]), stated=STATED)
    assert all(
        (violation.rule_id, violation.severity, violation.path) == ("reply.personal", "hard", "reply")
        for violation in found
    )
    return [violation.message.partition("(")[2].partition(")")[0] for violation in found]


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        ("Your card 4111-1111-1111-1111 was charged once.", "card number"),
        ("The card ending in 1111 was charged once.", "card number"),
        ("We will call you on 512-555-0100.", "phone, order or account number"),
        ("We look into order 4711.", "phone, order or account number"),
        ("Account 0000012345 is noted.", "phone, order or account number"),
        ("The account DE89370400440532013000 is noted.", "phone, order or account number"),
        ("We write to Dana.Whitlock@mail.example.", "email, code or document"),
        ("Passport 00AB12345 is noted.", "email, code or document"),
        ("Thank you, Mrs Whitlock.", "name or address"),
        ("WHITLOCK is noted.", "name or address"),
        ("Hello, we have your note, Dana.", "name or address"),
        ("We are sorry for what happened to Noah.", "name or address"),
        ("Are you still at 12 Example St?", "name or address"),
        ("Born on 4 December 1979, is that right?", "date"),
    ],
)
def test_repeated_personal_data_is_refused(reply: str, kind: str) -> None:
    assert kind in kinds(reply)


@pytest.mark.parametrize(
    "reply",
    [
        "Hello Dana, we are sorry. A person will call you.",
        "Call us on 512 555 0199, for example tomorrow.",
        "We are sorry for your son. It is a good thing that you wrote.",
    ],
)
def test_a_first_name_in_the_greeting_and_the_businesss_own_data_are_allowed(reply: str) -> None:
    assert kinds(reply) == []


@pytest.mark.parametrize(
    ("message", "reply"),
    [
        ("I'm Italian and love your menu.", "Our Italian menu starts at noon."),
        ("Will you open in May?", "Will do: in May we open."),
        ("Soy vegano, ¿qué hay?", "Soy el asistente: hay tacos."),
        ("We are 12 people on 3 tables", "For 12 people we have 3 tables."),
        ("Do you open 9:00-18:00?", "We open 9:00-18:00."),
        ("My name is Will Long, 050 000 4821", "We will see how long it takes."),
        ("My name is on your list of guests", "Our list of guests is full."),
        ("Samstag Vormittag, 10 Uhr, geht das?", "Am Vormittag geht es."),
        ("Geht es am Samstag 11 Uhr oder Im Mai 2 Stunden?", "Am Samstag geht es. Im Mai auch."),
        ("Haben Sie Am Samstag 11 Plätze?", "Am Samstag haben wir Plätze."),
        ("Ist Sitzplatz 4 frei?", "Ja, der Sitzplatz ist frei."),
        ("Mein Sohn Nachhilfe?", "Ja, Nachhilfe gibt es."),
        ("Scrivetemi via WhatsApp 333 000 5581", "Scriviamo via WhatsApp."),
        ("Confermate le 2 via mail", "Confermiamo via mail."),
    ],
)
def test_ordinary_words_and_numbers_are_not_personal(message: str, reply: str) -> None:
    assert kinds(reply, message=message) == []


def test_no_reason_holds_the_data() -> None:
    found = repeated("reply", MESSAGE, personal_data([MESSAGE]), stated=STATED)

    said = " ".join(f"{violation.message} {violation.fix}" for violation in found)
    assert not any(secret in said for secret in ("4111", "Dana", "Whitlock", "1979", "555", "Noah", "AB123"))
    assert len(found) == 5


ANGRY = [case.inputs for case in messaging.load_dataset().cases if case.metadata and case.metadata.personal_data]


@pytest.mark.parametrize("case", ANGRY, ids=lambda case: case.business)
def test_a_repeated_message_of_the_fixtures_is_refused(case: ReplyCase) -> None:
    message = message_of(case).message

    assert kinds(message, message=message) != []


@pytest.mark.parametrize(
    ("message", "secret"),
    [
        ("Ich heiße Josef Huber.", "Huber"),
        ("Josef Huber, Am Anger 7, 85221 Dachau", "Am Anger"),
        ("Camille Perrot, 14 rue des Tables-Claudiennes", "Tables-Claudiennes"),
        ("Marek Wrona, ul. Przykładowa 3/8", "Przykładowa"),
        ("Olga Neri, Via Roma 12", "Neri"),
        ("Via Roma 12, Milano", "Via Roma 12"),
        ("Lindenweg 3, 1010 Wien", "Lindenweg"),
        ("Jonas Lindqvist, passport 00AB12345", "Lindqvist"),
        ("Jag heter Karin Sundell", "Sundell"),
        ("佐藤健一、090-0000-1234、新宿区高田馬場0-0-0です", "佐藤"),
        ("박지현, 010-0000-3927", "박지현"),
        ("שמי יעל ברק, 050-000-2816", "ברק"),
        ("اسمي سالم الحارثي، ورقمي 050 000 4821", "الحارثي"),
        ("Олексій Бондар, oleksii.bondar@mail.example", "Бондаре"),
    ],
)
def test_names_and_streets_are_known_as_each_language_writes_them(message: str, secret: str) -> None:
    assert kinds(f"OK: {secret}.", message=message) == ["name or address"]
