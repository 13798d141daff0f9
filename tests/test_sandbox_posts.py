"""The sandbox's posts and video scripts: on the theme, from the brief, in its tone."""

import re
from datetime import date
from pathlib import Path

import pytest

from agents.sandbox.document import read_document
from agents.sandbox.phrases import load_phrases
from agents.sandbox.wording import capitalised
from agents.sandbox.writers import write
from deps.content import PostTask
from deps.image import ImageTask
from deps.tasks import DayTask
from deps.video import VideoTask
from models.brief import Brief, CampaignContext, KeyDate
from models.content import PostCopy
from models.rules.speech import spoken_seconds, words_for
from models.strategy import ThemeSlice
from models.video import VideoCopy
from models.vocabulary import ContentType, Role
from tests.sandbox_parts import (
    BAKERY,
    DENTIST,
    FIXTURES,
    ask,
    calendar,
    changed,
    day_task,
    document,
    load_fixture,
    minimal,
    planned,
    theme_task,
)

NUMBER = re.compile(r"\d+")
LINK = re.compile(r"https?://\S+")
EMOJI = re.compile("[\U0001f300-\U0001faff☀-➿]")
FROM_A_HOST = "Un conte d’hiver au fournil"


async def post(brief: Brief, day: DayTask) -> PostCopy:
    return await ask(brief, PostTask(language=brief.business.language, day=day), PostCopy)


async def video(brief: Brief, day: DayTask, seconds: int) -> VideoCopy:
    task = VideoTask(
        language=brief.business.language,
        day=day,
        duration_s=seconds,
        length=words_for(seconds, brief.business.language),
        length_unit="words",
        hook_length=8,
    )
    return await ask(brief, task, VideoCopy)


async def days_of(brief: Brief) -> list[DayTask]:
    themes = await calendar(brief)
    return [
        DayTask(
            **day.model_dump(exclude={"angle", "angle_hint"}),
            theme=theme,
            call_to_action=brief.campaign.call_to_action if day.role in (Role.OFFER, Role.LAUNCH) else None,
        )
        for day, theme in zip(planned(brief), themes, strict=True)
    ]


async def on_key_date(brief: Brief, name: str) -> DayTask:
    day = planned(brief)[7].model_copy(update={"key_date": name, "offer": None, "role": Role.COMMUNITY})
    theme = (await ask(brief, theme_task(brief, [day]), ThemeSlice)).days[0].theme
    return DayTask(**day.model_dump(exclude={"angle", "angle_hint"}), theme=theme, call_to_action=None)


def said(script: VideoCopy) -> str:
    return f"{script.hook} {script.body} {script.cta}"


def count(text: str) -> int:
    return sum(any(map(str.isalnum, word)) for word in text.split())


@pytest.mark.parametrize("brief", [BAKERY, DENTIST], ids=["french", "english"])
async def test_every_number_and_link_comes_from_the_document(brief: Brief):
    for day in await days_of(brief):
        task = PostTask(language=brief.business.language, day=day)
        known = document(brief, task)
        answer = await ask(brief, task, PostCopy)

        text = "\n".join([answer.caption, answer.script, *answer.hashtags])
        assert [number for number in NUMBER.findall(text) if number not in known] == []
        assert [link for link in LINK.findall(text) if link not in brief.business.links] == []


async def test_a_post_begins_with_its_theme_and_ends_with_the_call_to_action():
    day = (await days_of(BAKERY))[3]

    answer = await post(BAKERY, day)

    assert answer.caption.startswith(day.theme)
    assert answer.caption.rstrip().endswith("Passez nous voir\u00a0!")
    assert answer.caption.count("Passez nous voir") == 1


async def test_a_post_of_an_offer_day_holds_the_offer_and_its_particulars():
    day = day_task("Parfait pour le goûter", role=Role.OFFER, sells=True)

    answer = await post(BAKERY, day)

    assert "Brioche au potiron – 10 % de remise, jusqu’au 31 décembre 2026." in answer.caption


async def test_particulars_that_the_offer_names_itself_are_not_said_twice():
    offer = {
        "text": "Whitening for 199 USD until 31 January 2027, 20% off, code GLOW.",
        "price": 199,
        "currency": "USD",
        "percent_off": 20,
        "code": "GLOW",
        "valid_until": "2027-01-31",
    }
    brief = changed(DENTIST, offers=[offer])
    day = day_task("An offer", brief=brief, role=Role.OFFER, sells=True)

    answer = await post(brief, day)

    assert answer.caption.count("199") == answer.caption.count("GLOW") == answer.caption.count("January") == 1


