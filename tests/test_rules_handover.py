"""Matters that a person must decide are found in every language of the fixtures' customers."""

from time import thread_time

import pytest

from evals.fixtures import load_messages, slugs
from models.messaging import Handover
from models.rules.handover import reasons

REFUND, LEGAL, MEDICAL, SAFETY, THREAT, MINOR = Handover

WRITTEN = {
    "en": {
        REFUND: "I want my money back.",
        LEGAL: "My lawyer will write to you.",
        MEDICAL: "I'm pregnant, may I still come?",
        SAFETY: "I had an allergic reaction to it.",
        THREAT: "I know where you live.",
        MINOR: "I'm 15, can I come alone?",
    },
    "fr": {
        REFUND: "Je veux être remboursée.",
        LEGAL: "Je vais porter plainte.",
        MEDICAL: "Je suis enceinte, c'est possible ?",
        SAFETY: "J'ai fait une intoxication après le repas.",
        THREAT: "Vous allez le regretter.",
        MINOR: "Ma fille de huit ans peut venir seule ?",
    },
    "de": {
        REFUND: "Ich will mein Geld zurück.",
        LEGAL: "Mein Anwalt meldet sich bei Ihnen.",
        MEDICAL: "Ich bin schwanger, geht das trotzdem?",
        SAFETY: "Ich habe mich an der Kante verletzt.",
        THREAT: "Das werden Sie bereuen, wir werden es bereuen lassen.",
        MINOR: "Mein Sohn ist 12 Jahre alt, darf er mit?",
    },
    "es": {
        REFUND: "Quiero un reembolso.",
        LEGAL: "Voy a denunciarlos.",
        MEDICAL: "Estoy embarazada, ¿puedo ir?",
        SAFETY: "Terminé en urgencias.",
        THREAT: "Se van a arrepentir.",
        MINOR: "Tengo 16 años, ¿puedo entrar?",
    },
    "it": {
        REFUND: "Chiedo il rimborso.",
        LEGAL: "Ho scritto all'avvocato.",
        MEDICAL: "Sono incinta, posso venire?",
        SAFETY: "Sono finita al pronto soccorso.",
        THREAT: "Ve ne pentirete.",
        MINOR: "Mio figlio ha 9 anni, può venire?",
    },
    "nl": {
        REFUND: "Ik wil mijn geld terug.",
        LEGAL: "Ik doe aangifte.",
        MEDICAL: "Ik ben zwanger, kan het dan?",
        SAFETY: "Dat was gevaarlijk.",
        THREAT: "Ik weet waar je woont.",
        MINOR: "Mijn dochter is 8 jaar, mag ze mee?",
    },
    "pt": {
        REFUND: "Quero meu dinheiro de volta.",
        LEGAL: "Vou ao Procon.",
        MEDICAL: "Estou grávida, posso usar?",
        SAFETY: "Tive uma reação alérgica.",
        THREAT: "Vocês vão se arrepender.",
        MINOR: "Meu filho de 10 anos pode ir?",
    },
    "pl": {
        REFUND: "Żądam zwrotu pieniędzy.",
        LEGAL: "Idę do rzecznika konsumentów.",
        MEDICAL: "Jestem w ciąży, czy mogę?",
        SAFETY: "W środku była pleśń.",
        THREAT: "Jeszcze pożałujecie.",
        MINOR: "Mój syn ma 14 lat, czy może?",
    },
    "sv": {
        REFUND: "Jag vill ha pengarna tillbaka.",
        LEGAL: "Nästa steg är Konsumentverket.",
        MEDICAL: "Jag är gravid, går det bra?",
        SAFETY: "Jag är allergisk.",
        THREAT: "Ni kommer att ångra er.",
        MINOR: "Min dotter är 7 år, får hon vara med?",
    },
    "uk": {
        REFUND: "Поверніть гроші.",
        LEGAL: "Зустрінемося в суді.",
        MEDICAL: "Я вагітна, чи можна?",
        SAFETY: "Ледь не сталася аварія.",
        THREAT: "Ви ще пошкодуєте.",
        MINOR: "Моєму сину 12 років, сина візьмете?",
    },
    "ar": {
        REFUND: "أريد استرداد المبلغ.",
        LEGAL: "سأشتكي إلى حماية المستهلك.",
        MEDICAL: "أنا حامل، هل يناسبني؟",
        SAFETY: "عندي حساسية من المكسرات.",
        THREAT: "أعرف أين تسكن.",
        MINOR: "هل البيع ممنوع على قاصر؟",
    },
    "he": {
        REFUND: "אני רוצה החזר כספי.",
        LEGAL: "אני פונה לעורך דין.",
        MEDICAL: "אני בהריון, אפשר?",
        SAFETY: "יש לי תגובה אלרגית.",
        THREAT: "אתם עוד תתחרטו.",
        MINOR: "הבן שלי בן 9 שנים, אפשר להביא אותו?",
    },
    "ja": {
        REFUND: "返金してもらえますか。",
        LEGAL: "弁護士に相談します。",
        MEDICAL: "妊娠中ですが大丈夫ですか。",
        SAFETY: "食べたあとお腹をこわしました。",
        THREAT: "後悔させてやる。",
        MINOR: "娘は8歳ですが入れますか。",
    },
    "ko": {
        REFUND: "환불해 주세요.",
        LEGAL: "고소하겠습니다.",
        MEDICAL: "임신 중인데 괜찮나요?",
        SAFETY: "볼에 화상 자국이 생겼어요.",
        THREAT: "가만 안 두겠습니다.",
        MINOR: "아들이 10살인데 같이 가도 되나요?",
    },
    "hi-Latn": {
        REFUND: "Paise wapas chahiye.",
        LEGAL: "Consumer court jaunga.",
        MEDICAL: "Main pregnant hoon, chalega?",
        SAFETY: "Kal se tabiyat kharab hai.",
        THREAT: "Mujhe pata hai kahan rehte ho.",
        MINOR: "Meri beti 9 saal ki hai, aa sakti hai?",
    },
}
HARMLESS = [
    "Can you help my son with his algebra homework?",
    "Is lunch free of nuts, and do you have a kids' menu?",
    "We have been customers for 15 years.",
    "How long does the visit take, and what does it cost?",
    "Un toast à l'avocat, c'est combien ?",
    "Vous êtes ouverts depuis 12 ans ?",
    "Vendez-vous des enceintes ?",
    "Welches Gericht empfehlen Sie heute?",
    "Haben Sie ein Rezept für Brot?",
    "¿Tienen mucha demanda los viernes?",
    "Posso vedere le sue foto?",
    "사고 싶은 옷이 있는데 재고 있나요?",
    "고소한 맛이 좋아요.",
    "Verify at https://refund-lagos.example.net please.",
    "Is the brioche still on offer this week?",
    "A minor point: the link on your page is broken.",
]

