"""A calendar is requested in concurrent slices, and repaired by one more question for the days that need it."""

import asyncio

import pytest

from ai_service import AIGenerationError, AIResult, AIService, CampaignStrategy, InvalidRequest
from models.brief import Brief
from models.calendar_quality import distinct_2, near_duplicates
from tests import serving
from tests.provider.reactions import Answer, Held, HttpError, Reaction, Sampled
from tests.provider.received import ReceivedRequest, value_at
from tests.serving import BRIEF, THEMES, Shop, as_answer, asked_days, planned, themes

server, stored, no_environment = serving.server, serving.stored, serving.no_environment
shop, ai = serving.shop, serving.ai

ALL_ASKED = 6
"""One question for the pillars and one for each of five slices."""


async def test_asks_pillars_first_and_then_all_slices_side_by_side(shop: Shop, ai: AIService) -> None:
    everybody_there = asyncio.Event()

    def answer(request: ReceivedRequest) -> Reaction:
        if request.number + 1 == ALL_ASKED:
            everybody_there.set()
        return planned(request) if request.number == 0 else Held(planned(request), until=everybody_there)

    shop.server.script(answer)
    result = await ai.generate_strategy(shop.business_id, shop.campaign_id)

    asked = [asked_days(request) for request in shop.server.requests]
    assert asked[0] == []
    assert sorted(asked[1:]) == [list(range(start, start + 6)) for start in range(1, 31, 6)]
    assert shop.server.max_in_flight == 5
    assert [(row.question, row.attempt, row.status) for row in result.attempts] == [(n, 1, "ok") for n in range(6)]
    assert {day.day: day.theme for day in result.output.calendar} == THEMES


async def test_days_that_cannot_be_had_leave_the_others_standing(shop: Shop, ai: AIService) -> None:
    shop.server.script(lambda request: HttpError(401) if 13 in asked_days(request) else planned(request))

    async def ask() -> AIResult[CampaignStrategy]:
        return await ai.generate_strategy(shop.business_id, shop.campaign_id, idempotency_key="a month")

    result = await ask()
    again = await ask()

    assert [day.day for day in result.output.calendar] == [*range(1, 13), *range(19, 31)]
    assert [(lost.part, lost.reason) for lost in result.failed] == [
        (f"days.{day}", "rejected") for day in range(13, 19)
    ]
    assert "HTTP 401" in result.failed[0].detail
    assert len(shop.server.requests) == ALL_ASKED
    assert (again.output, again.failed, again.replayed) == (result.output, result.failed, True)
    shop.server.script(Sampled())
    assert (await ai.generate_content(shop.business_id, shop.campaign_id, 30)).output
    with pytest.raises(InvalidRequest, match="no theme for day 13"):
        await ai.generate_content(shop.business_id, shop.campaign_id, 13)


async def test_less_than_half_of_a_calendar_is_none(shop: Shop, ai: AIService) -> None:
    """The error is that of the first days, not of the request sent last."""

    def answer(request: ReceivedRequest) -> Reaction:
        days = asked_days(request)
        return planned(request) if not days or 19 in days or 25 in days else HttpError(403 if 1 in days else 400)

    shop.server.script(answer)
    with pytest.raises(AIGenerationError) as caught:
        await ai.generate_strategy(shop.business_id, shop.campaign_id)

    assert (caught.value.reason, caught.value.retryable) == ("rejected", False)
    assert sorted(row.status for row in await ai.attempts(caught.value.request_id)) == ["ok"] * 3 + ["rejected"] * 3


async def test_of_more_days_than_asked_those_asked_for_are_taken(shop: Shop, ai: AIService) -> None:
    every_day = as_answer({"days": [{"day": day, "theme": theme} for day, theme in THEMES.items()]})
    shop.server.script(lambda request: every_day if asked_days(request) else planned(request))

    result = await ai.generate_strategy(shop.business_id, shop.campaign_id)

    assert {day.day: day.theme for day in result.output.calendar} == THEMES
    assert [(row.status, row.repairs) for row in result.attempts[1:]] == [("ok", ["days corrected"])] * 5


@pytest.mark.parametrize("left_out", ["never answered", "two themes"])
async def test_days_left_out_are_asked_for_alone(shop: Shop, ai: AIService, left_out: str) -> None:
    def answer(request: ReceivedRequest) -> Answer:
        days = asked_days(request)
        given = [(day, THEMES[day]) for day in days if day != 6 or len(days) == 1]
        given += [(6, "Une miche"), (6, "Deux brioches")] * (left_out == "two themes" and 6 in days and len(days) > 1)
        return as_answer({"days": [{"day": day, "theme": theme} for day, theme in given]}) if days else planned(request)

    shop.server.script(answer)
    result = await ai.generate_strategy(shop.business_id, shop.campaign_id)

    assert [asked_days(request) for request in shop.server.requests[ALL_ASKED:]] == [[6]]
    assert {day.day: day.theme for day in result.output.calendar} == THEMES
    assert {row.status for row in result.attempts} == {"ok"}


