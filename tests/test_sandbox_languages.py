"""Each language of the sandbox: a month of themes, posts and videos that pass every rule, and replies."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from agents.sandbox.document import read_document
from agents.sandbox.phrases import has_phrases, load_phrases, phrase_languages
from agents.sandbox.writers import write
from deps.content import PostTask
from deps.messaging import ReplyTask
from deps.strategy import DayBrief
from deps.tasks import DayTask, Task
from deps.video import VideoTask
from models.answering import broken_rules as broken_by_reply
from models.brief import Brief, Weekday
from models.calendar_quality import distinct_2, near_duplicates, repeated_openers
from models.content import PostCopy
from models.conversation import Conversation
from models.filming import Take, broken_rules as broken_by_video, filmable
from models.finishing import Placement, broken_rules, finish, published
from models.messaging import Intent, ReplyCopy
from models.publishing import blocking
from models.rules.languages import is_in_language
from models.rules.room import caption_room, max_hashtags
from models.rules.speech import unit_of, words_for
from models.strategy import ThemeSlice
from models.texts import texts_of
from models.video import VideoCopy
from models.vocabulary import Network, Role
from tests.sandbox_parts import FIXTURES, SLICE, document, load_fixture, planned, theme_task

ONE_EACH = {
    "ar": "al-noor-perfumes",
    "de": "gruenwerk-garten",
    "en": "bluebonnet-dental",
    "es": "casa-mezcal",
    "fr": "levain-fils",
    "it": "studio-lumen",
    "ja": "kumo-ramen",
}
OTHERS = [path.stem for path in FIXTURES if path.stem not in ONE_EACH.values()]
NOT_OF_THE_TEXT = {"law.price_cut", "x.paid"}
"""Flags caused by an offer's own words (ten per cent off, for instance), or by data that the host sends a network."""
SECONDS = (15, 30, 60, 90)


def brief_of(name: str) -> Brief:
    return load_fixture(next(path for path in FIXTURES if path.stem == name))


def answer(brief: Brief, task: Task) -> object:
    return write(read_document(document(brief, task), attempt=0))


def themes_of(brief: Brief, days: list[DayBrief]) -> list[str]:
    themes: list[str] = []
    for start in range(0, len(days), SLICE):
        part = answer(brief, theme_task(brief, days[start : start + SLICE]))
        assert isinstance(part, ThemeSlice)
        themes += [day.theme for day in part.days]
    return themes


def month_of(brief: Brief) -> list[DayTask]:
    days = planned(brief)
    return [
        DayTask(
            **day.model_dump(exclude={"angle", "angle_hint"}),
            theme=theme,
            call_to_action=brief.campaign.call_to_action if day.role in (Role.OFFER, Role.LAUNCH) else None,
        )
        for day, theme in zip(days, themes_of(brief, days), strict=True)
    ]


def faults_of_post(brief: Brief, day: DayTask, network: Network | None) -> Iterator[str]:
    """Yield the hard and soft violations of a post as published, and its failed quality measures."""
    business = brief.business
    day = day.model_copy(update={"network": network})
    asks = day.call_to_action is not None or day.offer is not None
    link = business.links[0] if business.links else None
    placement = Placement(network=network, content_type=day.content_type, link=link, asks=asks)
    added = f"{placement.before(business)}\n{placement.after}"
    room = caption_room(network, day.content_type, business.language, added=added)
    task = PostTask(language=business.language, day=day, caption_characters=room, max_hashtags=max_hashtags(network))
    copy = answer(brief, task)
    assert isinstance(copy, PostCopy)
    finished, supplied = finish(copy, placement, business), list(texts_of(day).values())
    found = broken_rules(finished, placement, brief, supplied=supplied)
    whole = published(finished, placement, brief, past_posts=[], found=found)
    yield from (f"{fault.rule_id} {fault.message}" for fault in found if fault.rule_id not in NOT_OF_THE_TEXT)
    yield from (f"{quality.name} {quality.value}" for quality in whole.quality if not quality.passed)


def script_of(brief: Brief, day: DayTask, seconds: int) -> VideoCopy:
    language = brief.business.language
    task = VideoTask(
        language=language,
        day=day,
        duration_s=seconds,
        length=words_for(seconds, language),
        length_unit=unit_of(language),
        hook_length=words_for(3, language),
    )
    script = answer(brief, task)
    assert isinstance(script, VideoCopy)
    return script


