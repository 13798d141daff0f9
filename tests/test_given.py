"""What web forms, nullable columns and people send: blank text is absence, and names are read in any case."""

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from ai_service import Brief, ContentState, Feature, InvalidRequest, Network
from models.brief import BusinessContext, CampaignContext, Weekday
from models.choices import Choice
from tests import serving
from tests.serving import Shop

server, stored, no_environment = serving.server, serving.stored, serving.no_environment
shop = serving.shop

BUSINESS: dict[str, object] = {"name": "Weir Lane Pottery", "industry": "pottery studio", "tone": "plain"}
OFFER: dict[str, object] = {"text": "Mug"}
BLANK = ["", "  \n", "\u200b\u2060", "\u3164", None]


def business(**changes: object) -> BusinessContext:
    return BusinessContext.model_validate({**BUSINESS, "languages": ["en"], **changes})


@pytest.mark.parametrize("blank", BLANK)
def test_a_blank_field_of_a_brief_counts_as_left_out(blank: str | None) -> None:
    fields = {name: blank for name, field in BusinessContext.model_fields.items() if not field.is_required()}
    campaign = dict.fromkeys(CampaignContext.model_fields, blank)

    brief = Brief.model_validate({"business": {**BUSINESS, "languages": ["en"], **fields}, "campaign": campaign})

    assert brief == Brief(business=business())


@pytest.mark.parametrize("field", ["percent_off", "price", "currency", "code", "valid_from", "valid_until"])
def test_a_blank_field_of_an_offer_counts_as_left_out(field: str) -> None:
    (offer,) = business(offers=[{**OFFER, field: " "}]).offers

    assert offer == business(offers=[OFFER]).offers[0]


def test_a_blank_entry_of_a_list_counts_as_left_out() -> None:
    assert business(facts=["", "Open daily", " "], languages=["", "en"]) == business(facts=["Open daily"])


FOLDED: list[tuple[dict[str, object], dict[str, object]]] = [
    ({"languages": ["EN"]}, {"languages": ["en"]}),
    ({"languages": ["en_us", "zh-hant-tw", "es_419"]}, {"languages": ["en-US", "zh-Hant-TW", "es-419"]}),
    ({"languages": ["fra", "iw", "en-uk"]}, {"languages": ["fr", "he", "en-GB"]}),
    ({"languages": ["haw", "tlh"]}, {"languages": ["haw", "tlh"]}),
    ({"country": "fr"}, {"country": "FR"}),
    ({"country": "uk"}, {"country": "GB"}),
    ({"country": "DEU"}, {"country": "DE"}),
    ({"country": "XK"}, {"country": "XK"}),
    ({"subdivision": "by"}, {"subdivision": "BY"}),
    ({"time_zone": "america/new york"}, {"time_zone": "America/New_York"}),
    ({"networks": ["Instagram", "twitter", "Google Business"]}, {"networks": ["instagram", "x", "google_business"]}),
    ({"networks": ["Google-Business-Profile", "LinkedIn"]}, {"networks": ["google_business", "linkedin"]}),
    ({"closed_days": ["Monday", "SUNDAY"]}, {"closed_days": [Weekday.MONDAY, Weekday.SUNDAY]}),
    ({"links": ["HTTPS://weir.example/Mugs"]}, {"links": ["https://weir.example/Mugs"]}),
    (
        {"offers": [{**OFFER, "price": "7,20", "currency": "eur"}]},
        {"offers": [{**OFFER, "price": Decimal("7.20"), "currency": "EUR"}]},
    ),
]


def test_names_and_codes_are_read_in_any_case() -> None:
    assert [given for given, meant in FOLDED if business(**given) != business(**meant)] == []


@pytest.mark.parametrize("choice", [Network, Feature, ContentState, Weekday])
def test_what_is_near_to_a_name_but_not_it_is_no_name(choice: type[Choice]) -> None:
    for wrong in ("", " ", "insta gramm", "vide", 5, None):
        with pytest.raises(ValueError, match="is not a valid"):
            choice(wrong)