async def test_near_duplicates_are_repaired_by_one_more_question_for_those_days(shop: Shop, ai: AIService) -> None:
    copies = {f"day_{day}": THEMES[2] for day in (5, 17, 29)}

    def answer(request: ReceivedRequest) -> Answer:
        return planned(request) if request.number in (0, ALL_ASKED) else themes(request, **copies)

    shop.server.script(answer)
    result = await ai.generate_strategy(shop.business_id, shop.campaign_id)

    mending = shop.server.requests[ALL_ASKED]
    assert len(shop.server.requests) == ALL_ASKED + 1
    assert asked_days(mending) == [5, 17, 29]
    assert value_at(mending.document, "task", "avoid") == [
        theme for day, theme in THEMES.items() if day not in (5, 17, 29)
    ]
    assert {day.day: day.theme for day in result.output.calendar} == THEMES
    assert [(q.name, q.passed) for q in result.output.quality if q.severity == "hard"] == [("c.dup", True)]


async def test_an_illegal_theme_is_asked_again_and_a_doubtful_one_is_flagged(shop: Shop, ai: AIService) -> None:
    forbidden, doubtful = "Notre pain guérit le diabète", "La promesse : nos clients adorent la miche"

    def answer(request: ReceivedRequest) -> Answer:
        if request.number == ALL_ASKED:
            return themes(request)
        return themes(request, day_5=forbidden, day_7=doubtful) if request.number else planned(request)

    shop.server.script(answer)
    result = await ai.generate_strategy(shop.business_id, shop.campaign_id)

    assert asked_days(shop.server.requests[ALL_ASKED]) == [5]
    (flag,) = result.output.flags
    assert (flag.rule_id, flag.severity, flag.path) == ("law.testimonial", "soft", "calendar.6.theme")
    assert flag.span is not None
    assert result.output.calendar[6].theme[slice(*flag.span)] in doubtful


async def test_a_single_repeat_is_accepted(shop: Shop, ai: AIService) -> None:
    shop.server.script(lambda request: themes(request, day_5=THEMES[2]) if request.number else planned(request))

    result = await ai.generate_strategy(shop.business_id, shop.campaign_id)

    assert len(shop.server.requests) == ALL_ASKED
    assert result.output.calendar[4].theme == THEMES[2]


@pytest.mark.parametrize(
    "theme",
    ["Tout à -50 % ce matin", "Une brioche pour 3 €", "Rendez-vous sur evil.example", "Un pain bio comme jamais"],
)
async def test_a_theme_that_cannot_be_published_is_asked_again_alone(shop: Shop, ai: AIService, theme: str) -> None:
    def answer(request: ReceivedRequest) -> Answer:
        return planned(request) if request.number in (0, ALL_ASKED) else themes(request, day_9=theme)

    shop.server.script(answer)
    result = await ai.generate_strategy(shop.business_id, shop.campaign_id)

    assert [asked_days(request) for request in shop.server.requests[ALL_ASKED:]] == [[9]]
    assert result.output.calendar[8].theme == THEMES[9]


async def test_each_time_only_the_days_that_are_still_wrong_are_asked_for(shop: Shop, ai: AIService) -> None:
    def answer(request: ReceivedRequest) -> Answer:
        match request.number:
            case 0:
                return planned(request)
            case 6:  # the mended day repeats one that is kept
                return themes(request, day_9=THEMES[1], day_10="Encore sur evil.example")
            case _:
                return themes(request, day_9="Voir evil.example", day_10="Voir aussi evil.example")

    shop.server.script(answer)
    result = await ai.generate_strategy(shop.business_id, shop.campaign_id)

    mending = shop.server.requests[ALL_ASKED:]
    assert [asked_days(request) for request in mending] == [[9, 10], [9, 10], [9, 10]]
    first, second = (value_at(request.document, "task", "rewrite") for request in mending[:2])
    assert "link 'evil.example' is not in the brief" in str(value_at(first, 0, "reason"))
    assert str(value_at(second, 0, "reason")).startswith(f"nearly the same as {THEMES[1]!r}: write a different one")
    assert [row.status for row in result.attempts[ALL_ASKED:]] == ["invalid_output"] * 3
    assert [(lost.part, lost.reason) for lost in result.failed] == [("days.10", "invalid_output")]
    assert "day 10: link 'evil.example' is not in the brief" in result.failed[0].detail
    assert result.output.calendar[8].theme == THEMES[1]