async def test_price_and_code_follow_an_offer_that_ends_its_sentence():
    brief = changed(DENTIST, offers=[{"text": "A spring check.", "price": 89, "currency": "EUR", "code": "CHECK"}])
    day = day_task("An offer", brief=brief, role=Role.OFFER, sells=True)

    answer = await post(brief, day)

    assert "A spring check. 89 EUR, code CHECK." in answer.caption


async def test_required_phrases_stand_in_the_caption_word_for_word():
    answer = await post(DENTIST, (await days_of(DENTIST))[6])

    assert "Results vary from person to person." in answer.caption


async def test_as_many_required_phrases_as_fit_are_used():
    phrases = [f"Risk warning {chr(97 + number)}: {'capital at risk ' * 17}".strip() for number in range(10)]
    brief = changed(DENTIST, required_phrases=phrases)

    answer = await post(brief, day_task("Fixed or variable?", brief=brief))

    assert len(answer.caption) <= 2200
    assert phrases[0] in answer.caption


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.stem)
async def test_hashtags_are_three_to_five_distinct_words_without_what_is_generic(path: Path):
    brief = load_fixture(path)

    for day in (await days_of(brief))[::7]:
        tags = (await post(brief, day)).hashtags

        assert 3 <= len({tag.casefold() for tag in tags}) == len(tags) <= 5
        assert all(re.fullmatch(r"#\w+", tag) for tag in tags)
        assert not {tag.casefold() for tag in tags} & {"#love", "#instagood", "#reels", "#photooftheday"}


async def test_hashtags_keep_their_accents_and_are_in_camel_case():
    brief = changed(BAKERY, name="Café Été")

    answer = await post(brief, day_task(FROM_A_HOST))

    assert "#CaféÉté" in answer.hashtags


async def test_an_unprintable_name_still_leaves_three_hashtags():
    brief = changed(DENTIST, name="!!", industry="?", audience=None)

    answer = await post(brief, day_task("A theme", brief=brief))

    assert len(answer.hashtags) >= 3


async def test_banned_words_stay_out_of_posts_and_scripts():
    brief = changed(BAKERY, banned_phrases=["pain", "boulangerie"])

    for day in (await days_of(brief))[::5]:
        text = (await post(brief, day)).model_dump_json() + said(await video(brief, day, 50))

        assert not re.search(r"(?<!\w)(pain|boulangerie)", text, re.I)


@pytest.mark.parametrize(
    ("tone", "emoji"),
    [
        ("playful", True),
        ("warm, cheeky", True),
        ("calm", False),
        ("technical", False),
        ("playful, professional", False),
    ],
)
async def test_a_tone_decides_on_emoji(tone: str, emoji: bool):
    brief = changed(DENTIST, tone=tone)

    answer = await post(brief, (await days_of(brief))[6])

    assert bool(EMOJI.search(answer.caption)) is emoji


async def test_a_brief_that_wants_no_emoji_gets_none():
    brief = changed(BAKERY, tone="espiègle, sans emoji")

    answer = await post(brief, (await days_of(brief))[6])

    assert not EMOJI.search(answer.caption)


async def test_three_registers_write_three_captions():
    tones = ("playful", "calm", "technical")
    day = day_task("Which brush is right for you?", day=9)

    captions = {(await post(changed(DENTIST, tone=tone), day)).caption for tone in tones}

    assert len(captions) == 3


async def test_a_theme_of_somebody_else_gets_what_its_role_can_say():
    answer = await post(BAKERY, day_task(FROM_A_HOST, role=Role.COMMUNITY))

    assert FROM_A_HOST in answer.caption
    assert FROM_A_HOST in answer.script


@pytest.mark.parametrize("content_type", ContentType)
async def test_each_format_has_its_own_script(content_type: ContentType):
    answer = await post(BAKERY, day_task(FROM_A_HOST, content_type=content_type))

    others = {(await post(BAKERY, day_task(FROM_A_HOST, content_type=other))).script for other in ContentType}
    assert len(others) == len(ContentType)
    assert answer.script in others


async def test_a_quotation_inside_a_script_has_inner_marks():
    day = day_task("“Plaque”, in plain language", brief=DENTIST)

    script = (await post(DENTIST, day)).script

    assert "“‘Plaque’, in plain language”" in script