def faults_of_video(brief: Brief, day: DayTask, seconds: int) -> Iterator[str]:
    """Yield the hard and soft violations of a script, and its failed quality measures."""
    business = brief.business
    script = script_of(brief, day, seconds)
    take = Take(language=business.language, duration_s=seconds, theme=day.theme)
    supplied = list(texts_of(day).values())
    found = broken_by_video(script, take, brief, supplied=supplied)
    whole = filmable(script, take, brief, found=found)
    yield from (f"{fault.rule_id} {fault.message}" for fault in found if fault.rule_id not in NOT_OF_THE_TEXT)
    if has_phrases(business.language):
        yield from (f"{quality.name} {quality.value}" for quality in whole.quality if not quality.passed)


def test_a_business_of_each_language_is_among_the_fixtures():
    assert {language: brief_of(name).business.language for language, name in ONE_EACH.items()} == {
        language: language for language in phrase_languages()
    }


@pytest.mark.parametrize("name", ONE_EACH.values(), ids=ONE_EACH)
def test_thirty_themes_differ_and_are_in_the_language(name: str):
    brief = brief_of(name)

    themes = [day.theme for day in month_of(brief)]

    assert near_duplicates(themes, brand=brief.business.name) == []
    assert distinct_2(themes) >= 0.87
    assert repeated_openers(themes) <= 0.10
    assert is_in_language("\n".join(themes), brief.business.language)


@pytest.mark.parametrize("name", ONE_EACH.values(), ids=ONE_EACH)
def test_a_month_of_posts_passes_every_rule_of_each_network_of_the_brief(name: str):
    brief = brief_of(name)

    faults = [
        (day.day, network, fault)
        for day in month_of(brief)
        for network in brief.business.networks
        for fault in faults_of_post(brief, day, network)
    ]

    assert faults == []


@pytest.mark.parametrize("name", ONE_EACH.values(), ids=ONE_EACH)
def test_a_month_of_videos_passes_every_rule(name: str):
    brief = brief_of(name)

    faults = [
        (day.day, fault)
        for day in month_of(brief)
        for fault in faults_of_video(brief, day, SECONDS[day.day % len(SECONDS)])
    ]

    assert faults == []


@pytest.mark.parametrize("name", ONE_EACH.values(), ids=ONE_EACH)
def test_a_post_suits_every_network(name: str):
    brief = brief_of(name)
    days = month_of(brief)[::10]

    faults = [(network, fault) for network in Network for day in days for fault in faults_of_post(brief, day, network)]

    assert faults == []


@pytest.mark.parametrize("name", ONE_EACH.values(), ids=ONE_EACH)
def test_a_long_theme_of_somebody_else_is_cut_to_what_the_network_takes(name: str):
    brief = brief_of(name)
    day = next(day for day in month_of(brief) if day.offer)
    long = day.model_copy(update={"theme": " ".join(brief.business.facts)[:140]})

    faults = [fault for fault in faults_of_post(brief, long, Network.X) if fault.startswith("x.text")]

    assert faults == []


@pytest.mark.parametrize("name", OTHERS)
def test_other_businesses_get_posts_and_videos_that_break_nothing_hard(name: str):
    brief = brief_of(name)

    for number, day in enumerate(month_of(brief)[::8]):
        network = brief.business.networks[number % 2] if brief.business.networks else None
        hard = [fault for fault in faults_of_post(brief, day, network) if not fault.startswith(("q.", "law."))]
        videos = [fault for fault in faults_of_video(brief, day, SECONDS[number]) if not fault.startswith("q.")]
        assert hard == videos == []


@pytest.mark.parametrize("name", ONE_EACH.values(), ids=ONE_EACH)
def test_the_longest_script_says_no_sentence_twice(name: str):
    brief = brief_of(name)
    for day in month_of(brief)[::10]:
        body = script_of(brief, day, 180).body

        sentences = [part.strip() for part in body.replace("。", ".").replace("؟", ".").split(".") if part.strip()]
        assert len(set(sentences)) == len(sentences)