async def test_blank_optional_arguments_count_as_left_out(shop: Shop) -> None:
    blank: dict[str, Any] = {"user_id": "", "idempotency_key": " "}
    ids = shop.business_id, shop.campaign_id

    async with shop.open(model="sandbox", image_model="sandbox") as ai:
        results = [
            await ai.generate_strategy(*ids, **blank),
            await ai.generate_content(*ids, 3, "", networks=None, **blank),
            await ai.generate_video_script(*ids, 3, None, **blank),  # pyright: ignore[reportArgumentType] - a host's null
            await ai.generate_image(*ids, 3, aspect_ratio="", **blank),  # pyright: ignore[reportArgumentType] - as above
            await ai.suggest_reply(
                shop.business_id, "Bonjour", campaign_id="", customer_id="", channel="", thread=None, **blank
            ),
        ]
        costs = await ai.costs(business_id="", since=None)

    rows = [result.attempts[-1] for result in results]
    assert {(row.user_id, row.idempotency_key, row.customer_id) for row in rows} == {(None, None, None)}
    assert rows[-1].campaign_id is None
    assert sum(line.requests for line in costs) > len(results)


async def test_names_in_arguments_are_read_in_any_case(shop: Shop) -> None:
    ids = shop.business_id, shop.campaign_id

    async with shop.open(model="sandbox", image_model="sandbox") as ai:
        post = (await ai.generate_content(*ids, 3, "reel", networks=["Facebook", "Twitter"])).output
        image = (await ai.generate_image(*ids, 3, aspect_ratio="4 : 5")).output  # pyright: ignore[reportArgumentType] - any text
        await ai.suggest_reply(shop.business_id, "Bonjour", channel="Instagram DM")
        costs = await ai.costs("Feature")  # pyright: ignore[reportArgumentType] - as above

    assert [post.network, *(variant.network for variant in post.variants)] == [Network.FACEBOOK, Network.X]
    assert image.width * 5 == image.height * 4
    assert {line.key for line in costs} >= {"content", "image"}


# Any: arguments of every type, most of them wrong
WRONG: list[tuple[dict[str, Any], str, str, str]] = [
    ({"day": True}, "day", "a truth value does not belong here", "pass what the field takes"),
    ({"day": 1.5}, "day", "fractional part, got 1.5", "write a whole number"),
    ({"user_id": "u\0"}, "user_id", "holds a NUL character", "remove it"),
    ({"idempotency_key": "order-7\0"}, "idempotency_key", "holds a NUL character", "remove it"),
    ({"networks": 5}, "networks", "should be a valid list, got 5", "pass a list"),
    ({"networks": "instagram"}, "networks", "should be a valid list, got 'instagram'", "pass a list"),
    ({"networks": ["instagram"] * 2}, "networks", "a network is repeated", "name each once"),
    ({"networks": (1 // 0 for _ in "x")}, "networks.0", "ZeroDivisionError", "pass a list"),
    ({"content_type": ["Reel"]}, "content_type", "should be 'Reel'", "use one of the values named"),
]


async def test_a_wrong_argument_is_an_error_that_names_it(shop: Shop) -> None:
    failed: list[object] = []
    async with shop.open() as ai:
        for given, field, message, fix in WRONG:
            arguments: dict[str, Any] = {"business_id": "b", "campaign_id": "c", "day": 1, **given}
            with pytest.raises(InvalidRequest) as caught:
                await ai.generate_content(**arguments)
            (problem,) = caught.value.problems
            if (problem.field, problem.fix) != (field, fix) or message not in problem.message:
                failed.append((given, problem))

    assert failed == []


async def test_a_brief_is_added_from_its_fields(shop: Shop) -> None:
    async with shop.open() as ai:
        ids = await ai.add_brief({"business": {**BUSINESS, "languages": ["EN"]}, "campaign": None})
        with pytest.raises(InvalidRequest) as caught:
            await ai.add_brief({"business": {**BUSINESS, "langauges": ["en"], "links": ["weir"]}, "goal": "visits"})

        assert ids.business_id
    assert [(problem.field, problem.fix) for problem in caught.value.problems] == [
        ("business.languages", "add it"),
        ("business.links.0", "write the whole address, e.g. https://levain.example"),
        ("business.langauges", "write languages, or remove it"),
        ("goal", "move it to campaign"),
    ]


async def test_a_moment_without_a_time_zone_is_refused_with_the_way_to_write_it(shop: Shop) -> None:
    async with shop.open() as ai:
        with pytest.raises(InvalidRequest, match=r"since: .*add a time zone, e\.g\. datetime\("):
            await ai.costs(since=datetime(2026, 11, 1))