async def test_the_words_of_an_angle_stay_with_its_theme():
    brief = minimal(DENTIST)
    tools = load_phrases("en").trades["dentist"].tool
    proof = [day for day in await days_of(brief) if day.role is Role.PROOF]
    named = [(day, tool) for day in proof for tool in tools if tool in day.theme.casefold()]

    for day, tool in named:
        answer = await post(brief, day.model_copy(update={"content_type": ContentType.POST}))
        assert answer.caption.casefold().count(tool) >= 2
    assert named


@pytest.mark.parametrize("seconds", [6, 15, 30, 60, 90, 180])
@pytest.mark.parametrize("brief", [BAKERY, DENTIST], ids=["french", "english"])
async def test_a_script_is_as_long_as_asked_and_says_nothing_twice(brief: Brief, seconds: int):
    for day in (await days_of(brief))[::6]:
        script = await video(brief, day, seconds)

        assert spoken_seconds(said(script), brief.business.language) == pytest.approx(seconds, rel=0.15)
        sentences = re.findall(r"[^.!?:]+[.!?:]", script.body)
        assert len(set(sentences)) == len(sentences)


async def test_a_script_has_a_short_hook_without_greeting_and_one_call_to_action():
    for day in await days_of(BAKERY):
        script = await video(BAKERY, day, 30)

        assert count(script.hook) <= 8
        assert not re.match(r"bonjour|salut|hello", script.hook, re.I)
        assert script.hook not in day.theme
        assert script.cta.rstrip("\u00a0!.") not in script.body


async def test_a_script_of_an_offer_day_speaks_the_offer():
    day = day_task("Une offre", role=Role.OFFER, sells=True, call_to_action="Passez nous voir")

    script = await video(BAKERY, day, 30)

    assert "Brioche au potiron" in script.body
    assert script.cta == "Passez nous voir\u00a0!"


async def test_a_call_to_action_too_long_to_be_spoken_is_replaced():
    day = day_task("A theme", brief=DENTIST, call_to_action="Come and " * 30)

    script = await video(DENTIST, day, 20)

    assert len(script.cta) < 60


@pytest.mark.parametrize(
    ("key_date", "quiet"),
    [
        ("Good Friday", True),
        ("Memorial Day (observed)", True),
        ("Christmas Day", False),
        ("Ten years of Bluebonnet", False),
    ],
)
async def test_a_day_of_mourning_is_quiet_and_any_other_occasion_is_not(key_date: str, quiet: bool):
    brief = changed(DENTIST, tone="playful")
    day = await on_key_date(brief, key_date)

    answer, script = await post(brief, day), await video(brief, day, 20)

    said_of = load_phrases("en").solemn_days if quiet else load_phrases("en").key_dates
    assert script.hook in said_of.hook
    assert answer.caption.split("\n\n")[-2] in [capitalised(ask) for ask in said_of.ask]
    assert bool(EMOJI.search(answer.caption)) is not quiet


@pytest.mark.parametrize(
    ("key_date", "spoken"),
    [
        ("Christmas Day (observed)", "Christmas Day"),
        ("Eid al-Fitr (estimated)", "Eid al-Fitr"),
        ("Winter Fair (in the garden)", "Winter Fair (in the garden)"),
    ],
)
async def test_a_holiday_is_called_by_its_name_and_an_own_date_as_the_brief_has_it(key_date: str, spoken: str):
    own = CampaignContext(key_dates=[KeyDate(day=date(2026, 12, 8), name="Winter Fair (in the garden)")])

    day = await on_key_date(Brief(business=DENTIST.business, campaign=own), key_date)

    assert spoken in day.theme
    assert ("(" in day.theme) is ("(" in spoken)


async def test_an_offer_that_is_over_is_not_sold():
    over = {"text": "Bûche de Noël", "price": 25, "currency": "EUR", "valid_until": "2026-12-07"}
    brief = changed(BAKERY, offers=[over])
    day = day_task(FROM_A_HOST, brief=brief, role=Role.OFFER, sells=True)

    answer, script = await post(brief, day), await video(brief, day, 30)

    assert "Noël" not in answer.caption + said(script)
    assert not any(paragraph.endswith(":") for paragraph in answer.caption.split("\n\n"))


async def test_the_same_day_gives_the_same_post_and_another_brief_another():
    day = day_task(FROM_A_HOST)

    assert await post(BAKERY, day) == await post(BAKERY, day)
    assert await post(BAKERY, day) != await post(changed(BAKERY, facts=["Four à bois"]), day)


def test_a_picture_is_not_written():
    task = ImageTask(language="fr", day=day_task(FROM_A_HOST), aspect_ratio="4:5")
    asked = read_document(document(BAKERY, task), attempt=0)

    with pytest.raises(ValueError, match="image model"):
        write(asked)
