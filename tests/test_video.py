"""Video scripts through the service: only broken parts are requested again, uncertain matters are flagged."""

import json

import pytest
from pydantic import JsonValue

from ai_service import AIGenerationError, AIService, Brief, BusinessContext, VideoScript
from models.filming import Take, filmable
from models.video import VideoCopy
from tests import serving
from tests.provider.received import ReceivedRequest, value_at
from tests.serving import Shop, as_answer, told

server, stored, no_environment = serving.server, serving.stored, serving.no_environment
shop, ai = serving.shop, serving.ai

HOOK, CTA = "Pourquoi cette pâte dort-elle ?", "Passez nous voir."
BODY = " ".join(["Elle repose pendant que nous rangeons le fournil."] * 9)
SHOTS: list[JsonValue] = ["La pâte dans sa corbeille.", "Les mains qui farinent.", "La vitrine au petit matin."]
GOOD: dict[str, JsonValue] = {"hook": HOOK, "body": BODY, "cta": CTA, "shots": SHOTS}
"""Half a minute of French."""
LONG_HOOK = "Pourquoi est-ce que cette pâte dort toute la nuit dans sa petite corbeille ?"


async def script(shop: Shop, ai: AIService, duration_s: int = 30) -> VideoScript:
    return (await ai.generate_video_script(shop.business_id, shop.campaign_id, 3, duration_s)).output


def asked_for(request: ReceivedRequest) -> list[str]:
    properties = value_at(request.schema, "properties")
    assert isinstance(properties, dict)
    return list(properties)


async def test_a_script_says_how_long_its_parts_take(shop: Shop, ai: AIService) -> None:
    shop.server.script(as_answer(GOOD))

    written = await script(shop, ai)

    assert written.seconds.total == pytest.approx(30, rel=0.15)
    assert written.seconds.hook == 1.4
    assert written.seconds.total == pytest.approx(
        written.seconds.hook + written.seconds.body + written.seconds.cta, 0.01
    )
    assert {quality.name: quality.passed for quality in written.quality if quality.name.startswith("v.")} == {
        "v.hook": True,
        "v.length": True,
    }
    assert (written.shots, written.on_screen, written.flags) == (SHOTS, None, [])


async def test_a_hook_of_more_than_three_seconds_is_asked_for_alone(shop: Shop, ai: AIService) -> None:
    shop.server.script(as_answer({**GOOD, "hook": LONG_HOOK}), as_answer({"hook": HOOK}))

    written = await script(shop, ai)

    first, second = shop.server.requests
    assert asked_for(first) == ["hook", "body", "cta", "shots"]
    assert asked_for(second) == ["hook"]
    assert second.strict
    rewrite = value_at(second.document, "task", "rewrite", 0)
    assert value_at(rewrite, "text") == LONG_HOOK
    assert "at most 3.0 s: shorten it to 8 words" in str(value_at(rewrite, "reason"))
    assert value_at(second.document, "task", "kept", "body") == BODY
    assert (written.hook, written.body) == (HOOK, BODY)


@pytest.mark.parametrize(
    ("body", "change"), [("Elle repose.", "lengthen"), (BODY * 2, "shorten")], ids=["too short", "too long"]
)
async def test_a_body_of_the_wrong_length_is_asked_for_alone(shop: Shop, ai: AIService, body: str, change: str) -> None:
    shop.server.script(as_answer({**GOOD, "body": body}), as_answer({"body": BODY}))

    written = await script(shop, ai)

    assert asked_for(shop.server.requests[1]) == ["body"]
    assert f"asked are 30 s: {change} it by about" in str(
        value_at(shop.server.requests[1].document, "task", "rewrite", 0, "reason")
    )
    assert written.body == BODY


async def test_a_promise_in_one_shot_asks_for_the_shots_alone(shop: Shop, ai: AIService) -> None:
    shop.server.script(as_answer({**GOOD, "shots": ["La pâte.", "Une affiche : -50 %"]}), as_answer({"shots": SHOTS}))

    written = await script(shop, ai)

    assert asked_for(shop.server.requests[1]) == ["shots"]
    assert written.shots == SHOTS


async def test_several_broken_parts_are_asked_for_together(shop: Shop, ai: AIService) -> None:
    shop.server.script(
        as_answer({**GOOD, "hook": LONG_HOOK, "cta": "Tapez PAIN50 !"}), as_answer({"hook": HOOK, "cta": CTA})
    )

    written = await script(shop, ai)

    assert asked_for(shop.server.requests[1]) == ["hook", "cta"]
    assert (written.hook, written.cta) == (HOOK, CTA)


async def test_a_script_that_stays_too_long_fails_after_the_last_attempt(shop: Shop, ai: AIService) -> None:
    shop.server.script(as_answer({**GOOD, "body": BODY * 3}), as_answer({"body": BODY * 3}))

    with pytest.raises(AIGenerationError, match="asked are 30 s") as caught:
        await script(shop, ai)

    assert (caught.value.reason, len(shop.server.requests)) == ("invalid_output", 3)


async def test_soft_violations_are_flagged_without_another_request(shop: Shop, ai: AIService) -> None:
    shop.server.script(
        as_answer({**GOOD, "cta": "Réservez et abonnez-vous.", "shots": ["Un drone au-dessus du toit.", "La porte."]})
    )

    written = await script(shop, ai)

    assert len(shop.server.requests) == 1
    assert [(flag.rule_id, flag.path) for flag in written.flags] == [
        ("video.cta", "cta"),
        ("video.filmable", "shots.0"),
    ]


async def test_a_material_connection_is_labelled_on_screen_by_code(shop: Shop) -> None:
    shop.server.script(as_answer(GOOD))

    async with AIService(shop.settings(), context_source=told({"material_connection": "Farine offerte"})) as ai:
        written = await script(shop, ai)

    assert written.on_screen == "Publicité"
    assert written.flags == []


async def test_a_script_is_read_back_as_it_was_returned(shop: Shop, ai: AIService) -> None:
    shop.server.script(as_answer(GOOD))

    written = await script(shop, ai)
    saved = await ai.newest_content(shop.business_id, shop.campaign_id, 3, feature="video")

    assert VideoScript.model_validate(saved.output) == written
    assert json.loads(json.dumps(saved.output))["seconds"]["total"] == written.seconds.total


def test_a_language_without_spaces_is_timed_by_its_characters() -> None:
    copy = VideoCopy(hook="この生地はなぜ眠るのか", body="あ" * 130, cta="見に来てください", shots=["生地。", "店先。"])
    business = BusinessContext(name="麺", industry="ramen", tone="calm", languages=["ja"])

    written = filmable(
        copy,
        Take(language="ja", duration_s=27, theme="生地"),
        Brief(business=business),
        found=[],
    )

    assert written.seconds.hook == 2.0
    assert written.seconds.total == 27.5