MESSAGES = [
    ("ar", "متى تفتحون في رمضان؟", Intent.QUESTION, None),
    ("ar", "بكم صندوق هدايا العيد؟", Intent.QUESTION, None),
    ("ar", "هل تقبلون الشيكات؟", Intent.QUESTION, "unknown"),
    ("ar", "أريد استرداد المبلغ من فضلكم", Intent.REFUND, "refund"),
    ("ar", "سأرفع عليكم دعوى عند المحامي", Intent.COMPLAINT, "legal"),
    ("ar", "عندي حساسية من العود، هل هو آمن؟", Intent.QUESTION, "safety"),
    ("ar", "أنا حامل، هل أستعمل هذا الدواء؟", Intent.QUESTION, "medical"),
    ("ar", "أعرف أين تسكنون", Intent.COMPLAINT, "threat"),
    ("ar", "ابنتي عمرها 12 سنة، هل تأتي وحدها؟", Intent.QUESTION, "minors"),
    ("ar", "شكرا جزيلا، العطر رائع", Intent.PRAISE, None),
    ("de", "Haben Sie auch samstags geöffnet?", Intent.QUESTION, None),
    ("de", "Was kostet der Frühjahrs-Check?", Intent.QUESTION, None),
    ("de", "Ich möchte mein Geld zurück.", Intent.REFUND, "refund"),
    ("de", "Ich gehe zu meinem Anwalt.", Intent.COMPLAINT, "legal"),
    ("de", "Mein Sohn ist 12, darf er mit?", Intent.QUESTION, "minors"),
    ("de", "Vielen Dank, der Garten ist wunderbar!", Intent.PRAISE, None),
    ("es", "¿A qué hora abren los martes?", Intent.QUESTION, None),
    ("es", "¿Cuánto cuesta la cata?", Intent.QUESTION, None),
    ("es", "¿Tienen estacionamiento propio?", Intent.QUESTION, "unknown"),
    ("es", "Quiero que me devuelvan mi dinero.", Intent.REFUND, "refund"),
    ("es", "Voy a hablar con mi abogado.", Intent.COMPLAINT, "legal"),
    ("es", "Soy alérgica a la nuez, ¿es peligroso?", Intent.QUESTION, "safety"),
    ("es", "¿Puedo beber si tomo insulina?", Intent.QUESTION, "medical"),
    ("es", "Sé dónde viven.", Intent.COMPLAINT, "threat"),
    ("es", "Tengo 16 años, ¿puedo entrar?", Intent.QUESTION, "minors"),
    ("es", "Muchas gracias por todo, ¡buenísimo!", Intent.PRAISE, None),
    ("ja", "水曜日は営業していますか？", Intent.QUESTION, None),
    ("ja", "学生ランチセットはいくらですか？", Intent.QUESTION, None),
    ("ja", "駐車場はありますか？", Intent.QUESTION, "unknown"),
    ("ja", "返金してください。", Intent.REFUND, "refund"),
    ("ja", "弁護士に相談します。", Intent.COMPLAINT, "legal"),
    ("ja", "卵アレルギーですが食べられますか？", Intent.QUESTION, "safety"),
    ("ja", "薬を飲んでいますが大丈夫ですか？", Intent.QUESTION, "medical"),
    ("ja", "店を燃やしてやる。", Intent.COMPLAINT, "threat"),
    ("ja", "娘は10歳です。子どもだけで行けますか？", Intent.QUESTION, "minors"),
    ("ja", "とてもおいしかったです。また行きます。", Intent.PRAISE, None),
]


@pytest.mark.parametrize(("language", "message", "intent", "reason"), MESSAGES)
def test_a_message_is_understood_and_answered_in_its_language(
    language: str, message: str, intent: Intent, reason: str | None
):
    brief = brief_of(ONE_EACH[language])

    reply = answer(
        brief,
        ReplyTask(
            language=language,
            customer_message=message,
            channel=None,
            thread=[],
            today=date(2026, 11, 28),
            weekday=Weekday.SATURDAY,
            time=None,
        ),
    )

    assert isinstance(reply, ReplyCopy)
    reasons: dict[str, str] = {**load_phrases(language).replies.reasons}
    assert (reply.intent, reply.needs_human) == (intent, reason is not None)
    assert reply.needs_human_reason == (reasons[reason] if reason else None)
    assert reply.language == language
    assert is_in_language(reply.reply, language)
    conversation = Conversation(
        customer_message=message,
        customer_before=(),
        opens=True,
        channel=None,
        last_customer_message_at=None,
        today=date(2026, 11, 28),
    )
    found = broken_by_reply(reply, conversation, brief)
    assert blocking(found) == []


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.stem)
def test_a_message_in_a_language_that_is_not_read_is_handed_over_in_publishable_words(path: Path):
    brief = load_fixture(path)
    message = "Dobrý den, kolik u vás stojí malá káva s mlékem a kdy máte otevřeno?"

    reply = answer(
        brief,
        ReplyTask(
            language=brief.business.language,
            customer_message=message,
            channel=None,
            thread=[],
            today=date(2026, 11, 28),
            weekday=Weekday.SATURDAY,
            time=None,
        ),
    )

    assert isinstance(reply, ReplyCopy)
    assert reply.needs_human
    assert reply.needs_human_reason
    conversation = Conversation(
        customer_message=message,
        customer_before=(),
        opens=True,
        channel=None,
        last_customer_message_at=None,
        today=date(2026, 11, 28),
    )
    assert blocking(broken_by_reply(reply, conversation, brief)) == []