async def test_a_near_duplicate_that_cannot_be_mended_is_kept_and_flagged(shop: Shop, ai: AIService) -> None:
    copies = {f"day_{day}": THEMES[2] for day in (5, 17, 29)}
    shop.server.script(lambda request: themes(request, **copies) if asked_days(request) else planned(request))

    result = await ai.generate_strategy(shop.business_id, shop.campaign_id)

    assert len(result.output.calendar) == 30
    assert result.failed == ()
    flags = [flag for flag in result.output.flags if flag.rule_id == "calendar.repeat"]
    assert [(flag.path, flag.severity) for flag in flags] == [(f"calendar.{n}.theme", "soft") for n in (4, 16, 28)]
    assert THEMES[2] in flags[0].message
    assert [(q.value, q.passed) for q in result.output.quality if q.name == "c.dup"] == [(3, False)]


async def test_all_days_are_asked_again_where_none_can_be_kept(shop: Shop, ai: AIService) -> None:
    wrong = {f"day_{day}": f"evil.example, {theme}" for day, theme in THEMES.items()}
    shop.server.script(
        lambda request: planned(request) if request.number in (0, ALL_ASKED) else themes(request, **wrong)
    )

    result = await ai.generate_strategy(shop.business_id, shop.campaign_id)

    assert asked_days(shop.server.requests[ALL_ASKED]) == list(THEMES)
    assert {day.day: day.theme for day in result.output.calendar} == THEMES


async def test_other_days_than_asked_are_asked_again(shop: Shop, ai: AIService) -> None:
    def answer(request: ReceivedRequest) -> Answer:
        wrong_days = Answer('{"days": [{"day": 30, "theme": "hors de propos"}]}')
        return wrong_days if request.number == 1 else planned(request)

    shop.server.script(answer)
    result = await ai.generate_strategy(shop.business_id, shop.campaign_id)

    (failed,) = [row for row in result.attempts if row.status == "invalid_output"]
    assert "none of the days 1, 2, 3, 4, 5, 6 has one theme" in (failed.error or "")


@pytest.mark.parametrize(
    ("pillars", "reason"),
    [
        (["Pain", "pain", "Four", "Moulin"], "pillars: two have the same name"),
        (["Pain", "www.evil.example", "Four", "Moulin"], "pillars.1.name: link 'evil.example' is not in the brief"),
    ],
)
async def test_pillars_are_asked_again(shop: Shop, ai: AIService, pillars: list[str], reason: str) -> None:
    named = serving.as_answer({"pillars": [{"name": name, "description": "x"} for name in pillars]})
    shop.server.script(named, planned)

    result = await ai.generate_strategy(shop.business_id, shop.campaign_id)

    assert [row.status for row in result.attempts[:2]] == ["invalid_output", "ok"]
    assert reason in (result.attempts[0].error or "")


async def test_offers_dates_and_calls_to_action_come_from_code_whatever_the_model_writes(
    shop: Shop, ai: AIService
) -> None:
    shop.server.script(planned)

    strategy = (await ai.generate_strategy(shop.business_id, shop.campaign_id)).output

    assert strategy.campaign_id == shop.campaign_id
    assert [day.day for day in strategy.calendar] == list(range(1, 31))
    assert {day.offer for day in strategy.calendar if day.is_promo} == {"Brioche au potiron", "Galette"}
    assert {day.call_to_action for day in strategy.calendar} == {None, "Passez nous voir"}
    assert await ai.get_strategy(shop.business_id, shop.campaign_id) == strategy


async def test_a_theme_may_name_the_offer_of_its_day(shop: Shop, ai: AIService) -> None:
    ids = await ai.add_brief(Brief(business=BRIEF.business.model_copy(update={"facts": []}), campaign=BRIEF.campaign))
    first = await ai.get_strategy(shop.business_id, shop.campaign_id)
    promo = next(day.day for day in first.calendar if day.offer == "Galette")
    text = f"{THEMES[promo]} : la galette à 12,50 € avec NOEL5"
    shop.server.script(
        lambda request: themes(request, **{f"day_{promo}": text}) if request.number else planned(request)
    )

    result = await ai.generate_strategy(ids.business_id, ids.campaign_id)

    assert result.output.calendar[promo - 1].theme == text
    assert len(shop.server.requests) == ALL_ASKED


async def test_an_unscripted_provider_repeats_itself_and_is_refused(shop: Shop, ai: AIService) -> None:
    shop.server.script(planned, Sampled())

    with pytest.raises(AIGenerationError, match="invalid_output"):
        await ai.generate_strategy(shop.business_id, shop.campaign_id)


def test_scripts_without_spaces_are_compared_by_characters() -> None:
    themes = ["朝の焼きたてパン", "夜の静かな仕込み", "朝の焼きたてパン!"]

    assert near_duplicates(themes, brand="麦屋") == [2]
    assert distinct_2(themes[:2]) == 1
    assert distinct_2([]) == 1