BEYOND_LISTS = {
    "appointment_for_saturday",
    "lost_order_with_phone",
    "parts_out_of_tolerance",
    "price_of_200_parts",
    "price_of_a_wedding",
    "visit_the_shop",
}
"""Questions that the brief does not answer, and anger without a claim: the model must detect those."""


@pytest.mark.parametrize("language", WRITTEN)
def test_each_reason_is_found_in_each_language(language: str) -> None:
    assert [reason for reason, text in WRITTEN[language].items() if reason not in reasons(text)] == []


def test_each_reason_is_written_in_each_language() -> None:
    assert {tuple(texts) for texts in WRITTEN.values()} == {tuple(Handover)}


@pytest.mark.parametrize("text", HARMLESS)
def test_ordinary_questions_need_no_person(text: str) -> None:
    assert reasons(text) == []


@pytest.mark.parametrize("slug", slugs())
def test_the_labels_of_the_fixture_messages_are_met(slug: str) -> None:
    messages = [message for message in load_messages(slug) if message.name not in BEYOND_LISTS]

    assert [message.name for message in messages if bool(reasons(message.message)) != message.needs_human] == []


def test_reasons_come_from_all_messages_each_once_in_order() -> None:
    found = reasons("My lawyer will call, and I want a refund.", "A refund!", "Hello")

    assert found == [REFUND, LEGAL]


def test_letters_of_another_shape_hide_nothing() -> None:
    assert reasons("Ｉ ｗａｎｔ ａ ｒｅｆｕｎｄ") == [REFUND]


@pytest.mark.parametrize("text", ["I'm 18 now.", "My son is 21 years old.", "I'm 5 minutes away.", "J'ai 40 ans."])
def test_adults_and_minutes_are_not_minors(text: str) -> None:
    assert reasons(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "My doctor's office is next door, can I park behind your building?",
        "My lawyer friend recommended you.",
        "Schneiden Sie auch beim Arzt nebenan die Hecke?",
        "Mia sorella è avvocato e vi ha trovati su Instagram.",
        "Is er bij de dierenarts naast jullie parkeerplek?",
        "Do you have a children's menu?",
        "Are you free on Tuesday?",
    ],
)
def test_people_and_places_that_are_only_mentioned_need_no_person(text: str) -> None:
    assert reasons(text) == []


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("My lawyer friend recommended you, and my lawyer will sue you.", LEGAL),
        ("The doctor's office is next door. My doctor told me to stop.", MEDICAL),
    ],
)
def test_a_mention_beside_a_matter_does_not_hide_it(text: str, reason: Handover) -> None:
    assert reason in reasons(text)


@pytest.mark.parametrize(
    "text",
    ["Mein zwölfjähriger Sohn kommt mit.", "My twelve-year-old son comes.", "My son is 8 and shy.", "Ik ben 13."],
)
def test_an_age_is_read_as_each_language_writes_it(text: str) -> None:
    assert reasons(text) == [MINOR]


@pytest.mark.parametrize("text", ["Unser zehnjähriges Jubiläum", "A table for 4 and a chair.", "My son is 21 and shy."])
def test_a_number_that_is_not_a_childs_age_needs_no_person(text: str) -> None:
    assert reasons(text) == []


def test_a_reason_can_be_left_out() -> None:
    message = "My lawyer will call, and I want a refund."

    assert reasons(message, without=frozenset({"handover.legal"})) == [REFUND]


def test_no_phrase_continues_in_the_next_message() -> None:
    assert reasons("You have my money", "back soon?") == []
    assert reasons("You have my money back soon?") == [REFUND]


@pytest.mark.parametrize(
    "piece", ["my lawyer friend ", "I'm 5 ", "son ", "a", "zwölfjährig", "'", "의사", "12 ", "è avvocato "]
)
def test_hostile_messages_are_read_in_linear_time(piece: str) -> None:
    """Eight times the text takes about eight times the work; quadratic work would be sixty-four times."""

    def work(size: int, run: int) -> float:
        messages = [f"{(piece * size)[:size]} {run}", "Hello"]  # others each time: the last ones are remembered
        started = thread_time()
        reasons(*messages)
        return thread_time() - started

    assert min(work(8_000, run) for run in range(2)) < 30 * min(work(1_000, run) for run in range(2))
